//! The attack corpus and the known escalations, as raw bytes: a handler runs only if the token
//! holds the route's scopes and its tenant is the path's tenant. The cases judge by what the
//! handler itself saw.

use super::{Group, Session, is_sound};
use crate::attacks;
use crate::catalogues::{attacked, escalation};
use crate::client::SILENT;
use crate::server::{Holder, Kit, Nesting, ServerUnderTest};

pub(super) async fn corpus<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("attack corpus");
    let mut at_root = Session::start::<T, attacked::api::Scope>(Kit::new::<T>()).await;
    let kit = Kit { mounted_at: Some("/api/v0"), nesting: Nesting::Base, ..Kit::new::<T>() };
    let mut mounted = Session::start::<T, attacked::api::Scope>(kit).await;
    let (mut other_refusals, mut other_readings) = (Vec::new(), Vec::new());
    for attack in attacks::corpus() {
        let session = if attack.base.is_empty() { &mut at_root } else { &mut mounted };
        let scopes: Vec<&str> = attack.scopes.iter().map(String::as_str).collect();
        let holder = Holder::new("attacker", &scopes, &["E1"]);
        let mut bytes = format!("{} ", attack.method).into_bytes();
        bytes.extend(&attack.target);
        bytes.extend(b" HTTP/1.1\r\nHost: suite.test\r\n");
        if attack.authenticated {
            let token = session.tokens.issue(holder.clone());
            bytes.extend(format!("Authorization: Bearer {token}\r\n").into_bytes());
        }
        if !attack.header.is_empty() {
            bytes.extend(format!("{}\r\n", attack.header).into_bytes());
        }
        if attack.method == "POST" {
            bytes.extend(b"Content-Length: 0\r\n");
        }
        bytes.extend(b"\r\n");

        let (answer, seen) = session.raw(&bytes).await;
        let caller = attack.authenticated.then_some(&holder);
        let sound = seen.iter().all(|seen| is_sound::<attacked::api::Scope>(seen, caller));
        let silent = answer.as_ref().is_some_and(|answer| answer.status == SILENT);
        let status = answer.map_or(0, |answer| answer.status);
        let served_as_due = attack.expected != "ALLOW" || status == 200 && seen.len() == 1;
        // Each success comes from a handler, and each handler that ran gives a success.
        let consistent = (200..300).contains(&status) != seen.is_empty();
        let line = || {
            let target = String::from_utf8_lossy(&attack.target);
            let ran: Vec<_> = seen.iter().map(|seen| (seen.route, &seen.parameters)).collect();
            format!("{} {} {target:.60}: {} expected, {status} {ran:?}", attack.id, attack.method, attack.expected)
        };
        group.check(sound && served_as_due && consistent && !silent, line);
        let expected = attack.expected.trim_end_matches(['s', 'e']);
        if attack.expected != "ALLOW" && expected.parse() != Ok(status) {
            let list = if seen.is_empty() { &mut other_refusals } else { &mut other_readings };
            list.push(attack.id);
        }
    }
    assert_eq!(group.cases, 97, "the corpus is complete");
    group.remarks.push(format!(
        "rows refused with another status than the core's: {}; served, since what stands in front reads the target otherwise: {}",
        numbers(&other_refusals),
        numbers(&other_readings)
    ));
    group
}

fn numbers(numbers: &[u32]) -> String {
    if numbers.is_empty() {
        return "none".to_owned();
    }
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Tricks that deceive guards that compare paths, if the router reads paths differently.
pub(super) async fn escalations<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("escalations");
    let mut session = Session::start::<T, escalation::api::Scope>(Kit::new::<T>()).await;
    let callers = [
        None,
        Some(Holder::new("reader", &["users.read"], &[])),
        Some(Holder::new("exporter", &["users.export"], &[])),
        Some(Holder::new("secretary", &["secret.read"], &[])),
    ];
    for (method, target) in [
        ("GET", "/users/export"),
        ("GET", "/users/%65xport"),
        ("GET", "/users/expor%74"),
        ("GET", "/users/%2565xport"),
        ("GET", "/users/export/"),
        ("GET", "/users//export"),
        ("GET", "//users/export"),
        ("GET", "/users/./export"),
        ("GET", "/users/7/../export"),
        ("GET", "/users/%2e/export"),
        ("GET", "/users/export%2F"),
        ("GET", "/users/export;x=1"),
        ("GET", "/users/export%3Bx"),
        ("GET", "/users/EXPORT"),
        ("GET", "/users%2Fexport"),
        ("GET", "/user%73/export"),
        ("GET", "/users/7"),
        ("GET", "/users/7/"),
        ("GET", "/users/"),
        ("GET", "/secret"),
        ("GET", "//secret"),
        ("GET", "///secret"),
        ("GET", "/secret/"),
        ("GET", "/secret//"),
        ("GET", "/%73ecret"),
        ("GET", "/secre%74"),
        ("GET", "/secret%2f"),
        ("GET", "/./secret"),
        ("GET", "/x/../secret"),
        ("GET", "/secret;x"),
        ("GET", "/secret?_method=POST"),
        ("GET", "http://suite.test/secret"),
        ("GET", "http://elsewhere.test//secret"),
        ("HEAD", "/secret"),
        ("HEAD", "//secret"),
        ("HEAD", "/users/export"),
        ("HEAD", "/users/%65xport"),
        ("OPTIONS", "/secret"),
        ("POST", "/secret"),
        ("POST", "/secret/"),
        ("post", "/secret"),
    ] {
        for caller in &callers {
            let authorization = caller.as_ref().map_or_else(String::new, |holder| {
                format!("Authorization: Bearer {}\r\n", session.tokens.issue(holder.clone()))
            });
            let length = if method == "POST" { "Content-Length: 0\r\n" } else { "" };
            let bytes = format!("{method} {target} HTTP/1.1\r\nHost: suite.test\r\n{authorization}{length}\r\n");
            let (answer, seen) = session.raw(bytes.as_bytes()).await;
            let silent = answer.as_ref().is_some_and(|answer| answer.status == SILENT);
            let status = answer.map_or(0, |answer| answer.status);
            let name = caller.as_ref().map_or("anonymous", |holder| &holder.subject);
            let sound = seen.iter().all(|seen| is_sound::<escalation::api::Scope>(seen, caller.as_ref()));
            let consistent = (200..300).contains(&status) != seen.is_empty();
            // A path as declared is served to authorized callers.
            let due = match (method, target, name) {
                ("GET", "/users/export", "exporter") => Some("get_users_export"),
                ("GET", "/users/7", "reader") => Some("get_users_by_user"),
                ("GET", "/secret", "secretary") => Some("get_secret"),
                ("HEAD", "/secret", "secretary") if T::FACTS.head_is_get => Some("get_secret"),
                _ => None,
            };
            let served = due.is_none_or(|due| seen.iter().map(|seen| seen.route).eq([due]));
            group.check(sound && consistent && served && !silent, || {
                format!("{name}: {method} {target}: {status} {seen:?}")
            });
        }
    }
    group
}
