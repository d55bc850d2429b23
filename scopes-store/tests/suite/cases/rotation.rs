//! Rotation: the id stays, the old secret verifies for a while and does nothing else.

use std::time::{Duration, SystemTime};

use scopes_store::{Error, Invalid, NotYours};

use crate::database::Database;
use crate::{grant_of, named, session};

const HOUR: Duration = Duration::from_secs(3600);

pub(crate) async fn the_old_secret_opens_routes_and_nothing_else(database: Database) {
    let store = database.store().await;
    let old = store.issue(&session("u"), named("n").expires_in(100 * HOUR)).await.unwrap();
    let child = store.issue(&grant_of(&store, &old).await.unwrap(), named("child")).await.unwrap();
    let new = store.of_subject("u").by("u").rotate(old.id(), HOUR).await.unwrap();
    assert_eq!(new.id(), old.id());
    assert_ne!(new.secret().reveal(), old.secret().reveal());
    assert_eq!(new.token().expires_at(), old.token().expires_at());
    assert!(new.secret().reveal().ends_with(new.token().checksum()));

    let (before, now) = (grant_of(&store, &old).await.unwrap(), grant_of(&store, &new).await.unwrap());
    assert_eq!((before.scopes(), before.tenants(), before.token_id()), (now.scopes(), now.tenants(), now.token_id()));
    let refused = store.issue(&before, named("x")).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Replaced))), "{refused:?}");
    let refused = store.rotate(&before, HOUR).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Replaced))), "{refused:?}");
    assert!(store.issue(&now, named("x")).await.is_ok());
    let newest = store.rotate(&now, HOUR).await.unwrap();
    let actions: Vec<_> = store.of_subject("u").audit(old.id()).await.unwrap();
    let actions: Vec<_> = actions.iter().map(|entry| (entry.action(), entry.actor(), entry.actor_token())).collect();
    assert_eq!(
        actions,
        [("issued", Some("u"), None), ("rotated", Some("u"), None), ("rotated", Some("u"), Some(old.id()))]
    );

    // Revoking a token ends all of its secrets, and the tokens that were issued with any of them.
    assert_eq!(store.of_subject("u").revoke(old.id()).await.unwrap(), 3);
    for made in [&old, &new, &newest, &child] {
        assert!(grant_of(&store, made).await.is_none());
    }
}

pub(crate) async fn the_old_secret_ends(database: Database) {
    let now = SystemTime::now();
    let store = database.store().await.clock(move || now);
    let old = store.issue(&session("u"), named("n")).await.unwrap();
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let mine = store.of_subject("u");
    let refused = mine.rotate(old.id(), week + Duration::from_nanos(1)).await;
    assert!(matches!(refused, Err(Error::Invalid(Invalid::Grace))), "{refused:?}");
    assert!(matches!(mine.rotate(old.id(), Duration::MAX).await, Err(Error::Invalid(Invalid::Grace))));
    let new = mine.rotate(old.id(), week).await.unwrap();
    let later = store.clone().clock(move || now + week);
    assert!(grant_of(&store, &old).await.is_some() && grant_of(&later, &old).await.is_none());
    assert!(grant_of(&later, &new).await.is_some());
    let newest = mine.rotate(old.id(), Duration::ZERO).await.unwrap();
    assert!(grant_of(&store, &new).await.is_none() && grant_of(&store, &newest).await.is_some());
    assert!(grant_of(&store, &old).await.is_none(), "the predecessor of the predecessor");
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_secrets").await, 1);

    // The grace does not outlast the token, and an expired token is not rotated.
    let short = store.issue(&session("u"), named("n").expires_in(HOUR)).await.unwrap();
    mine.rotate(short.id(), week).await.unwrap();
    let later = store.clone().clock(move || now + HOUR);
    assert!(grant_of(&store, &short).await.is_some() && grant_of(&later, &short).await.is_none());
    assert!(matches!(later.of_subject("u").rotate(short.id(), HOUR).await, Err(Error::NotFound)));
}

pub(crate) async fn a_grant_of_an_earlier_secret_cannot_rotate(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    // A thief's request that began before the owner rotated the token.
    let stolen = grant_of(&store, &made).await.unwrap();
    store.of_subject("u").rotate(made.id(), HOUR).await.unwrap();
    assert!(matches!(store.rotate(&stolen, HOUR).await, Err(Error::NotYours(NotYours::Replaced))));
    assert!(matches!(store.issue(&stolen, named("x")).await, Err(Error::NotYours(NotYours::Replaced))));
    assert!(matches!(store.rotate(&session("u"), HOUR).await, Err(Error::NotYours(NotYours::NoToken))));
    let bare = session("u").with_token_id(made.id());
    assert!(matches!(store.rotate(&bare, HOUR).await, Err(Error::NotYours(NotYours::Replaced))));
    store.of_subject("u").revoke(made.id()).await.unwrap();
    assert!(matches!(store.rotate(&stolen, HOUR).await, Err(Error::NotYours(NotYours::Ended))));
}

pub(crate) async fn a_token_rotates_only_itself_for_its_owner(database: Database) {
    let store = database.store().await;
    let weak = store.issue(&session("u"), named("weak").expires_in(HOUR)).await.unwrap();
    let strong = store.issue(&session("v"), named("strong")).await.unwrap();
    let caller = grant_of(&store, &weak).await.unwrap();
    for owner in [store.of_tenant("E1"), store.of_all_owners()] {
        let refused = owner.by_holder(&caller).rotate(strong.id(), Duration::ZERO).await;
        assert!(matches!(refused, Err(Error::NotYours(NotYours::OtherToken))), "{refused:?}");
    }
    assert!(grant_of(&store, &strong).await.is_some());
    // The secret that was replaced does not rotate, whichever way it asks.
    let mine = store.of_subject("u");
    mine.by_holder(&caller).rotate(weak.id(), HOUR).await.unwrap();
    let refused = store.of_subject("u").by_holder(&caller).rotate(weak.id(), HOUR).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Replaced))), "{refused:?}");
    // A name after the holder means a session.
    let session = store.of_tenant("E1").by_holder(&caller).by("admin");
    assert!(session.rotate(strong.id(), Duration::ZERO).await.is_ok());
    assert_eq!(session.audit(strong.id()).await.unwrap()[1].actor_token(), None);
}

pub(crate) async fn an_id_is_never_used_again(database: Database) {
    let store = database.store().await;
    let first = store.issue(&session("u"), named("n").id("x")).await.unwrap();
    let held = grant_of(&store, &first).await.unwrap();
    store.of_subject("u").revoke("x").await.unwrap();
    store.clean_up(Duration::ZERO).await.unwrap();
    let again = store.issue(&session("v"), named("n").id("x")).await;
    assert!(matches!(again, Err(Error::Invalid(Invalid::IdTaken))), "{again:?}");
    assert!(matches!(store.issue(&held, named("n")).await, Err(Error::NotYours(NotYours::Ended))));
}

pub(crate) async fn only_one_predecessor_is_kept(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    // If many calls rotate with the same grant at once, one succeeds.
    let grant = grant_of(&store, &made).await.unwrap();
    let asked: Vec<_> = (0..8)
        .map(|_| {
            let (store, grant) = (store.clone(), grant.clone());
            tokio::spawn(async move { store.rotate(&grant, HOUR).await })
        })
        .collect();
    let mut rotated = 0;
    for asked in asked {
        match asked.await.unwrap() {
            Ok(_) => rotated += 1,
            Err(error) => assert!(matches!(error, Error::NotYours(NotYours::Replaced)), "{error:?}"),
        }
    }
    assert_eq!(rotated, 1);
    for _ in 0..3 {
        store.of_subject("u").rotate(made.id(), HOUR).await.unwrap();
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_secrets").await, 2);
    assert_eq!(database.number("SELECT version FROM scopes_tokens").await, 4);
}
