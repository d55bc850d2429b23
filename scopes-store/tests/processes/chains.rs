//! Two processes issue chains of tokens from the same roots, and revoke these roots.

use std::time::{Duration, Instant};

use scopes::Verifier as _;
use scopes_store::{Error, NotYours};

use crate::database::Database;
use crate::worker::{Worker, tell};
use crate::{named, random, session, store};

const ROOTS: usize = 60;
const WORKING: Duration = Duration::from_secs(5);

pub(crate) async fn no_active_token_has_a_revoked_ancestor(database: &Database) {
    let store = store(database);
    store.migrate().await.unwrap();
    let mut roots = Vec::new();
    for _ in 0..ROOTS {
        let made = store.issue(&session(), named("root")).await.unwrap();
        roots.push(format!("{} {}", made.id(), made.secret().reveal()));
    }
    let input = roots.join("\n");
    let workers = [Worker::start("chains", database, &input).await, Worker::start("chains", database, &input).await];
    let mut counts = [0; 3];
    for worker in workers {
        let lines = worker.finish().await;
        let last: Vec<_> = lines.last().unwrap().split(' ').map(|count| count.parse::<u32>().unwrap()).collect();
        for (sum, count) in counts.iter_mut().zip(last) {
            *sum += count;
        }
    }
    let [issued, revoked, too_late] = counts;
    println!("{issued} issued, {revoked} revocations, {too_late} issues too late");
    assert!(issued > 50 && revoked > 5, "hardly anything was tried: {counts:?}");
    assert!(too_late > 0, "no revocation came between verifying and issuing");
    let orphans = "WITH RECURSIVE line (id, ancestor) AS ( \
        SELECT id, issuer_id FROM scopes_tokens WHERE revoked_at IS NULL AND issuer_id IS NOT NULL \
        UNION SELECT line.id, t.issuer_id FROM line JOIN scopes_tokens t ON t.id = line.ancestor \
        WHERE t.issuer_id IS NOT NULL) \
        SELECT COUNT(*) FROM line JOIN scopes_tokens t ON t.id = line.ancestor WHERE t.revoked_at IS NOT NULL";
    assert_eq!(database.number(orphans).await, 0, "active tokens with a revoked ancestor");
    let deep = "WITH RECURSIVE line (id, depth) AS (SELECT id, 0 FROM scopes_tokens WHERE issuer_id IS NULL \
        UNION ALL SELECT t.id, line.depth + 1 FROM scopes_tokens t JOIN line ON t.issuer_id = line.id) \
        SELECT CAST(MAX(depth) AS BIGINT) FROM line";
    assert!(database.number(deep).await >= 3, "no chains");
}

/// Issues chains from random roots, and revokes random roots.
pub(crate) async fn work(database: &Database, roots: &str) {
    let store = store(database);
    let roots: Vec<_> = roots.lines().map(|line| line.split_once(' ').unwrap()).collect();
    let roots: Vec<(String, String)> = roots.into_iter().map(|(id, secret)| (id.into(), secret.into())).collect();
    let began = Instant::now();
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            let (store, roots) = (store.clone(), roots.clone());
            tokio::spawn(async move {
                let mut counts = [0_u32; 3];
                while began.elapsed() < WORKING {
                    // Few roots are in use at any time, so that both processes often use the same
                    // one.
                    let part = usize::try_from(began.elapsed().as_millis()).unwrap() * (roots.len() - 4)
                        / usize::try_from(WORKING.as_millis()).unwrap();
                    let (root, secret) = &roots[(part + random(4)).min(roots.len() - 1)];
                    if task == 0 {
                        tokio::time::sleep(Duration::from_millis(30)).await;
                        match store.of_subject("u").revoke(root).await {
                            Ok(_) => counts[1] += 1,
                            Err(Error::NotFound) => {}
                            Err(error) => panic!("{error:?}"),
                        }
                        continue;
                    }
                    let mut secret = secret.clone();
                    for _ in 0..1 + random(5) {
                        let Some(grant) = store.verify(&secret).await.unwrap() else { break };
                        match store.issue(&grant, named("link")).await {
                            Ok(made) => {
                                counts[0] += 1;
                                secret = made.secret().reveal().to_owned();
                            }
                            Err(Error::NotYours(NotYours::Ended)) => {
                                counts[2] += 1;
                                break;
                            }
                            Err(error) => panic!("{error:?}"),
                        }
                    }
                }
                counts
            })
        })
        .collect();
    let mut sums = [0; 3];
    for task in tasks {
        for (sum, count) in sums.iter_mut().zip(task.await.unwrap()) {
            *sum += count;
        }
    }
    tell(&format!("{} {} {}", sums[0], sums[1], sums[2]));
}
