//! Revoking: with everything that was issued, also at the same time.

use std::time::Duration;

use scopes_store::{Error, Made, NotYours, Store};

use crate::database::Database;
use crate::{api, grant_of, named, session};

/// A chain of tokens, each issued with the one before.
pub(crate) async fn chain(store: &Store<api::Scope>, length: usize) -> Vec<Made<api::Scope>> {
    let mut made = vec![store.issue(&session("u"), named("root")).await.unwrap()];
    while made.len() < length {
        let grant = grant_of(store, made.last().unwrap()).await.unwrap();
        made.push(store.issue(&grant, named("link")).await.unwrap());
    }
    made
}

pub(crate) async fn revoking_takes_along_what_was_issued(database: Database) {
    let store = database.store().await;
    let links = chain(&store, 5).await;
    let grant = grant_of(&store, &links[2]).await.unwrap();
    let branch = store.issue(&grant, named("branch")).await.unwrap();
    let other = store.issue(&session("u"), named("other")).await.unwrap();
    assert_eq!(store.of_subject("u").by("admin").revoke(links[1].id()).await.unwrap(), 5);
    assert!(grant_of(&store, &links[0]).await.is_some() && grant_of(&store, &other).await.is_some());
    for gone in links[1..].iter().chain([&branch]) {
        assert!(grant_of(&store, gone).await.is_none());
        let history = store.of_subject("u").audit(gone.id()).await.unwrap();
        assert_eq!((history[1].action(), history[1].actor()), ("revoked", Some("admin")));
    }
    assert!(matches!(store.of_subject("u").revoke(links[3].id()).await, Err(Error::NotFound)), "revoked already");
    assert_eq!(store.of_subject("u").revoke(links[0].id()).await.unwrap(), 1);
    assert!(matches!(store.of_subject("u").rotate(links[0].id(), Duration::ZERO).await, Err(Error::NotFound)));
}

pub(crate) async fn revoking_all_of_an_owner(database: Database) {
    let store = database.store().await;
    let mine = chain(&store, 3).await;
    let theirs = store.issue(&session("v"), named("theirs")).await.unwrap();
    // A token whose subject the application has changed still goes with its issuer.
    let grant = grant_of(&store, &mine[0]).await.unwrap().with_subject("robot");
    let robot = store.issue(&grant, named("robot")).await.unwrap();
    assert_eq!(store.of_subject("u").revoke_all().await.unwrap(), 4);
    assert_eq!(store.of_subject("u").revoke_all().await.unwrap(), 0);
    assert!(grant_of(&store, &robot).await.is_none() && grant_of(&store, &theirs).await.is_some());
    assert_eq!(store.of_tenant("E1").revoke_all().await.unwrap(), 1);
    store.issue(&session("v"), named("n")).await.unwrap();
    store.issue(&session("w"), named("n")).await.unwrap();
    assert_eq!(store.of_all_owners().revoke_all().await.unwrap(), 2);
}

pub(crate) async fn a_revoked_token_stays_revoked(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    store.of_subject("u").revoke(made.id()).await.unwrap();
    for change in ["NULL", "1"] {
        let refused = database.execute(&format!("UPDATE scopes_tokens SET revoked_at = {change}")).await;
        assert!(refused.unwrap_err().to_string().contains("stays revoked"));
    }
    assert!(grant_of(&store, &made).await.is_none());
}

pub(crate) async fn issuing_waits_for_a_revocation(database: Database) {
    let store = database.store().await;
    let links = chain(&store, 2).await;
    let grant = grant_of(&store, &links[1]).await.unwrap();
    let mut revoking = database.begin().await;
    store.within(revoking.connection()).of_subject("u").revoke(links[0].id()).await.unwrap();
    let issuing = {
        let store = store.clone();
        tokio::spawn(async move { store.issue(&grant, named("late")).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!issuing.is_finished(), "it waits for the revocation");
    revoking.commit().await;
    let refused = issuing.await.unwrap();
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Ended))), "{refused:?}");
}

pub(crate) async fn revoking_waits_for_an_issue(database: Database) {
    let store = database.store().await;
    let links = chain(&store, 2).await;
    let grant = grant_of(&store, &links[1]).await.unwrap();
    let mut issuing = database.begin().await;
    let late = store.within(issuing.connection()).issue(&grant, named("late")).await.unwrap();
    let revoking = {
        let (store, id) = (store.clone(), links[0].id().to_owned());
        tokio::spawn(async move { store.of_subject("u").revoke(&id).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!revoking.is_finished(), "it waits for the issue");
    issuing.commit().await;
    assert_eq!(revoking.await.unwrap().unwrap(), 3, "with the token that was issued meanwhile");
    assert!(grant_of(&store, &late).await.is_none());
}

pub(crate) async fn revoking_all_waits_for_an_issue_under_another_subject(database: Database) {
    let store = database.store().await;
    for by_tenant in [false, true] {
        let root = store.issue(&session("u"), named("root")).await.unwrap();
        // The application lets the token issue for a robot, and for no tenant.
        let grant = grant_of(&store, &root).await.unwrap().with_subject("robot");
        let mut issuing = database.begin().await;
        let late = scopes_store::NewToken::named("late");
        let late = store.within(issuing.connection()).issue(&grant, late).await.unwrap();
        let revoking = {
            let store = store.clone();
            tokio::spawn(async move {
                let owner = if by_tenant { store.of_tenant("E1") } else { store.of_subject("u") };
                owner.revoke_all().await
            })
        };
        tokio::time::sleep(Duration::from_millis(300)).await;
        issuing.commit().await;
        assert_eq!(revoking.await.unwrap().unwrap(), 2, "with the token that was issued meanwhile");
        assert!(grant_of(&store, &late).await.is_none());
    }
}
