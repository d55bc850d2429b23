//! A process that is killed while it writes: no change that it acknowledged is lost, and no token
//! is stored only in part.

use std::collections::BTreeMap;
use std::time::Duration;

use scopes::Verifier as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _};

use crate::database::Database;
use crate::worker::{MARK, Worker, lines, tell};
use crate::{named, random, session, store};

/// How often the process is killed. `.ci/full` does it more often.
fn rounds() -> u32 {
    std::env::var("SCOPES_KILL_ROUNDS").map_or(20, |rounds| rounds.parse().unwrap())
}

pub(crate) async fn what_was_acknowledged_survives_kill_9(database: &Database) {
    let store = store(database);
    store.migrate().await.unwrap();
    let mut acknowledged = 0;
    for round in 0..rounds() {
        let mut worker = Worker::start("write", database, "").await;
        // The process is killed after some acknowledged changes, at any moment of the changes that
        // follow.
        let mut text = String::new();
        let changes = 5 + random(25);
        while text.matches("ed ").count() < changes {
            assert_ne!(worker.output.read_line(&mut text).await.unwrap(), 0, "{text}");
        }
        tokio::time::sleep(Duration::from_micros(u64::try_from(random(20_000)).unwrap())).await;
        worker.child.kill().await.unwrap();
        worker.output.read_to_string(&mut text).await.unwrap();
        assert!(text.contains(MARK));

        let mut good = BTreeMap::new();
        let mut ended = Vec::new();
        for line in lines(&text).iter().filter(|line| !line.is_empty()) {
            acknowledged += 1;
            let parts: Vec<_> = line.split(' ').collect();
            match parts[..] {
                ["issued", id, secret] => ended.extend(good.insert(id.to_owned(), secret.to_owned())),
                // The worker's last change of a token, which it has not acknowledged, may have
                // happened or not.
                ["begins", id] => drop(good.remove(id)),
                ["rotated", id, old, new] => {
                    ended.push(old.to_owned());
                    good.insert(id.to_owned(), new.to_owned());
                }
                ["revoked", id, secret] => {
                    good.remove(id);
                    ended.push(secret.to_owned());
                }
                _ => panic!("{line}"),
            }
        }
        for (id, secret) in &good {
            let grant = store.verify(secret).await.unwrap();
            let grant = grant.unwrap_or_else(|| panic!("round {round}: {id} was acknowledged and is lost"));
            assert_eq!((grant.token_id(), grant.scopes().len()), (Some(id.as_str()), 2), "round {round}");
            assert!(grant.tenants().covers("E1"), "round {round}");
        }
        for secret in &ended {
            assert!(store.verify(secret).await.unwrap().is_none(), "round {round}: it was ended and is back");
        }
        whole(database, round).await;
    }
    println!("{} rounds, {acknowledged} acknowledged changes", rounds());
    assert!(acknowledged >= 5 * rounds(), "hardly anything was written: {acknowledged}");
}

/// Each token has all of its rows.
async fn whole(database: &Database, round: u32) {
    for (what, statement) in [
        (
            "tokens without a current secret",
            "SELECT COUNT(*) FROM scopes_tokens t WHERE NOT EXISTS \
             (SELECT 1 FROM scopes_secrets s WHERE s.token = t.number AND s.is_current = 1)",
        ),
        (
            "secrets without a token",
            "SELECT COUNT(*) FROM scopes_secrets s WHERE NOT EXISTS (SELECT 1 FROM scopes_tokens t WHERE t.number = s.token)",
        ),
        (
            "tokens without their tenant",
            "SELECT COUNT(*) FROM scopes_tokens t WHERE NOT EXISTS \
             (SELECT 1 FROM scopes_token_tenants x WHERE x.token_id = t.id AND x.tenant = 'E1')",
        ),
        (
            "tokens without an entry of their issue",
            "SELECT COUNT(*) FROM scopes_tokens t WHERE NOT EXISTS \
             (SELECT 1 FROM scopes_audit a WHERE a.token_id = t.id AND a.action = 'issued')",
        ),
        (
            "revocations without an entry, or entries without one",
            "SELECT COUNT(*) FROM scopes_tokens t WHERE (t.revoked_at IS NULL) = (EXISTS \
             (SELECT 1 FROM scopes_audit a WHERE a.token_id = t.id AND a.action = 'revoked'))",
        ),
        (
            "versions that do not agree with the entries",
            "SELECT COUNT(*) FROM scopes_tokens t WHERE t.version <> \
             (SELECT COUNT(*) FROM scopes_audit a WHERE a.token_id = t.id AND a.action = 'rotated')",
        ),
    ] {
        assert_eq!(database.number(statement).await, 0, "round {round}: {what}");
    }
    if !database.is_postgres() {
        assert_eq!(database.texts("PRAGMA integrity_check").await, ["ok"], "round {round}");
    }
}

/// Issues, rotates and revokes until it is killed, and reports each change that was acknowledged.
pub(crate) async fn write(database: &Database) {
    let store = store(database);
    let tasks: Vec<_> = (0..3)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                loop {
                    let made = store.issue(&session(), named("n")).await.unwrap();
                    let (token, secret) = made.into_parts();
                    tell(&format!("issued {} {}", token.id(), secret.reveal()));
                    match random(3) {
                        0 => {
                            tell(&format!("begins {}", token.id()));
                            store.of_subject("u").revoke(token.id()).await.unwrap();
                            tell(&format!("revoked {} {}", token.id(), secret.reveal()));
                        }
                        1 => {
                            tell(&format!("begins {}", token.id()));
                            let new = store.of_subject("u").rotate(token.id(), Duration::ZERO).await.unwrap();
                            tell(&format!("rotated {} {} {}", token.id(), secret.reveal(), new.secret().reveal()));
                        }
                        _ => {}
                    }
                }
            })
        })
        .collect();
    // The tasks end only with the process, or with a panic.
    let first: Result<std::convert::Infallible, _> = tasks.into_iter().next().unwrap().await;
    panic!("{first:?}");
}
