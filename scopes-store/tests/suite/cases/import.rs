//! Tokens of another table.

use std::time::{Duration, SystemTime};

use scopes::Verifier as _;
use scopes::tokens::ParseTokenError;
use scopes_store::{Error, ImportedToken, Invalid};

use crate::database::{Database, FORMAT};
use crate::named;

pub(crate) async fn an_imported_token_works_and_keeps_what_it_had(database: Database) {
    let store = database.store().await;
    let token = FORMAT.generate().unwrap();
    let created = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    let imported = ImportedToken::of_text("17", token.reveal(), &FORMAT).unwrap();
    let imported = imported
        .name("old")
        .subject("u")
        .scope_names("users.write gone.since users.read")
        .tenant("E1")
        .unwrap()
        .created_at(created)
        .last_used(created + Duration::from_secs(5))
        .data(serde_json::json!([1]));
    assert!(!format!("{imported:?}").contains(token.reveal()));
    store.import(imported).await.unwrap();
    let stored = store.of_subject("u").get("17").await.unwrap();
    assert_eq!((stored.name(), stored.created_at()), ("old", created));
    assert_eq!(stored.last_used(), Some(created + Duration::from_secs(5)));
    assert_eq!(stored.scope_names().collect::<Vec<_>>(), ["users.write", "gone.since", "users.read"]);
    assert_eq!(stored.checksum(), token.checksum());
    let grant = store.verify(token.reveal()).await.unwrap().unwrap();
    assert_eq!(grant.scopes().to_string(), "users.read users.write");
    // It is a token like the others.
    let child = store.issue(&grant, named("child")).await.unwrap();
    assert_eq!(store.of_subject("u").revoke("17").await.unwrap(), 2);
    assert!(store.verify(child.secret().reveal()).await.unwrap().is_none());
    assert_eq!(store.of_subject("u").audit("17").await.unwrap()[0].action(), "imported");
}

pub(crate) async fn what_is_not_of_the_format_is_refused(database: Database) {
    let store = database.store().await;
    let text = FORMAT.generate().unwrap().reveal().to_owned();
    for (text, reason) in [
        ("acme_1234", ParseTokenError::Length),
        ("1234", ParseTokenError::Prefix),
        (&format!("{}!", &text[..text.len() - 1]), ParseTokenError::Alphabet),
        (
            &format!("{}{}", &text[..text.len() - 1], if text.ends_with('0') { '1' } else { '0' }),
            ParseTokenError::Checksum,
        ),
    ] {
        assert_eq!(ImportedToken::of_text("1", text, &FORMAT).unwrap_err(), reason, "{text}");
    }
    let token = FORMAT.generate().unwrap();
    let with = |id: &str, checksum: &str| ImportedToken::of_digest(id, token.digest(), checksum);
    for (imported, reason) in [
        (with("", "abcdef"), Invalid::Id),
        (with("1", "abcde"), Invalid::Checksum),
        (with("1", "abcde!"), Invalid::Checksum),
        (with("1", "abcdef").name("\0"), Invalid::Name),
        (with("1", "abcdef").subject(""), Invalid::Subject),
        (with("1", "abcdef").scope_names("a\tb"), Invalid::ScopeName),
        (with("1", "abcdef").scope_names("a\0"), Invalid::ScopeName),
        (with("1", "abcdef").issuer("unknown"), Invalid::Issuer),
    ] {
        let refused = store.import(imported).await;
        assert!(matches!(&refused, Err(Error::Invalid(found)) if *found == reason), "{reason:?}: {refused:?}");
    }
    store.import(with("1", "abcdef")).await.unwrap();
    assert!(matches!(store.import(with("1", "abcdef")).await, Err(Error::Invalid(Invalid::IdTaken))));
    assert!(store.import(with("2", "abcdef")).await.is_err(), "the digest is taken");
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_tokens").await, 1);
}

pub(crate) async fn an_imported_child_ends_with_its_issuer(database: Database) {
    let store = database.store().await;
    let now = SystemTime::now();
    let digest = |id: &str| {
        let token = FORMAT.generate().unwrap();
        (ImportedToken::of_digest(id, token.digest(), token.checksum()).subject("u"), token)
    };
    let (root, _) = digest("root");
    store.import(root.revoked_at(now).expires_at(now + Duration::from_secs(60))).await.unwrap();
    // The old table had not revoked the child with its issuer.
    let (child, secret) = digest("child");
    store.import(child.issuer("root").expires_at(now + Duration::from_secs(600))).await.unwrap();
    let stored = store.of_subject("u").get("child").await.unwrap();
    let issuer = store.of_subject("u").get("root").await.unwrap();
    assert_eq!((stored.revoked_at(), stored.expires_at()), (issuer.revoked_at(), issuer.expires_at()));
    assert!(store.verify(secret.reveal()).await.unwrap().is_none());
}
