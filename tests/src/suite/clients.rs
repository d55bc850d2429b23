//! Many clients at once: no client gets the answer of another.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::{Client, Request};
use crate::server::{Holder, Kit, ServerUnderTest};

const CLIENTS: usize = 200;
const ROUNDS: usize = 5;

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("200 clients");
    let session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let address = session.running.address();
    let together = Arc::new(Barrier::new(CLIENTS));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        // Every client has a name, an environment and a token of its own. Three in four are not
        // authorized for their request.
        let (subject, environment) = (format!("client-{number}"), format!("E{number}"));
        let holder = |scope: &str, tenant: &str| Holder::new(&subject, &[scope], &[tenant]);
        let (token, status) = match number % 4 {
            0 => (session.tokens.issue(holder("items.read", &environment)), 200),
            1 => (format!("tok_{}", 1_000_000 + number), 401),
            2 => (session.tokens.issue(holder("items.write", &environment)), 403),
            _ => (session.tokens.issue(holder("items.read", "E0")), 403),
        };
        let together = Arc::clone(&together);
        clients.spawn(async move {
            let mut client = Client::new(address);
            together.wait().await;
            let mut faults = Vec::new();
            for round in 0..ROUNDS {
                let target = format!("/v1/environments/{environment}/items/{number}-{round}");
                let answer = client.send(&Request::new("GET", target).token(&token)).await;
                let echoed = answer.json();
                let right = answer.status == status
                    && (status != 200
                        || echoed["subject"] == *subject
                            && echoed["tenant"] == *environment
                            && echoed["parameters"][1][1] == format!("{number}-{round}"));
                if !right {
                    faults.push(format!("{subject}, round {round}: {} {}", answer.status, answer.text()));
                }
            }
            (status, faults)
        });
    }
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    while let Some(client) = clients.join_next().await {
        let (status, faults) = client.expect("a client ends");
        *statuses.entry(status).or_default() += ROUNDS;
        group.cases += ROUNDS;
        group.failures.extend(faults);
    }
    group.equal(statuses, BTreeMap::from([(200, 250), (401, 250), (403, 500)]), "answers by status");
    let mut ran: BTreeMap<String, usize> = BTreeMap::new();
    for seen in session.journal.take() {
        *ran.entry(seen.subject.unwrap_or_default()).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> =
        (0..CLIENTS).step_by(4).map(|number| (format!("client-{number}"), ROUNDS)).collect();
    group.equal(ran, expected, "handlers by caller");
    group
}
