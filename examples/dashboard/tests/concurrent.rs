//! Requests at the same time: limits on the number of objects, unique names, and changes of one
//! object. The server's answers are those of some order of the requests.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeMap;

use common::live::Live;
use common::{Request, Response};
use serde_json::{Value, json};

/// How many requests are sent at the same time.
const REQUESTS: usize = 20;

impl Live {
    /// Sends all bodies at once, and counts the answers by status. Errors must name the field.
    async fn race(&self, requests: Vec<(String, Value)>, field: &str) -> BTreeMap<u16, usize> {
        let responses = self.at_once(self.posts(&requests)).await;
        for response in responses.iter().filter(|response| response.status >= 300) {
            assert!(response.error().starts_with(&format!("`{field}` ")), "{response:?}");
        }
        statuses(&responses)
    }

    fn posts(&self, requests: &[(String, Value)]) -> Vec<Request> {
        requests.iter().map(|(target, body)| self.request("POST", target, Some(body))).collect()
    }

    async fn count(&self, kind: &'static str, parent: Option<&str>) -> u64 {
        self.server.app.store.count_objects(&self.server.seed.live, kind, parent).await.unwrap()
    }
}

/// The number of answers with each status.
fn statuses(responses: &[Response]) -> BTreeMap<u16, usize> {
    let mut statuses = BTreeMap::new();
    for response in responses {
        *statuses.entry(response.status).or_default() += 1;
    }
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_limit_holds_when_many_requests_come_at_once() {
    let mut live = Live::start().await;
    let environment = live.environment.clone();
    let here = |path: &str| format!("{environment}{path}");
    let gate = |at: usize| json!({"name": format!("gate {at}"), "criterion": "emailDomain", "values": ["example.com"]});
    while live.count("gate", None).await < 49 {
        let at = live.count("gate", None).await as usize;
        assert_eq!(live.post("/gates", &gate(at)).await.status, 201);
    }
    let requests = (0..REQUESTS).map(|at| (here("/gates"), gate(100 + at))).collect();
    assert_eq!(live.race(requests, "gates").await, [(201, 1), (409, REQUESTS - 1)].into());
    assert_eq!(live.count("gate", None).await, 50);

    // A limit below one object: the wallets of a user. One request asks for several.
    let user = live.post("/users", &json!({"email": "a@example.com"})).await.json()["user"]["id"].clone();
    let user = user.as_str().unwrap().to_owned();
    let chains = |chains: &[&str]| json!({"userId": user, "chains": chains});
    for _ in 0..12 {
        assert_eq!(live.post("/waas/create", &chains(&["EVM", "SOL", "BTC", "SUI"])).await.status, 201);
    }
    let requests = (0..REQUESTS).map(|_| (here("/waas/create"), chains(&["EVM", "SOL"]))).collect();
    assert_eq!(live.race(requests, "wallets").await, [(201, 1), (409, REQUESTS - 1)].into());
    assert_eq!(live.count("wallet", Some(&user)).await, 50);
    let one = json!({"chain": "EVM", "address": "0x00000000000000000000000000000000000000a1"});
    let refused = live.post(&format!("/users/{user}/wallets"), &one).await;
    assert_eq!(refused.error(), "`wallets` has 50 objects, which is the greatest number");
    // Another user has a limit of its own.
    let other = live.post("/users", &json!({"email": "b@example.com", "wallet": one})).await;
    assert_eq!(other.status, 201, "{other:?}");
    live.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_is_taken_once_when_many_requests_come_at_once() {
    let mut live = Live::start().await;
    let environment = live.environment.clone();
    let here = |path: &str| format!("{environment}{path}");
    let list = live.post("/allowlists", &json!({"name": "n"})).await.json()["id"].as_str().unwrap().to_owned();
    let entries = format!("/allowlists/{list}/entries");
    let wallet =
        |chain: &str, address: &str| json!({"email": "w@example.com", "wallet": {"chain": chain, "address": address}});
    for (target, body, field) in [
        (here("/users"), json!({"email": "same@example.com"}), "email"),
        (here("/gates"), json!({"name": "same", "criterion": "emailDomain", "values": ["example.com"]}), "name"),
        (here("/origins"), json!({"origin": "https://same.example.com"}), "origin"),
        (here("/webhooks"), json!({"url": "https://same.example.com/"}), "url"),
        (here("/globalWallet/settings"), json!({"displayName": "only"}), "globalWallet"),
        (here("/waas/policies"), json!({"rules": [{"chain": "EVM", "action": "deny"}]}), "policy"),
        (here("/test/account"), json!({}), "testAccount"),
        (here("/nameService/base"), json!({"domain": "example.com"}), "chainName"),
        (entries, json!({"value": "same@example.com"}), "value"),
        (here("/users"), wallet("EVM", "0x00000000000000000000000000000000000000a1"), "email"),
    ] {
        let requests = vec![(target.clone(), body); REQUESTS];
        assert_eq!(live.race(requests, field).await, [(201, 1), (409, REQUESTS - 1)].into(), "{target}");
    }
    // Two requests want the same names in another order, so that each could wait for the other.
    let users = |order: [usize; 4]| {
        let users: Vec<_> = order.iter().map(|at| json!({"email": format!("u{at}@example.com")})).collect();
        (here("/users/bulk"), json!({"users": users}))
    };
    let before = live.count("user", None).await;
    let mut requests = vec![users([0, 1, 2, 3]), users([3, 2, 1, 0])];
    requests.extend(requests.clone());
    let responses = live.at_once(live.posts(&requests)).await;
    assert_eq!(statuses(&responses), [(201, 1), (409, 3)].into());
    assert_eq!(live.count("user", None).await, before + 4);
    live.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_object_that_is_deleted_many_times_is_deleted_once() {
    let mut live = Live::start().await;
    for round in 0..5 {
        // Webhooks that hear of each other: each deletion writes a message to all others.
        let mut hooks = Vec::new();
        for at in 0..6 {
            let made = live.post("/webhooks", &json!({"url": format!("https://h{at}.example.com/{round}")})).await;
            hooks.push(made.json()["webhook"]["id"].as_str().unwrap().to_owned());
        }
        let targets = hooks.iter().chain(&hooks).map(|hook| format!("{}/webhooks/{hook}", live.environment));
        let responses = live.at_once(targets.map(|target| live.request("DELETE", &target, None))).await;
        assert_eq!(statuses(&responses), [(204, 6), (404, 6)].into());
    }
    assert_eq!(live.count("message", None).await, 0);
    live.server.stop().await;
}
