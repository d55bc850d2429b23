//! Replacing the secret of a token.

use std::time::Duration;

use scopes::{Grant, Scope};

use crate::access::Access;
use crate::audit::{self, Actor};
use crate::clock;
use crate::database::{AnyConnection, Statement};
use crate::error::{Error, Invalid, NotYours};
use crate::issue::insert_secret;
use crate::owner::{self, Owner, id_list};
use crate::store::{ForgetOnDrop, Store};
use crate::token::Made;

/// The longest time for which an old secret stays valid.
const MAX_GRACE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Rotates the token that the request came with.
pub(crate) async fn rotate_own<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
    holder: &Grant<S>,
    grace: Duration,
) -> Result<Made<S>, Error<S>> {
    let id = holder.token_id().ok_or(NotYours::NoToken)?;
    // For a grant without a version, uses a version that the store never writes.
    let version = holder.token_version().map_or(-1, i64::from);
    let actor = Actor::new(holder.subject(), Some(id))?;
    let _forget = ForgetOnDrop(store);
    let mut held = access.hold().await?;
    let mut begun = held.begin().await?;
    let made = replace(store, &mut begun.connection(), id, grace, actor, Some(version)).await;
    let made = match made {
        // The error does not disclose anything, because the holder knows that the token exists.
        Err(Error::NotFound) => Err(NotYours::Ended.into()),
        made => made,
    }?;
    begun.commit().await?;
    Ok(made)
}

/// Rotates a token on behalf of its owner.
pub(crate) async fn rotate_of<S: Scope>(owner: &Owner<'_, S>, id: &str, grace: Duration) -> Result<Made<S>, Error<S>> {
    let (store, access) = owner.parts();
    let actor = owner.acting()?;
    let _forget = ForgetOnDrop(store);
    let mut held = access.hold().await?;
    let mut begun = held.begin().await?;
    let mut connection = begun.connection();
    // Subject and tenants of a token never change, so this may come before the lock.
    let token = owner.find(&mut connection, id).await?;
    owner.must_own_whole(&token)?;
    let presented = match owner.holder() {
        None => None,
        Some((own, version)) if own == id => Some(version),
        Some(_) => return Err(NotYours::OtherToken.into()),
    };
    let made = replace(store, &mut connection, id, grace, actor, presented).await?;
    begun.commit().await?;
    Ok(made)
}

async fn replace<S: Scope>(
    store: &Store<S>,
    connection: &mut AnyConnection<'_>,
    id: &str,
    grace: Duration,
    actor: Actor<'_>,
    presented: Option<i64>,
) -> Result<Made<S>, Error<S>> {
    if grace > MAX_GRACE {
        return Err(Invalid::Grace.into());
    }
    let secret = store.format.generate()?;
    // Waits for other transactions that issue tokens with this one, or that revoke it.
    let statement =
        Statement::new("SELECT number, version, not_before, expires_at, revoked_at FROM scopes_tokens WHERE id = $1")
            .either("", " FOR NO KEY UPDATE")
            .bind(id);
    let row = connection.optional(statement).await?.ok_or(Error::NotFound)?;
    let now = store.settings.clock.now();
    let is_in_use = row.optional_number("revoked_at")?.is_none()
        && row.optional_number("expires_at")?.is_none_or(|end| now < end)
        && (presented.is_none() || row.optional_number("not_before")?.is_none_or(|begin| begin <= now));
    if !is_in_use {
        return Err(Error::NotFound);
    }
    let version = row.number("version")?;
    if presented.is_some_and(|presented| presented != version) {
        return Err(NotYours::Replaced.into());
    }
    // A grant holds the version as 32 bits.
    if version >= i64::from(u32::MAX) {
        return Err(Error::Corrupt("a token that was rotated too often"));
    }

    let number = row.number("number")?;
    let older = Statement::new("DELETE FROM scopes_secrets WHERE token = $1 AND is_current = 0");
    connection.execute(older.bind(number)).await?;
    let old = if grace.is_zero() {
        Statement::new("DELETE FROM scopes_secrets WHERE token = $1 AND is_current = 1").bind(number)
    } else {
        let until = clock::after(now, grace).ok_or(Invalid::Grace)?;
        Statement::new("UPDATE scopes_secrets SET is_current = 0, valid_until = $2 WHERE token = $1 AND is_current = 1")
            .bind(number)
            .bind(until)
    };
    connection.execute(old).await?;
    insert_secret(connection, id, &secret).await?;
    let next = Statement::new("UPDATE scopes_tokens SET version = version + 1 WHERE id = $1");
    connection.execute(next.bind(id)).await?;
    audit::write(connection, "rotated", &id_list([id]), actor, now).await?;
    let token = owner::find(connection, None, None, id).await?.ok_or(Error::NotFound)?;
    Ok(Made::new(token, secret))
}
