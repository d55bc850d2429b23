//! Expiry, not-before, last use, clean-up, and names that the catalogue no longer has.

use std::time::{Duration, SystemTime};

use scopes::Verifier as _;
use scopes_store::{Page, Store};

use crate::database::{Database, FORMAT};
use crate::{api, grant_of, named, session};

const HOUR: Duration = Duration::from_secs(3600);

fn at(store: &Store<api::Scope>, time: SystemTime) -> Store<api::Scope> {
    store.clone().clock(move || time)
}

pub(crate) async fn a_token_is_valid_between_its_times(database: Database) {
    let now = SystemTime::now();
    let plain = database.store().await.clock(move || now);
    let cached = Store::new(database.pool(), FORMAT).cached(Duration::from_secs(10)).clock(move || now);
    for store in [plain, cached] {
        let new = named("n").not_before(now + HOUR).expires_at(now + 2 * HOUR);
        let made = store.issue(&session("u"), new).await.unwrap();
        let tick = Duration::from_micros(1);
        for (time, is_valid) in [
            (now, false),
            (now + HOUR - tick, false),
            (now + HOUR + tick, true),
            (now + 2 * HOUR - tick - tick, true),
            (now + 2 * HOUR, false),
            (now + 3 * HOUR, false),
            // If the clock is set back, a cached answer does not make the token valid too early.
            (now, false),
        ] {
            let store = at(&store, time);
            assert_eq!(grant_of(&store, &made).await.is_some(), is_valid, "{:?}", time.duration_since(now));
            let in_use = store.of_subject("u").list(Page::first(5)).await.unwrap();
            assert_eq!(in_use.tokens().is_empty(), time >= now + 2 * HOUR);
        }
        store.of_all_owners().revoke_all().await.unwrap();
    }
}

pub(crate) async fn last_used_is_written_without_a_request_that_waits(database: Database) {
    let now = SystemTime::now();
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let unused = store.issue(&session("u"), named("unused")).await.unwrap();
    for minute in [3, 1, 2] {
        let store = at(&store, now + Duration::from_secs(minute * 60));
        assert!(grant_of(&store, &made).await.is_some());
    }
    assert!(store.verify(FORMAT.generate().unwrap().reveal()).await.unwrap().is_none());
    let mine = store.of_subject("u");
    assert_eq!(mine.get(made.id()).await.unwrap().last_used(), None, "no request has written it");
    store.write_last_used().await.unwrap();
    let last_used = mine.get(made.id()).await.unwrap().last_used().unwrap();
    let expected = now + Duration::from_secs(180);
    assert!(expected.duration_since(last_used).unwrap_or_default() < Duration::from_micros(1), "the latest");
    assert_eq!(mine.get(unused.id()).await.unwrap().last_used(), None);

    // Another process has seen an earlier use.
    let other = Store::new(database.pool(), FORMAT).clock(move || now);
    assert!(grant_of(&other, &made).await.is_some());
    other.write_last_used().await.unwrap();
    assert_eq!(mine.get(made.id()).await.unwrap().last_used(), Some(last_used));

    // A token that was cleaned up meanwhile does not hold up the others.
    assert!(grant_of(&store, &unused).await.is_some());
    assert!(grant_of(&at(&store, now + 2 * HOUR), &made).await.is_some());
    mine.revoke(unused.id()).await.unwrap();
    at(&store, now + 4 * HOUR).clean_up(HOUR).await.unwrap();
    store.write_last_used().await.unwrap();
    assert!(mine.get(made.id()).await.unwrap().last_used().unwrap() > now + HOUR);

    // The background task writes without a call.
    let quick = Store::new(database.pool(), FORMAT);
    assert!(grant_of(&at(&quick, now + 5 * HOUR), &made).await.is_some());
    for _ in 0..300 {
        if mine.get(made.id()).await.unwrap().last_used().unwrap() > now + 4 * HOUR {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the last use is not written within half a minute");
}

pub(crate) async fn what_ended_long_ago_is_cleaned_up(database: Database) {
    let now = SystemTime::now();
    let store = database.store().await.clock(move || now);
    let root = store.issue(&session("u"), named("root")).await.unwrap();
    let grant = grant_of(&store, &root).await.unwrap();
    let child = store.issue(&grant, named("child")).await.unwrap();
    let expired = store.issue(&session("u"), named("expired").expires_in(HOUR)).await.unwrap();
    let kept = store.issue(&session("u"), named("kept")).await.unwrap();
    assert_eq!(store.clean_up(Duration::ZERO).await.unwrap(), 0, "all are in use");
    assert_eq!(store.of_subject("u").revoke(root.id()).await.unwrap(), 2);
    let audited = database.number("SELECT COUNT(*) FROM scopes_audit").await;

    let day = at(&store, now + 24 * HOUR);
    assert_eq!(day.clean_up(48 * HOUR).await.unwrap(), 0, "not long ago");
    assert_eq!(day.clean_up(Duration::MAX).await.unwrap(), 0, "a time that does not fit");
    assert_eq!(day.clean_up(HOUR).await.unwrap(), 3);
    assert_eq!(day.clean_up(HOUR).await.unwrap(), 0);
    for gone in [&root, &child, &expired] {
        assert!(store.of_subject("u").get(gone.id()).await.is_err());
        assert!(grant_of(&store, gone).await.is_none());
    }
    assert!(grant_of(&store, &kept).await.is_some());
    for table in ["scopes_tokens", "scopes_secrets", "scopes_token_tenants"] {
        assert_eq!(database.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
    // The audit table tells what was deleted.
    let entries = store.audit_of_all_owners(audited, 10).await.unwrap();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.action() == "deleted" && entry.subject() == Some("u")));
}

pub(crate) async fn unknown_scopes_are_told_and_grant_nothing(database: Database) {
    let store = database.store().await;
    assert_eq!(store.unknown_scopes().await.unwrap(), []);
    let mut made = Vec::new();
    for name in ["a", "b", "c"] {
        made.push(store.issue(&session("u"), named(name)).await.unwrap());
    }
    database.execute("UPDATE scopes_tokens SET scopes = 'users.read from.earlier' WHERE name <> 'c'").await.unwrap();
    database.execute("UPDATE scopes_tokens SET scopes = scopes || ' also.gone' WHERE name = 'b'").await.unwrap();
    let told = store.unknown_scopes().await.unwrap();
    let told: Vec<_> = told.iter().map(|unknown| (unknown.name(), unknown.tokens())).collect();
    assert_eq!(told, [("also.gone", 1), ("from.earlier", 2)]);
    let grant = grant_of(&store, &made[1]).await.unwrap();
    assert_eq!(grant.scopes().to_string(), "users.read");
    let token = store.of_subject("u").get(made[1].id()).await.unwrap();
    assert_eq!(token.scope_names().collect::<Vec<_>>(), ["users.read", "from.earlier", "also.gone"]);
    store.of_subject("u").revoke(made[1].id()).await.unwrap();
    assert_eq!(store.unknown_scopes().await.unwrap()[0].tokens(), 1, "tokens in use only");
}

pub(crate) async fn a_renamed_scope_goes_on_granting(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    // The token was issued when `users.read` had its former name.
    database.execute("UPDATE scopes_tokens SET scopes = 'people.read'").await.unwrap();
    let grant = grant_of(&store, &made).await.unwrap();
    assert_eq!(grant.scopes().to_string(), "users.read");
    let token = store.of_subject("u").get(made.id()).await.unwrap();
    assert_eq!((token.scopes(), token.scope_names().next()), (grant.scopes(), Some("people.read")));
    assert_eq!(store.unknown_scopes().await.unwrap(), []);
    let child = store.issue(&grant, named("child")).await.unwrap();
    assert_eq!(child.token().scope_names().collect::<Vec<_>>(), ["users.read"]);
}

pub(crate) async fn a_secret_of_a_deleted_token_opens_no_other(database: Database) {
    let store = database.store().await;
    let old = store.issue(&session("u"), named("old")).await.unwrap();
    store.of_subject("u").revoke(old.id()).await.unwrap();
    if let Database::Sqlite(pool, _) = &database {
        // An application that has turned foreign keys off, so that the secret stays.
        let mut connection = pool.acquire().await.unwrap();
        for statement in ["PRAGMA foreign_keys = OFF", "DELETE FROM scopes_tokens", "PRAGMA foreign_keys = ON"] {
            sqlx::query(statement).execute(&mut *connection).await.unwrap();
        }
        assert_eq!(database.number("SELECT COUNT(*) FROM scopes_secrets").await, 1);
    } else {
        database.execute("DELETE FROM scopes_tokens").await.unwrap();
    }
    let new = store.issue(&session("u"), named("new")).await.unwrap();
    assert!(grant_of(&store, &old).await.is_none() && grant_of(&store, &new).await.is_some());
}
