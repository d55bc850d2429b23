//! Revoking tokens together with everything that they have issued.

use scopes::Scope;

use crate::access::Access;
use crate::audit::{self, Actor};
use crate::database::{AnyConnection, Statement};
use crate::error::{Error, Invalid};
use crate::owner::id_list;
use crate::store::{ForgetOnDrop, Store};

/// How often a call is made again if the database stopped it in favour of another transaction.
const ATTEMPTS: u32 = 5;

/// The tokens to begin with: those of an owner, or one of them.
pub(crate) struct Roots {
    pub(crate) subject: Option<String>,
    pub(crate) tenant: Option<String>,
    pub(crate) id: Option<String>,
}

pub(crate) async fn revoke<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
    roots: &Roots,
    actor: Actor<'_>,
) -> Result<u64, Error<S>> {
    let mut attempt = 1;
    loop {
        match once(store, access, roots, actor).await {
            Err(error) if error.is_conflict() && access.may_repeat() && attempt < ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}

async fn once<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
    roots: &Roots,
    actor: Actor<'_>,
) -> Result<u64, Error<S>> {
    // PostgreSQL refuses such texts, and no token has them.
    let texts = [&roots.subject, &roots.tenant, &roots.id];
    if texts.into_iter().flatten().any(|text| text.contains('\0')) {
        return Ok(0);
    }
    let now = store.settings.clock.now();
    // The cache forgets its answers even if the answer to the commit is lost.
    let _forget = ForgetOnDrop(store);
    let mut held = access.hold().await?;
    let mut begun = held.begin().await?;
    let mut connection = begun.connection();
    must_see_commits(&mut connection).await?;
    let mut revoked = 0;
    // A transaction that issues a token holds its issuer's row. This loop waits for it when it
    // locks that row, and finds the new token in the next round, because each statement sees what
    // was committed before it began. After the last round, every token in use that descends from
    // the roots is locked and revoked. A later attempt to issue with such a token finds that it is
    // revoked.
    loop {
        let ids = lock(&mut connection, roots).await?;
        if ids.is_empty() {
            break;
        }
        let list = id_list(ids.iter().map(String::as_str));
        let statement = Statement::new("UPDATE scopes_tokens SET revoked_at = $1 WHERE revoked_at IS NULL AND id IN (")
            .either("SELECT value FROM json_each($2)", "SELECT json_array_elements_text(CAST($2 AS json))")
            .push(")")
            .bind(now)
            .bind(list.as_str());
        revoked += connection.execute(statement).await?;
        audit::write(&mut connection, "revoked", &list, actor, now).await?;
    }
    begun.commit().await?;
    Ok(revoked)
}

/// Under a higher isolation level, PostgreSQL would not show tokens that were issued after the
/// transaction's first statement.
async fn must_see_commits<S: Scope>(connection: &mut AnyConnection<'_>) -> Result<(), Error<S>> {
    if !connection.is_postgres() {
        return Ok(());
    }
    let statement = Statement::new("SELECT current_setting('transaction_isolation') AS level");
    let level = connection.optional(statement).await?.map_or(Ok(String::new()), |row| row.text("level"))?;
    if level == "read committed" { Ok(()) } else { Err(Invalid::IsolationLevel.into()) }
}

/// Locks the tokens in use that are, or descend from, the roots. Issuers come before what they have
/// issued, so that two revocations lock in the same order.
async fn lock(connection: &mut AnyConnection<'_>, roots: &Roots) -> sqlx::Result<Vec<String>> {
    let statement = Statement::new("WITH RECURSIVE gone (id) AS (SELECT t.id FROM ");
    let statement = match &roots.tenant {
        Some(tenant) => statement
            .push("scopes_token_tenants x JOIN scopes_tokens t ON t.id = x.token_id WHERE x.tenant = ")
            .value(tenant.as_str())
            .push(" AND "),
        None => statement.push("scopes_tokens t WHERE "),
    };
    let statement = match &roots.subject {
        Some(subject) => statement.push("t.subject = ").value(subject.as_str()).push(" AND "),
        None => statement,
    };
    let statement = match &roots.id {
        Some(id) => statement.push("t.id = ").value(id.as_str()),
        // Also those that are revoked by now: in a later round, the roots of this very call.
        None => statement.push("TRUE"),
    };
    let statement = statement
        .push(
            " UNION SELECT t.id FROM scopes_tokens t JOIN gone ON t.issuer_id = gone.id) \
             SELECT t.id FROM scopes_tokens t JOIN gone ON gone.id = t.id WHERE t.revoked_at IS NULL \
             ORDER BY t.created_at, t.id",
        )
        // Not `FOR UPDATE`, because inserts into tables with a foreign key to this one would wait
        // for it.
        .either("", " FOR NO KEY UPDATE OF t");
    connection.all(statement).await?.iter().map(|row| row.text("id")).collect()
}
