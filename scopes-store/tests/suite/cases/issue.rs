//! Issuing: what is stored, what is refused.

use std::time::{Duration, SystemTime};

use scopes::Tenants;
use scopes::tokens::IssueError;
use scopes_store::{Error, Invalid, NewToken, NotYours, Page};
use serde_json::json;

use crate::database::Database;
use crate::{api, grant_of, named, session};

pub(crate) async fn a_token_comes_back_as_it_was_issued(database: Database) {
    let store = database.store().await;
    let begin = SystemTime::now() - Duration::from_secs(60);
    let data = json!({"plan": "free", "text": "\u{0}\u{1F511}", "list": [1, 2.5, null]});
    let new = NewToken::named("ci \u{1F511} \n'; --")
        .scopes(api::Scope::UsersWrite)
        .scopes(api::Scope::AllRead)
        .scopes(api::Scope::UsersWrite)
        .tenants(Tenants::only(["E2", "E1"]).unwrap())
        .expires_in(Duration::from_secs(3600))
        .not_before(begin)
        .data(data.clone());
    let made = store.issue(&session("ann@example.com"), new).await.unwrap();
    let token = store.of_subject("ann@example.com").get(made.id()).await.unwrap();
    for token in [&token, made.token()] {
        assert_eq!((token.id(), token.name()), (made.id(), "ci \u{1F511} \n'; --"));
        assert_eq!(token.subject(), Some("ann@example.com"));
        assert_eq!(token.scope_names().collect::<Vec<_>>(), ["users.write", "all.read"]);
        assert_eq!(token.scopes(), api::Scope::UsersWrite | api::Scope::AllRead);
        assert_eq!(token.tenants().iter().collect::<Vec<_>>(), ["E1", "E2"]);
        assert_eq!(token.data(), Some(&data));
        assert_eq!((token.issuer_id(), token.revoked_at(), token.last_used()), (None, None, None));
        assert_eq!(token.expires_at().unwrap(), token.created_at() + Duration::from_secs(3600));
        assert!(token.not_before().unwrap().duration_since(begin).unwrap_or_default() < Duration::from_micros(1));
        assert!(made.secret().reveal().ends_with(token.checksum()));
    }
    let grant = grant_of(&store, &made).await.unwrap();
    assert_eq!((grant.subject(), grant.token_id()), (Some("ann@example.com"), Some(made.id())));
    assert_eq!((grant.scopes(), grant.tenants()), (token.scopes(), token.tenants()));
    assert_eq!(grant.token_version(), Some(0));

    // A token without anything, not even a name.
    let bare = store.issue(&api::Grant::new(api::Scopes::new()), NewToken::named("")).await.unwrap();
    assert_eq!((bare.token().subject(), bare.token().data(), bare.token().expires_at()), (None, None, None));
    assert_eq!(bare.token().scope_names().count(), 0);
    assert_eq!(*grant_of(&store, &bare).await.unwrap().tenants(), Tenants::None);
}

pub(crate) async fn what_the_issuer_lacks_is_refused(database: Database) {
    let store = database.store().await;
    let reader = api::Grant::new(api::Scope::AllRead).for_tenant("E1").unwrap().with_subject("u");
    let refused = store.issue(&reader, named("n").scopes(api::Scope::UsersWrite)).await;
    assert!(matches!(refused, Err(Error::NotToGive(IssueError::ScopesNotHeld(_)))), "{refused:?}");
    let refused = store.issue(&reader, named("n").tenant("E2").unwrap()).await;
    assert!(matches!(refused, Err(Error::NotToGive(IssueError::TenantNotHeld(_)))), "{refused:?}");
    let operator = reader.clone().for_any_tenant();
    let refused = store.issue(&operator, NewToken::named("n").tenants(Tenants::Any)).await;
    assert!(matches!(refused, Err(Error::NotToGive(IssueError::AnyTenantRequested))), "{refused:?}");
    assert!(store.of_all_owners().list(Page::first(1)).await.unwrap().tokens().is_empty());

    // A token may pass on its own scopes and the scopes that they include.
    let all = store.issue(&reader, NewToken::named("n").scopes(api::Scope::AllRead)).await.unwrap();
    let all = grant_of(&store, &all).await.unwrap();
    assert!(store.issue(&all, NewToken::named("n").scopes(api::Scope::UsersRead)).await.is_ok());
    let refused = store.issue(&all, named("n")).await;
    assert!(matches!(refused, Err(Error::NotToGive(IssueError::TenantNotHeld(_)))), "the token has no tenant");
}

pub(crate) async fn a_token_issues_within_its_own_lifetime(database: Database) {
    let store = database.store().await;
    let hour = Duration::from_secs(3600);
    let parent = store.issue(&session("u"), named("parent").expires_in(hour)).await.unwrap();
    let end = parent.token().expires_at();
    let grant = grant_of(&store, &parent).await.unwrap();
    for (new, is_cut) in [
        (named("unset"), true),
        (named("longer").expires_in(2 * hour), true),
        (named("far").expires_in(Duration::from_secs(i64::MAX as u64 / 2_000_000)), true),
        (named("shorter").expires_in(hour / 2), false),
    ] {
        let child = store.issue(&grant, new).await.unwrap();
        assert_eq!(child.token().issuer_id(), Some(parent.id()));
        assert_eq!(child.token().subject(), Some("u"));
        assert_eq!(child.token().expires_at() == end, is_cut, "{child:?}");
        assert!(child.token().expires_at() <= end, "{child:?}");
    }
    // A token that would begin after its issuer's end is never valid.
    let late = named("late").not_before(end.unwrap());
    assert!(matches!(store.issue(&grant, late).await, Err(Error::Invalid(Invalid::Lifetime))));
    // A session has no end of its own.
    let long = store.issue(&session("u"), named("long").expires_in(1000 * hour)).await.unwrap();
    assert!(long.token().expires_at() > end);
    assert_eq!(store.issue(&session("u"), named("endless")).await.unwrap().token().expires_at(), None);
}

pub(crate) async fn an_ended_token_issues_nothing(database: Database) {
    let store = database.store().await;
    let hour = Duration::from_secs(3600);
    let parent = store.issue(&session("u"), named("parent").expires_in(hour)).await.unwrap();
    let grant = grant_of(&store, &parent).await.unwrap();

    let later = store.clone().clock(move || SystemTime::now() + hour);
    let refused = later.issue(&grant, named("n")).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Ended))), "expired: {refused:?}");

    store.of_subject("u").revoke(parent.id()).await.unwrap();
    let refused = store.issue(&grant, named("n")).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Ended))), "revoked: {refused:?}");

    let unknown = session("u").with_token_id("no such token").with_token_version(0);
    let refused = store.issue(&unknown, named("n")).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Ended))), "unknown: {refused:?}");

    // A grant that other code made with nothing but the id.
    let other = store.issue(&session("u"), named("other")).await.unwrap();
    let refused = store.issue(&session("u").with_token_id(other.id()), named("n")).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Replaced))), "no version: {refused:?}");

    let soon = named("soon").not_before(SystemTime::now() + hour);
    let soon = store.issue(&session("u"), soon).await.unwrap();
    let early = session("u").with_token_id(soon.id()).with_token_version(0);
    let refused = store.issue(&early, named("n")).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::Ended))), "not yet: {refused:?}");
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_tokens").await, 3);
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_secrets").await, 3);
}

pub(crate) async fn what_cannot_be_stored_is_refused_alike(database: Database) {
    let store = database.store().await;
    store.issue(&session("u"), named("n").id("taken")).await.unwrap();
    let deep = (0..200).fold(json!(null), |inner, _| json!([inner]));
    for (new, reason) in [
        (named(&"x".repeat(256)), Invalid::Name),
        (named("a\0b"), Invalid::Name),
        (named("n").id(""), Invalid::Id),
        (named("n").id("a\0b"), Invalid::Id),
        (named("n").id("x".repeat(256)), Invalid::Id),
        (named("n").id("taken"), Invalid::IdTaken),
        (named("n").data(deep), Invalid::Data),
        (named("n").data(json!("x".repeat(20_000))), Invalid::Data),
        (named("n").expires_in(Duration::ZERO), Invalid::Lifetime),
        (named("n").expires_in(Duration::MAX), Invalid::Lifetime),
        (named("n").expires_at(SystemTime::UNIX_EPOCH), Invalid::Lifetime),
        (named("n").expires_in(Duration::from_secs(u64::MAX / 1_000_000)), Invalid::Lifetime),
    ] {
        let refused = store.issue(&session("u"), new).await;
        assert!(matches!(&refused, Err(Error::Invalid(found)) if *found == reason), "{reason:?}: {refused:?}");
    }
    for subject in ["", "a\0b", &"x".repeat(1025)] {
        let refused = store.issue(&session(subject), named("n")).await;
        assert!(matches!(refused, Err(Error::Invalid(Invalid::Subject))), "{refused:?}");
    }
    let mine = store.of_subject("u");
    assert!(matches!(mine.rename("taken", "a\0b").await, Err(Error::Invalid(Invalid::Name))));
    for actor in ["", "a\0b", &"x".repeat(1025)] {
        let by = || store.of_subject("u").by(actor);
        assert!(matches!(by().rename("taken", "n").await, Err(Error::Invalid(Invalid::Subject))));
        assert!(matches!(by().revoke("taken").await, Err(Error::Invalid(Invalid::Subject))));
        assert!(matches!(by().rotate("taken", Duration::ZERO).await, Err(Error::Invalid(Invalid::Subject))));
    }
    // A text that cannot be an id is the id of no token.
    for id in ["a\0b", "", &"x".repeat(5000)] {
        assert!(matches!(mine.get(id).await, Err(Error::NotFound)));
        assert!(matches!(mine.revoke(id).await, Err(Error::NotFound)));
        assert!(matches!(mine.rename(id, "n").await, Err(Error::NotFound)));
        assert!(matches!(mine.rotate(id, Duration::ZERO).await, Err(Error::NotFound)));
        assert!(matches!(mine.audit(id).await, Err(Error::NotFound)));
    }
    assert_eq!(store.of_subject("a\0b").revoke_all().await.unwrap(), 0);
    assert_eq!(store.of_tenant("a\0b").revoke_all().await.unwrap(), 0);
    assert!(store.of_subject("a\0b").list(Page::first(5)).await.unwrap().tokens().is_empty());
    assert!(store.of_subject("u").in_tenant("\0").list(Page::first(5)).await.unwrap().tokens().is_empty());
    assert_eq!(database.number("SELECT COUNT(*) FROM scopes_tokens").await, 1);
}

pub(crate) async fn a_subject_has_a_limit(database: Database) {
    let store = database.store().await.limit(3);
    let now = SystemTime::now();
    for at in 0..3 {
        store.issue(&session("u"), named(&at.to_string()).expires_in(Duration::from_secs(60))).await.unwrap();
    }
    assert!(matches!(store.issue(&session("u"), named("n")).await, Err(Error::LimitReached(3))));
    assert!(store.issue(&session("v"), named("n")).await.is_ok(), "another subject");
    // Tokens that have ended do not count.
    store.of_subject("u").revoke_all().await.unwrap();
    let later = store.clone().clock(move || now + Duration::from_secs(120));
    assert!(later.issue(&session("u"), named("n")).await.is_ok());

    // If many calls run at once, no more of them succeed than the limit allows.
    let asked: Vec<_> = (0..12)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.issue(&session("w"), named("n")).await.is_ok() })
        })
        .collect();
    let mut issued = 0;
    for asked in asked {
        issued += u32::from(asked.await.unwrap());
    }
    assert_eq!(issued, 3);
}

pub(crate) async fn texts_are_never_part_of_a_statement(database: Database) {
    let store = database.store().await;
    let strange = ["%", "_", "' OR 1=1 --", "\"", "$1", "?1", "]]", "[\"x\"]", "\u{202e}", "é", "e\u{301}"];
    for text in strange {
        let new = named(text).id(format!("id {text}"));
        let made = store.issue(&session(text), new).await.unwrap();
        assert_eq!(made.token().name(), text);
    }
    for text in strange {
        let theirs = store.of_subject(text).list(Page::first(50)).await.unwrap();
        assert_eq!(theirs.tokens().len(), 1, "{text}: a text is compared byte for byte");
        assert_eq!(store.of_subject(text).revoke(&format!("id {text}")).await.unwrap(), 1, "{text}");
        assert!(store.of_tenant(text).list(Page::first(50)).await.unwrap().tokens().is_empty(), "{text}");
    }
}
