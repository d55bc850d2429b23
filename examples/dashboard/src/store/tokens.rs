//! API tokens: kept as digests, issued, looked up, listed, revoked.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, SqliteConnection};

use super::{Admin, Store, StoreError};

/// A token in the database, which does not hold the token's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// UUID.
    pub id: String,
    /// SHA-256 of the token's text.
    pub digest: [u8; 32],
    /// The last six characters of the token's text.
    pub checksum: String,
    /// The note of its maker.
    pub note: String,
    /// The administrator who made it, or who made the token that issued it.
    pub created_by: Admin,
    /// The time of its creation.
    pub created_at: Timestamp,
    /// Whether the token is in use, which means not revoked.
    pub active: bool,
    /// The one environment that it is for.
    pub environment_id: String,
    /// The token that it was issued with; `None` if an administrator made it.
    pub issuer_token_id: Option<String>,
    /// The declared scopes by wire name.
    pub scopes: Vec<String>,
}

/// A token to be stored.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// SHA-256 of the token's text.
    pub digest: [u8; 32],
    /// The last six characters of the token's text.
    pub checksum: String,
    /// What its maker writes about it.
    pub note: String,
    /// Id of the administrator who makes it.
    pub created_by: String,
    /// The one environment that it is for.
    pub environment_id: String,
    /// The token that it is issued with.
    pub issuer_token_id: Option<String>,
    /// The declared scopes by wire name, each once.
    pub scopes: Vec<String>,
}

/// Makes a query of the columns of [`Token`] that ends with the given text. It is a macro, because
/// sqlx takes literal statements only.
macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT tokens.*, alias, first_name, last_name, email, \
             (SELECT group_concat(scope, ' ' ORDER BY position) FROM token_scopes WHERE token_id = tokens.id) AS scopes \
             FROM tokens JOIN admins ON admins.id = created_by ",
            $rest
        )
    };
}

impl FromRow<'_, SqliteRow> for Token {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        let created_at: String = row.try_get("created_at")?;
        let scopes: Option<String> = row.try_get("scopes")?;
        Ok(Self {
            id: row.try_get("id")?,
            digest: row
                .try_get::<Vec<u8>, _>("digest")?
                .try_into()
                .map_err(|_| undecodable("digest", "not 32 bytes"))?,
            checksum: row.try_get("checksum")?,
            note: row.try_get("note")?,
            created_by: Admin {
                id: row.try_get("created_by")?,
                alias: row.try_get("alias")?,
                first_name: row.try_get("first_name")?,
                last_name: row.try_get("last_name")?,
                email: row.try_get("email")?,
            },
            created_at: created_at.parse().map_err(|error: jiff::Error| undecodable("created_at", error))?,
            active: row.try_get("active")?,
            environment_id: row.try_get("environment_id")?,
            issuer_token_id: row.try_get("issuer_token_id")?,
            scopes: scopes.iter().flat_map(|names| names.split(' ')).map(str::to_owned).collect(),
        })
    }
}

fn undecodable(column: &str, why: impl Into<sqlx::error::BoxDynError>) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: why.into() }
}

impl Store {
    /// Finds the token in use that has this digest. A revoked token is not found.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn find_by_digest(&self, digest: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        let found = sqlx::query_as(select_tokens!("WHERE digest = ? AND active = 1"))
            .bind(digest.as_slice())
            .fetch_optional(&self.pool)
            .await?;
        Ok(found)
    }

    /// Stores a new token, which is in use from now on.
    ///
    /// # Errors
    ///
    /// [`StoreError::IssuerGone`] if the issuing token was revoked meanwhile or is not of this
    /// environment; else if the database fails or the digest is taken.
    pub async fn insert(&self, new: &NewToken) -> Result<Token, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let id = insert_token(&mut transaction, new).await?;
        let token =
            sqlx::query_as(select_tokens!("WHERE tokens.id = ?")).bind(&id).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Lists the tokens in use of an environment, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn list_for_environment(&self, environment_id: &str) -> Result<Vec<Token>, StoreError> {
        let tokens = sqlx::query_as(select_tokens!("WHERE environment_id = ? AND active = 1 ORDER BY tokens.rowid"))
            .bind(environment_id)
            .fetch_all(&self.pool)
            .await?;
        Ok(tokens)
    }

    /// Lists the tokens in use that an administrator made, in any environment, oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn list_for_admin(&self, admin_id: &str) -> Result<Vec<Token>, StoreError> {
        let tokens = sqlx::query_as(select_tokens!("WHERE created_by = ? AND active = 1 ORDER BY tokens.rowid"))
            .bind(admin_id)
            .fetch_all(&self.pool)
            .await?;
        Ok(tokens)
    }

    /// Revokes a token of an environment, and all tokens that descend from it, in one step. Returns
    /// the number of revoked tokens, or `None` if the environment has no such token in use.
    ///
    /// # Errors
    ///
    /// If the database fails. Then no token is revoked.
    pub async fn revoke(&self, environment_id: &str, token_id: &str) -> Result<Option<u64>, StoreError> {
        // One statement is one transaction, and `UNION` ends on a cycle.
        let revoked = sqlx::query(
            "WITH RECURSIVE issued (id) AS ( \
                 SELECT id FROM tokens WHERE id = ?1 AND environment_id = ?2 AND active = 1 \
                 UNION SELECT tokens.id FROM tokens JOIN issued ON tokens.issuer_token_id = issued.id \
             ) UPDATE tokens SET active = 0, revoked_at = ?3 WHERE active = 1 AND id IN issued",
        )
        .bind(token_id)
        .bind(environment_id)
        .bind(now()?)
        .execute(&self.pool)
        .await?
        .rows_affected();
        Ok((revoked > 0).then_some(revoked))
    }
}

/// Inserts a token within the caller's transaction. Returns the new id.
pub(super) async fn insert_token(connection: &mut SqliteConnection, new: &NewToken) -> Result<String, StoreError> {
    let id = uuid::Uuid::new_v4().to_string();
    // The statement itself checks the issuer, so that no revocation can come between check and
    // insertion.
    let inserted = sqlx::query(
        "INSERT INTO tokens (id, digest, checksum, note, created_by, created_at, active, environment_id, issuer_token_id) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8 WHERE ?8 IS NULL \
         OR EXISTS (SELECT 1 FROM tokens WHERE id = ?8 AND active = 1 AND environment_id = ?7)",
    )
    .bind(&id)
    .bind(new.digest.as_slice())
    .bind(&new.checksum)
    .bind(&new.note)
    .bind(&new.created_by)
    .bind(now()?)
    .bind(&new.environment_id)
    .bind(&new.issuer_token_id)
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(StoreError::IssuerGone);
    }
    for (position, scope) in (0_i64..).zip(&new.scopes) {
        sqlx::query("INSERT INTO token_scopes (token_id, position, scope) VALUES (?, ?, ?)")
            .bind(&id)
            .bind(position)
            .bind(scope)
            .execute(&mut *connection)
            .await?;
    }
    Ok(id)
}

/// The current time in whole seconds, like the example in the documents.
fn now() -> Result<String, StoreError> {
    let second = Timestamp::from_second(Timestamp::now().as_second());
    second.map(|time| time.to_string()).map_err(|_| StoreError::Corrupt("a clock out of range"))
}

#[cfg(test)]
mod tests {
    use super::super::{Contents, Environment, EnvironmentKind};
    use super::*;

    async fn store() -> Store {
        let store = Store::in_memory().await.unwrap();
        let environment =
            |id: &str| Environment { id: id.to_owned(), name: id.to_owned(), kind: EnvironmentKind::Sandbox };
        let admin = |id: &str| Admin {
            id: id.to_owned(),
            alias: "ada".to_owned(),
            first_name: "Ada".to_owned(),
            last_name: "Byron".to_owned(),
            email: "ada@example.com".to_owned(),
        };
        store
            .populate(&Contents {
                environments: vec![environment("a"), environment("b")],
                admins: vec![admin("x"), admin("y")],
                ..Contents::default()
            })
            .await
            .unwrap();
        store
    }

    fn new(digest: u8, environment_id: &str, issuer: Option<&Token>) -> NewToken {
        NewToken {
            digest: [digest; 32],
            checksum: "4n3LFC".to_owned(),
            note: "é".repeat(100),
            created_by: "x".to_owned(),
            environment_id: environment_id.to_owned(),
            issuer_token_id: issuer.map(|token| token.id.clone()),
            scopes: vec!["waas.authenticate".to_owned(), "all.read".to_owned()],
        }
    }

    #[tokio::test]
    async fn a_token_comes_back_as_it_went_in() {
        let store = store().await;
        let token = store.insert(&new(1, "a", None)).await.unwrap();
        assert_eq!(token.scopes, ["waas.authenticate", "all.read"]);
        assert_eq!((token.note.chars().count(), token.active), (100, true));
        assert_eq!((token.created_by.id.as_str(), token.created_by.alias.as_str()), ("x", "ada"));
        assert_eq!(token.digest, [1; 32]);
        assert_eq!(token.created_at.subsec_nanosecond(), 0);
        assert_eq!(store.find_by_digest(&[1; 32]).await.unwrap(), Some(token.clone()));
        assert_eq!(store.find_by_digest(&[2; 32]).await.unwrap(), None);

        let mut bare = new(2, "b", None);
        bare.scopes.clear();
        let bare = store.insert(&bare).await.unwrap();
        assert_eq!(bare.scopes, [""; 0]);
        assert_eq!(store.list_for_environment("a").await.unwrap(), core::slice::from_ref(&token));
        assert_eq!(store.list_for_admin("x").await.unwrap(), [token, bare]);
        assert_eq!(store.list_for_admin("y").await.unwrap(), []);
    }

    #[tokio::test]
    async fn what_breaks_a_rule_is_not_stored() {
        let store = store().await;
        store.insert(&new(1, "a", None)).await.unwrap();
        let changed = |change: fn(&mut NewToken)| {
            let mut token = new(9, "a", None);
            change(&mut token);
            token
        };
        for (name, token) in [
            ("digest taken", changed(|token| token.digest = [1; 32])),
            ("long note", changed(|token| token.note.push('é'))),
            ("scope twice", changed(|token| token.scopes.push("all.read".to_owned()))),
            ("no such environment", changed(|token| "c".clone_into(&mut token.environment_id))),
            ("no such admin", changed(|token| "z".clone_into(&mut token.created_by))),
            ("no such issuer", changed(|token| token.issuer_token_id = Some("?".to_owned()))),
        ] {
            assert!(store.insert(&token).await.is_err(), "{name}");
            assert_eq!(store.find_by_digest(&[9; 32]).await.unwrap(), None, "{name}");
        }
        assert_eq!(store.list_for_environment("a").await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn revoking_takes_along_what_was_issued() {
        let store = store().await;
        let root = store.insert(&new(1, "a", None)).await.unwrap();
        let child = store.insert(&new(2, "a", Some(&root))).await.unwrap();
        store.insert(&new(3, "a", Some(&child))).await.unwrap();
        let other = store.insert(&new(4, "a", None)).await.unwrap();

        assert_eq!(store.revoke("b", &root.id).await.unwrap(), None, "of another environment");
        assert_eq!(store.revoke("a", "?").await.unwrap(), None, "unknown");
        assert_eq!(store.revoke("a", &root.id).await.unwrap(), Some(3));
        assert_eq!(store.revoke("a", &root.id).await.unwrap(), None, "already revoked");
        assert_eq!(store.list_for_environment("a").await.unwrap(), [other]);
        for digest in 1..=3 {
            assert_eq!(store.find_by_digest(&[digest; 32]).await.unwrap(), None, "{digest}");
        }
        let late = store.insert(&new(5, "a", Some(&child))).await;
        assert!(matches!(late, Err(StoreError::IssuerGone)), "{late:?}");
    }

    #[tokio::test]
    async fn a_token_of_one_environment_issues_none_for_another() {
        let store = store().await;
        let root = store.insert(&new(1, "a", None)).await.unwrap();
        let abroad = store.insert(&new(2, "b", Some(&root))).await;
        assert!(matches!(abroad, Err(StoreError::IssuerGone)), "{abroad:?}");
    }
}
