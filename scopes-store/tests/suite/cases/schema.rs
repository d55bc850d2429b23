//! The tables: made by several at once, append-only where they should be, without secrets.

use scopes_store::{Error, Store};
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::database::{Database, FORMAT};
use crate::{api, grant_of, named, session};

pub(crate) async fn migrating_again_changes_nothing(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_migrations").await, 1);
    assert!(grant_of(&store, &made).await.is_some());
}

pub(crate) async fn many_processes_may_migrate_at_once(database: Database) {
    let text = database.to_text();
    let starters: Vec<_> = (0..6)
        .map(|_| {
            let text = text.clone();
            tokio::spawn(async move {
                let database = Database::from_text(&text).await;
                database.store().await;
                database.close().await;
            })
        })
        .collect();
    for starter in starters {
        starter.await.unwrap();
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_migrations").await, 1);
}

pub(crate) async fn tables_of_a_newer_version_are_refused(database: Database) {
    let store = database.store().await;
    database.execute("INSERT INTO scopes_migrations (version, applied_at) VALUES (999, 0)").await.unwrap();
    let refused = store.migrate().await.unwrap_err();
    assert!(matches!(refused, Error::Corrupt(_)) && refused.to_string().contains("newer version"), "{refused}");
}

pub(crate) async fn the_audit_table_is_append_only(database: Database) {
    let store = database.store().await;
    store.issue(&session("u"), named("n")).await.unwrap();
    let mut attempts = vec![
        "UPDATE scopes_audit SET actor = 'me'",
        "DELETE FROM scopes_audit",
        "DELETE FROM scopes_audit WHERE seq = 1",
    ];
    if database.is_postgres() {
        attempts.push("TRUNCATE scopes_audit");
    } else {
        attempts.push(
            "INSERT OR REPLACE INTO scopes_audit (seq, at, action, token_id) SELECT seq, 0, 'x', 'x' FROM scopes_audit",
        );
    }
    for attempt in attempts {
        let refused = database.execute(attempt).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{attempt}: {refused}");
    }
    let entries = store.audit_of_all_owners(0, 10).await.unwrap();
    assert_eq!((entries.len(), entries[0].actor()), (1, Some("u")));
}

pub(crate) async fn no_table_holds_a_secret(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let new = store.of_subject("u").rotate(made.id(), std::time::Duration::from_secs(60)).await.unwrap();
    grant_of(&store, &new).await.unwrap();
    store.write_last_used().await.unwrap();
    let texts = [
        "SELECT id || name || scopes || tenants || COALESCE(subject, '') FROM scopes_tokens",
        "SELECT checksum FROM scopes_secrets",
        "SELECT token_id FROM scopes_uses",
        "SELECT action || token_id || COALESCE(actor, '') || COALESCE(actor_token, '') FROM scopes_audit",
    ];
    for secret in [made.secret().reveal(), new.secret().reveal()] {
        // The last six characters are stored, to recognise the token by.
        let body = &secret["acme_".len()..secret.len() - 6];
        for text in texts {
            assert!(database.texts(text).await.iter().all(|found| !found.contains(body)), "{text}");
        }
        assert!(!format!("{made:?} {new:?} {store:?}").contains(body));
        if let Database::Sqlite(_, file) = &database {
            for end in ["", "-wal"] {
                let bytes = std::fs::read(format!("{}{end}", file.display())).unwrap();
                assert!(!bytes.windows(body.len()).any(|part| part == body.as_bytes()), "{end}");
            }
        }
    }
    // The contents of a stolen database open no route.
    use scopes::Verifier as _;
    let digest = made.secret().digest().to_hex();
    for text in [digest.clone(), format!("acme_{digest}"), made.id().to_owned()] {
        assert!(store.verify(&text).await.unwrap().is_none());
    }
}

pub(crate) async fn beside_the_applications_migrations(database: Database) {
    const TABLE: &str = "CREATE TABLE jobs (id TEXT NOT NULL PRIMARY KEY)";
    let migrator = || {
        Migrator::with_migrations(vec![Migration::new(
            1,
            "jobs".into(),
            MigrationType::Simple,
            TABLE.into_sql_str(),
            false,
        )])
    };
    for _ in 0..2 {
        match &database {
            Database::Sqlite(pool, _) => migrator().run(pool).await.unwrap(),
            Database::Postgres(pool, _) => migrator().run(pool).await.unwrap(),
        }
        Store::<api::Scope>::new(database.pool(), FORMAT).migrate().await.unwrap();
    }
    assert_eq!(database.number("SELECT COUNT(*) FROM _sqlx_migrations").await, 1);
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_migrations").await, 1);
}
