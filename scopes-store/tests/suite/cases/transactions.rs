//! Every call on the pool or inside the application's transaction.

use std::time::Duration;

use scopes_store::{Error, ImportedToken, Invalid, Page};
use sqlx::Executor as _;

use crate::database::{Database, FORMAT};
use crate::{grant_of, named, session};

pub(crate) async fn every_call_runs_inside_the_applications_transaction(database: Database) {
    let store = scopes_store::Store::<crate::api::Scope>::new(database.pool(), FORMAT);
    let mut begun = database.begin().await;
    store.within(begun.connection()).migrate().await.unwrap();
    begun.commit().await;

    let kept = store.issue(&session("u"), named("kept")).await.unwrap();
    let kept_grant = grant_of(&store, &kept).await.unwrap();
    let audited = database.number("SELECT COUNT(*) FROM scopes_audit").await;
    let mut begun = database.begin().await;
    let made = store.within(begun.connection()).issue(&kept_grant, named("n")).await.unwrap();
    let mine = store.within(begun.connection()).of_subject("u");
    mine.rename(made.id(), "m").await.unwrap();
    assert_eq!(mine.get(made.id()).await.unwrap().name(), "m");
    assert_eq!(mine.list(Page::first(5)).await.unwrap().tokens().len(), 2);
    mine.rotate(made.id(), Duration::ZERO).await.unwrap();
    assert_eq!(mine.audit(made.id()).await.unwrap().len(), 3);
    drop(mine);
    store.within(begun.connection()).rotate(&kept_grant, Duration::ZERO).await.unwrap();
    let token = FORMAT.generate().unwrap();
    let imported = ImportedToken::of_digest("17", token.digest(), token.checksum());
    store.within(begun.connection()).import(imported).await.unwrap();
    assert_eq!(store.within(begun.connection()).unknown_scopes().await.unwrap(), []);
    assert_eq!(store.within(begun.connection()).of_subject("u").revoke(kept.id()).await.unwrap(), 2);
    assert_eq!(store.within(begun.connection()).of_all_owners().revoke_all().await.unwrap(), 1);
    assert_eq!(store.within(begun.connection()).of_tenant("E1").revoke_all().await.unwrap(), 0);
    assert_eq!(store.within(begun.connection()).audit_of_all_owners(0, 100).await.unwrap().len(), 9);
    begun.rollback().await;

    // The rollback has undone all of these calls.
    assert!(grant_of(&store, &kept).await.is_some() && grant_of(&store, &made).await.is_none());
    assert_eq!(store.of_all_owners().list(Page::first(5).with_ended()).await.unwrap().tokens().len(), 1);
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_audit").await, audited);

    let mut begun = database.begin().await;
    store.within(begun.connection()).of_subject("u").revoke(kept.id()).await.unwrap();
    let far = Duration::ZERO;
    let later = store.clone().clock(|| std::time::SystemTime::now() + Duration::from_secs(60));
    assert_eq!(later.within(begun.connection()).clean_up(far).await.unwrap(), 1);
    begun.commit().await;
    assert!(grant_of(&store, &kept).await.is_none());
}

pub(crate) async fn a_failed_call_leaves_the_transaction_usable(database: Database) {
    let store = database.store().await;
    store.issue(&session("u"), named("n").id("taken")).await.unwrap();
    let mut begun = database.begin().await;
    let good = store.within(begun.connection()).issue(&session("u"), named("good")).await.unwrap();
    let refused = store.within(begun.connection()).issue(&session("u"), named("n").id("taken")).await;
    assert!(matches!(refused, Err(Error::Invalid(Invalid::IdTaken))), "{refused:?}");
    let token = FORMAT.generate().unwrap();
    // The digest exists already. Only the insert into the second table finds that.
    let first = ImportedToken::of_digest("first", token.digest(), token.checksum());
    let second = ImportedToken::of_digest("second", token.digest(), token.checksum());
    store.within(begun.connection()).import(first).await.unwrap();
    assert!(store.within(begun.connection()).import(second).await.is_err());
    assert!(store.within(begun.connection()).of_subject("u").revoke("unknown").await.is_err());
    begun.commit().await;
    assert!(grant_of(&store, &good).await.is_some());
    assert_eq!(database.texts("SELECT id FROM scopes_tokens WHERE id = 'second'").await, [""; 0], "no half token");
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_tokens").await, 3);
}

pub(crate) async fn a_higher_isolation_level_is_refused_where_it_would_hide_tokens(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let Database::Postgres(pool, _) = &database else {
        // SQLite has a single isolation level, which does not hide any token.
        return;
    };
    for level in ["REPEATABLE READ", "SERIALIZABLE"] {
        let mut begun = pool.begin().await.unwrap();
        let set = sqlx::AssertSqlSafe(format!("SET TRANSACTION ISOLATION LEVEL {level}"));
        begun.execute(sqlx::raw_sql(set)).await.unwrap();
        let refused = store.within(&mut begun).of_subject("u").revoke(made.id()).await;
        assert!(matches!(refused, Err(Error::Invalid(Invalid::IsolationLevel))), "{refused:?}");
    }
    // The store's own transactions do not depend on the default of the database.
    let name = pool.connect_options().get_database().unwrap().to_owned();
    let default = format!("ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'");
    database.execute(&default).await.unwrap();
    let strict = Database::from_text(&database.to_text()).await;
    assert_eq!(strict.texts("SHOW default_transaction_isolation").await, ["serializable"]);
    let strict_store = strict.store().await;
    let other = strict_store.issue(&session("u"), named("n")).await.unwrap();
    assert_eq!(strict_store.of_subject("u").revoke(other.id()).await.unwrap(), 1);
    strict.close().await;
    assert!(grant_of(&store, &made).await.is_some());
}

pub(crate) async fn calls_in_a_transaction_can_be_spawned(database: Database) {
    let store = database.store().await;
    let (inner, mut begun) = (store.clone(), database.begin().await);
    // Handlers of servers are spawned, so every future must be `Send`.
    let task = tokio::spawn(async move {
        let made = inner.within(begun.connection()).issue(&session("u"), named("n")).await.unwrap();
        let mine = inner.within(begun.connection()).of_subject("u");
        mine.rename(made.id(), "m").await.unwrap();
        mine.rotate(made.id(), Duration::ZERO).await.unwrap();
        mine.list(Page::first(5)).await.unwrap();
        drop(mine);
        inner.within(begun.connection()).unknown_scopes().await.unwrap();
        inner.within(begun.connection()).clean_up(Duration::ZERO).await.unwrap();
        begun.commit().await;
        made
    });
    let made = task.await.unwrap();
    let token = store.of_subject("u").get(made.id()).await.unwrap();
    assert_eq!(token.name(), "m");
    let task = tokio::spawn(async move { store.of_subject("u").revoke_all().await });
    assert_eq!(task.await.unwrap().unwrap(), 1);
}

pub(crate) async fn a_lost_call_revokes_nothing_or_all(database: Database) {
    let store = database.store().await;
    let root = store.issue(&session("u"), named("root")).await.unwrap();
    let grant = grant_of(&store, &root).await.unwrap();
    store.issue(&grant, named("child")).await.unwrap();
    let revoked = "SELECT COUNT(*) FROM scopes_tokens WHERE revoked_at IS NOT NULL";
    let audited = "SELECT COUNT(*) FROM scopes_audit WHERE action = 'revoked'";
    // A client that goes away drops the future of its handler at any point.
    for pause in 0..60 {
        let mine = store.of_subject("u");
        let lost = tokio::time::timeout(Duration::from_micros(pause * 40), mine.revoke(root.id())).await;
        // Waits until the rest of the call has ended.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let counts = (database.number(revoked).await, database.number(audited).await);
        assert!([(0, 0), (2, 2)].contains(&counts), "{counts:?} after {pause}");
        if counts == (2, 2) {
            return;
        }
        assert!(lost.is_err(), "it has answered, and nothing is revoked");
    }
    assert_eq!(store.of_subject("u").revoke(root.id()).await.unwrap(), 2);
}
