//! Owners: each sees and manages its own tokens.

use std::time::Duration;

use scopes::Tenants;
use scopes_store::{Error, NewToken, NotYours, Page, Token};

use crate::database::Database;
use crate::{api, grant_of, named, session};

pub(crate) async fn an_owner_sees_its_own_tokens_only(database: Database) {
    let store = database.store().await;
    let mine = store.issue(&session("u"), named("mine")).await.unwrap();
    let theirs = store.issue(&session("v"), named("theirs")).await.unwrap();
    let owner = store.of_subject("u");
    assert_eq!(owner.list(Page::first(5)).await.unwrap().tokens().len(), 1);
    assert_eq!(owner.get(mine.id()).await.unwrap().name(), "mine");

    assert!(matches!(owner.get(theirs.id()).await, Err(Error::NotFound)));
    assert!(matches!(owner.rename(theirs.id(), "x").await, Err(Error::NotFound)));
    assert!(matches!(owner.rotate(theirs.id(), Duration::ZERO).await, Err(Error::NotFound)));
    assert!(matches!(owner.revoke(theirs.id()).await, Err(Error::NotFound)));
    assert!(matches!(owner.audit(theirs.id()).await, Err(Error::NotFound)));
    assert!(grant_of(&store, &theirs).await.is_some(), "nothing has changed");
    assert_eq!(store.of_subject("v").get(theirs.id()).await.unwrap().name(), "theirs");

    let other = store.of_tenant("E2");
    assert!(matches!(other.get(mine.id()).await, Err(Error::NotFound)));
    assert!(matches!(other.revoke(mine.id()).await, Err(Error::NotFound)));
    assert_eq!(other.revoke_all().await.unwrap(), 0);
    assert_eq!(store.of_tenant("E1").list(Page::first(5)).await.unwrap().tokens().len(), 2);
    assert_eq!(store.of_all_owners().list(Page::first(5)).await.unwrap().tokens().len(), 2);

    owner.rename(mine.id(), "renamed").await.unwrap();
    assert_eq!(owner.get(mine.id()).await.unwrap().name(), "renamed");
    owner.by("u").revoke(mine.id()).await.unwrap();
    assert!(matches!(store.of_subject("u").rename(mine.id(), "x").await, Err(Error::NotFound)), "it has ended");
    assert!(store.of_subject("u").get(mine.id()).await.unwrap().revoked_at().is_some());
    let history = store.of_subject("u").audit(mine.id()).await.unwrap();
    let told: Vec<_> = history.iter().map(|entry| (entry.action(), entry.actor())).collect();
    assert_eq!(told, [("issued", Some("u")), ("renamed", None), ("revoked", Some("u"))]);
    assert!(history.iter().all(|entry| entry.token_id() == mine.id() && entry.subject() == Some("u")));
    assert!(history[0].number() < history[1].number() && history[0].at() <= history[2].at());
}

pub(crate) async fn pages_do_not_shift(database: Database) {
    let store = database.store().await;
    // All tokens are issued at one moment, so that their ids decide the order.
    let now = std::time::SystemTime::now();
    let store = store.clock(move || now);
    for at in 0..7 {
        store.issue(&session("u"), named(&at.to_string())).await.unwrap();
        store.issue(&session("v"), named("other")).await.unwrap();
    }
    for owner in [store.of_subject("u"), store.of_subject("u").in_tenant("E1")] {
        let whole: Vec<_> = owner.list(Page::first(50)).await.unwrap().into_iter().map(|t| t.id().to_owned()).collect();
        assert_eq!(whole.len(), 7);
        assert!(whole.is_sorted(), "in the order of bytes on both databases");
        let mut found = Vec::new();
        let mut page = Page::first(3);
        let mut pages = 0;
        loop {
            let read = owner.list(page).await.unwrap();
            let next = read.next_cursor().map(str::to_owned);
            found.extend(read.into_iter().map(|token| token.id().to_owned()));
            pages += 1;
            let Some(next) = next else { break };
            page = Page::after(&next, 3).unwrap();
        }
        assert_eq!((found, pages), (whole, 3));
    }
    // A page ends with the list: no cursor, no empty page after it.
    assert_eq!(store.of_subject("u").list(Page::first(7)).await.unwrap().next_cursor(), None);
    // The token at the cursor may be gone, and a token may end between two pages.
    let first = store.of_subject("u").list(Page::first(2)).await.unwrap();
    let cursor = first.next_cursor().unwrap().to_owned();
    for token in first {
        store.of_subject("u").revoke(token.id()).await.unwrap();
    }
    let rest = store.of_subject("u").list(Page::after(&cursor, 50).unwrap()).await.unwrap();
    assert_eq!(rest.tokens().len(), 5);
    let all = store.of_all_owners().list(Page::first(50)).await.unwrap();
    assert_eq!(all.tokens().len(), 12);
    let all = store.of_tenant("E1").list(Page::first(50).with_ended()).await.unwrap();
    assert_eq!(all.tokens().len(), 14);
}

pub(crate) async fn shared_tokens_are_not_renamed_or_rotated_by_one_tenant(database: Database) {
    let store = database.store().await;
    let both = NewToken::named("both").tenants(Tenants::only(["E1", "E2"]).unwrap());
    let both = store.issue(&session("u"), both).await.unwrap();
    let own = store.issue(&session("u"), named("own")).await.unwrap();
    let tenant = store.of_tenant("E1");
    assert_eq!(tenant.list(Page::first(5)).await.unwrap().tokens().len(), 2);
    let refused = tenant.rename(both.id(), "x").await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::SharedWithOtherTenants))), "{refused:?}");
    let refused = tenant.rotate(both.id(), Duration::ZERO).await;
    assert!(matches!(refused, Err(Error::NotYours(NotYours::SharedWithOtherTenants))), "{refused:?}");
    assert!(tenant.rename(own.id(), "x").await.is_ok() && tenant.rotate(own.id(), Duration::ZERO).await.is_ok());
    // A tenant may take rights away without the consent of other tenants.
    assert_eq!(tenant.revoke(both.id()).await.unwrap(), 1);
    assert!(grant_of(&store, &both).await.is_none());
}

pub(crate) async fn a_subject_in_a_tenant(database: Database) {
    let store = database.store().await;
    let here = store.issue(&session("u"), named("here")).await.unwrap();
    let there = NewToken::<api::Scope>::named("there").tenant("E2").unwrap();
    let there = store.issue(&session("u"), there).await.unwrap();
    let colleague = store.issue(&session("v"), named("colleague")).await.unwrap();
    let owner = store.of_subject("u").in_tenant("E1");
    let page = owner.list(Page::first(5)).await.unwrap();
    assert_eq!(page.tokens().iter().map(Token::name).collect::<Vec<_>>(), ["here"]);
    let page = owner.list(Page::first(5).with_ended()).await.unwrap();
    assert_eq!(page.tokens().len(), 1);
    for other in [&there, &colleague] {
        assert!(matches!(owner.get(other.id()).await, Err(Error::NotFound)));
        assert!(matches!(owner.revoke(other.id()).await, Err(Error::NotFound)));
    }
    assert_eq!(owner.revoke_all().await.unwrap(), 1);
    assert!(grant_of(&store, &here).await.is_none());
    assert!(grant_of(&store, &there).await.is_some() && grant_of(&store, &colleague).await.is_some());
}
