//! Databases from before the token store keep their tokens in tables of their own. Copies these
//! tokens to the store, once, and then drops the old tables.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use scopes::tokens::TokenDigest;
use scopes_store::{ImportedToken, Store as TokenStore};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqlitePool};

use super::StoreError;
use crate::catalogue::api;

const DROP: &str = include_str!("../../migrations/sqlite/0002_token_store.sql");

/// Copies the old tokens and drops their tables, in one transaction. Does nothing if the tables are
/// gone.
pub(super) async fn adopt(pool: &SqlitePool, tokens: &TokenStore<api::Scope>) -> Result<(), StoreError> {
    // Another program on the same file waits here.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'tokens'")
        .fetch_one(&mut *transaction)
        .await?;
    if found == 0 {
        return Ok(());
    }
    // A token's issuer was inserted before the token.
    let rows = sqlx::query(
        "SELECT tokens.*, (SELECT group_concat(scope, ' ' ORDER BY position) FROM token_scopes \
         WHERE token_id = tokens.id) AS scopes FROM tokens ORDER BY rowid",
    )
    .fetch_all(&mut *transaction)
    .await?;
    let mut last = SystemTime::UNIX_EPOCH;
    for row in rows {
        let token = old_token(&row, &mut last)?;
        tokens.within(&mut transaction).import(token).await?;
    }
    sqlx::raw_sql(DROP).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Reads a row. `last` is the time of the token before it. The old times are whole seconds, so a
/// token of the same second gets a slightly later time, which keeps the order of the list.
fn old_token(row: &SqliteRow, last: &mut SystemTime) -> Result<ImportedToken, StoreError> {
    let digest: Vec<u8> = row.try_get("digest")?;
    let digest = digest.try_into().map_err(|_| StoreError::Corrupt("a digest that is not 32 bytes long"))?;
    let created_at = time(row.try_get("created_at")?)?;
    let after = *last + Duration::from_micros(1);
    let is_same_second = after > created_at && after < created_at + Duration::from_secs(1);
    *last = if is_same_second { after } else { created_at };
    let scopes: Option<String> = row.try_get("scopes")?;
    let id: String = row.try_get("id")?;
    let environment_id: String = row.try_get("environment_id")?;
    let token = ImportedToken::of_digest(id, TokenDigest::from_bytes(digest), row.try_get::<String, _>("checksum")?)
        .name(row.try_get::<String, _>("note")?)
        .subject(row.try_get::<String, _>("created_by")?)
        .scope_names(scopes.unwrap_or_default())
        .tenant(&environment_id)
        .map_err(|_| StoreError::Corrupt("an environment that cannot be a tenant"))?
        .created_at(*last);
    let token = match row.try_get::<Option<String>, _>("issuer_token_id")? {
        Some(issuer) => token.issuer(issuer),
        None => token,
    };
    Ok(match row.try_get::<Option<String>, _>("revoked_at")? {
        Some(revoked_at) => token.revoked_at(time(&revoked_at)?),
        None => token,
    })
}

fn time(text: &str) -> Result<SystemTime, StoreError> {
    let time: Timestamp = text.parse().map_err(|_| StoreError::Corrupt("a time that cannot be read"))?;
    Ok(time.into())
}

#[cfg(test)]
mod tests {
    use scopes::Verifier as _;
    use scopes_store::Page;
    use sqlx::sqlite::SqlitePoolOptions;

    use super::super::Store;
    use super::*;
    use crate::database::Database;
    use crate::verifiers::TOKENS;
    use crate::wire::TokenList;

    const TOKEN: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

    /// A database as the program made it before the token store, with four tokens.
    async fn old_database() -> SqlitePool {
        let options = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = options.connect("sqlite::memory:").await.unwrap();
        Database::from(pool.clone()).migrate().await.unwrap();
        let rows = "
            INSERT INTO environments VALUES ('e1', 'Example', 'live');
            INSERT INTO admins VALUES ('a1', 'ada', 'Ada', 'Byron', 'ada@example.com');
            INSERT INTO memberships VALUES ('a1', 'e1', 'all.read');
            INSERT INTO tokens VALUES
                ('t9', X'36a207a7616709ef951dc9cc9c55681caa20638e4222bd6b6d990fc69c31dcd8', '4n3LFC', 'first é',
                 'a1', '2023-11-07T05:31:56Z', 1, 'e1', NULL, NULL),
                ('t5', X'0505050505050505050505050505050505050505050505050505050505050505', 'aaaaaa', 'child',
                 'a1', '2023-11-07T05:31:56Z', 1, 'e1', 't9', NULL),
                ('t1', X'0101010101010101010101010101010101010101010101010101010101010101', 'bbbbbb', '',
                 'a1', '2023-11-07T05:31:56Z', 1, 'e1', NULL, NULL),
                ('t0', X'0707070707070707070707070707070707070707070707070707070707070707', 'cccccc', 'gone',
                 'a1', '2023-11-08T00:00:00Z', 0, 'e1', NULL, '2023-11-09T00:00:00Z');
            INSERT INTO token_scopes VALUES ('t9', 0, 'flow.write'), ('t9', 1, 'all.read'), ('t5', 0, 'since.gone');
        ";
        sqlx::raw_sql(rows).execute(&pool).await.unwrap();
        pool
    }

    #[tokio::test]
    async fn an_old_database_keeps_its_tokens() {
        let pool = old_database().await;
        let store = Store::prepare(Database::from(pool.clone())).await.unwrap();
        let grant = store.tokens.verify(TOKEN).await.unwrap().unwrap();
        assert_eq!((grant.subject(), grant.token_id()), (Some("a1"), Some("t9")));
        assert_eq!(grant.scopes(), api::Scope::AllRead | api::Scope::FlowWrite);
        assert!(grant.tenants().covers("e1"));
        assert_eq!(TOKENS.parse(TOKEN).unwrap().checksum(), "4n3LFC");

        // The list is byte for byte the answer of the earlier program.
        let page = store.tokens.of_tenant("e1").list(Page::first(100)).await.unwrap();
        let list = TokenList::new(page, &store).await.unwrap();
        let by = r#""createdBy":{"id":"a1","alias":"ada","firstName":"Ada","lastName":"Byron","email":"ada@example.com"},"createdAt":"2023-11-07T05:31:56Z""#;
        let of = r#""projectEnvironmentId":"e1","projectEnvironment":{"id":"e1"}"#;
        let expected = [
            format!(
                r#"{{"id":"t9","checksum":"4n3LFC",{by},"note":"first é",{of},"scopes":["flow.write","all.read"]}}"#
            ),
            format!(r#"{{"id":"t5","checksum":"aaaaaa",{by},"note":"child",{of},"scopes":["since.gone"]}}"#),
            format!(r#"{{"id":"t1","checksum":"bbbbbb",{by},"note":"",{of},"scopes":[]}}"#),
        ];
        assert_eq!(serde_json::to_string(&list).unwrap(), format!(r#"{{"tokens":[{}]}}"#, expected.join(",")));
        let gone = store.tokens.of_tenant("e1").get("t0").await.unwrap();
        assert!(gone.revoked_at().is_some());
        assert_eq!(store.tokens.of_tenant("e1").revoke("t9").await.unwrap(), 2, "with what it had issued");

        // A second start finds nothing to do.
        let again = Store::prepare(Database::from(pool.clone())).await.unwrap();
        assert!(again.tokens.verify(TOKEN).await.unwrap().is_none());
        let left: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE name LIKE 'token%'")
            .fetch_all(&pool)
            .await
            .unwrap();
        assert_eq!(left, [""; 0]);
    }

    #[tokio::test]
    async fn nothing_is_dropped_if_one_token_cannot_be_copied() {
        let pool = old_database().await;
        sqlx::raw_sql("UPDATE tokens SET created_at = 'yesterday' WHERE id = 't1'").execute(&pool).await.unwrap();
        assert!(Store::prepare(Database::from(pool.clone())).await.is_err());
        let count = async |table: &str| -> i64 {
            let statement = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            sqlx::query_scalar(statement).fetch_one(&pool).await.unwrap()
        };
        assert_eq!((count("tokens").await, count("scopes_tokens").await), (4, 0));
    }
}
