//! Bodies of requests and answers, with the fields of the API's documents.

use core::fmt;
use std::collections::HashMap;

use jiff::Timestamp;
use scopes_store::{Made, Token, TokenPage};
use serde::Serialize;
use serde_json::json;

use crate::catalogue::api;
use crate::store::{Admin, Store, StoreError};

mod answer;
mod create_token;
mod json_body;
mod list_query;

pub(crate) use answer::{Answer, created, no_store, ok};
pub use create_token::{BodyError, CreateToken, NOTE_LENGTH};
pub(crate) use json_body::Body;
pub use list_query::{DEFAULT_PAGE, ListQuery, MAX_PAGE, TokenQuery};

/// `{"token": {..}}`, the only answer that holds the text of a new token.
#[derive(Serialize)]
pub struct CreatedToken {
    token: TokenObject,
}

impl CreatedToken {
    /// A token that was just made by this administrator, and its text.
    ///
    /// # Errors
    ///
    /// If the token has no environment, or its time is out of range.
    pub fn new(made: &Made<api::Scope>, admin: &Admin) -> Result<Self, StoreError> {
        let token = TokenObject::new(made.token(), admin)?;
        let raw_token = Some(made.secret().reveal().to_owned());
        Ok(Self { token: TokenObject { raw_token, active: Some(true), ..token } })
    }
}

/// `{"tokens": [..]}`, without the tokens' texts. If there are more tokens, `next` is the value of
/// `cursor` for the next page.
#[derive(Serialize)]
pub struct TokenList {
    tokens: Vec<TokenObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl TokenList {
    /// A page of tokens in use.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn new(page: TokenPage<api::Scope>, store: &Store) -> Result<Self, StoreError> {
        let next = page.next_cursor().map(str::to_owned);
        // Most tokens of a page belong to a few administrators.
        let mut admins = HashMap::new();
        let mut tokens = Vec::new();
        for token in page {
            let id = token.subject().unwrap_or_default();
            if !admins.contains_key(id) {
                admins.insert(id.to_owned(), admin_of(token.subject(), store).await?);
            }
            tokens.push(TokenObject::new(&token, &admins[id])?);
        }
        Ok(Self { tokens, next })
    }
}

/// The administrator for whom a token acts.
pub(crate) async fn admin_of(subject: Option<&str>, store: &Store) -> Result<Admin, StoreError> {
    let found = store.admin(subject.unwrap_or_default()).await?;
    found.ok_or(StoreError::Corrupt("a token of an unknown administrator"))
}

/// A token; the documents have `rawToken` and `active` in the answer to its creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenObject {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_token: Option<String>,
    checksum: String,
    created_by: CreatedBy,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    note: String,
    project_environment_id: String,
    project_environment: ProjectEnvironment,
    scopes: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreatedBy {
    id: String,
    alias: String,
    first_name: String,
    last_name: String,
    email: String,
}

#[derive(Serialize)]
struct ProjectEnvironment {
    id: String,
}

impl TokenObject {
    fn new(token: &Token<api::Scope>, admin: &Admin) -> Result<Self, StoreError> {
        let corrupt = StoreError::Corrupt;
        let environment_id = token.tenants().iter().next().ok_or(corrupt("a token without an environment"))?;
        // Whole seconds, like the example in the documents.
        let created_at = Timestamp::try_from(token.created_at()).map_err(|_| corrupt("a time out of range"))?;
        let created_at = Timestamp::from_second(created_at.as_microsecond().div_euclid(1_000_000));
        Ok(Self {
            id: token.id().to_owned(),
            raw_token: None,
            checksum: token.checksum().to_owned(),
            created_by: CreatedBy {
                id: admin.id.clone(),
                alias: admin.alias.clone(),
                first_name: admin.first_name.clone(),
                last_name: admin.last_name.clone(),
                email: admin.email.clone(),
            },
            created_at: created_at.map_err(|_| corrupt("a time out of range"))?.to_string(),
            active: None,
            note: token.name().to_owned(),
            project_environment_id: environment_id.to_owned(),
            project_environment: ProjectEnvironment { id: environment_id.to_owned() },
            scopes: token.scope_names().map(str::to_owned).collect(),
        })
    }
}

impl fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedToken").field("id", &self.token.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tokens.iter().map(|token| &token.id)).finish()
    }
}

/// `{"error": ".."}`, the body of every refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    /// The text that people read.
    pub error: String,
}

impl ErrorBody {
    /// The documented text of the 401 for missing or invalid credentials.
    pub const UNAUTHORIZED: &str = "No jwt provided!";
    /// The documented text of the 403 for credentials that do not suffice.
    pub const FORBIDDEN: &str = "Access Forbidden";
    /// The documented text of the 500 for a fault of the server.
    pub const INTERNAL: &str = "Internal Server Error";
    /// The text of the 503 for a database that others keep busy.
    pub const BUSY: &str = "the database is busy; try again";
    /// The text of the 404 for an object that does not exist.
    pub const NOT_FOUND: &str = "Not found";

    /// Returns the text of the body.
    #[must_use]
    pub fn to_json(&self) -> String {
        json!(self).to_string()
    }

    /// Makes a body with this text.
    #[must_use]
    pub fn new(error: impl Into<String>) -> Self {
        Self { error: error.into() }
    }
}

#[cfg(test)]
mod tests {
    use scopes::tokens::{RawToken, TokenDigest};
    use scopes_store::{ImportedToken, Page};

    use super::*;
    use crate::store::Contents;
    use crate::verifiers::TOKENS;

    const ID: &str = "95b11417-f18f-457f-8804-68e361f9164f";
    const RAW: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

    async fn store() -> Store {
        let store = crate::testing::store().await;
        let admin = Admin {
            id: ID.to_owned(),
            alias: "ada".to_owned(),
            first_name: "Ada".to_owned(),
            last_name: "Byron".to_owned(),
            email: "jsmith@example.com".to_owned(),
        };
        store.populate(&Contents { admins: vec![admin], ..Contents::default() }, Vec::new()).await.unwrap();
        store
    }

    #[tokio::test]
    async fn answers_have_the_documents_fields() {
        let store = store().await;
        let raw: RawToken = TOKENS.parse(RAW).unwrap();
        let created_at: Timestamp = "2023-11-07T05:31:56.999999Z".parse().unwrap();
        let token = ImportedToken::of_digest(ID, raw.digest(), raw.checksum())
            .name("n")
            .subject(ID)
            .tenant(ID)
            .unwrap()
            .scope_names("waas.delegatedAccess.signMessage")
            .created_at(created_at.into());
        store.tokens.import(token).await.unwrap();
        let expected = json!({
            "id": ID,
            "checksum": "4n3LFC",
            "createdBy": {"id": ID, "alias": "ada", "firstName": "Ada", "lastName": "Byron", "email": "jsmith@example.com"},
            "createdAt": "2023-11-07T05:31:56Z",
            "note": "n",
            "projectEnvironmentId": ID,
            "projectEnvironment": {"id": ID},
            "scopes": ["waas.delegatedAccess.signMessage"],
        });
        let page = store.tokens.of_tenant(ID).list(Page::first(5)).await.unwrap();
        let list = TokenList::new(page, &store).await.unwrap();
        assert_eq!(serde_json::to_value(list).unwrap(), json!({"tokens": [expected]}));

        let issuer = api::Grant::new(api::Scopes::all()).for_tenant(ID).unwrap().with_subject(ID);
        let new = scopes_store::NewToken::named("n").tenant(ID).unwrap();
        let made = store.tokens.issue(&issuer, new.scopes(api::Scope::WaasDelegatedAccessSignMessage)).await.unwrap();
        let created = CreatedToken::new(&made, &store.admin(ID).await.unwrap().unwrap()).unwrap();
        let raw = made.secret().reveal();
        assert!(!format!("{created:?}").contains(raw));
        let mut created = serde_json::to_value(&created).unwrap();
        let token = created["token"].as_object_mut().unwrap();
        assert_eq!((token.remove("rawToken"), token.remove("active")), (Some(json!(raw)), Some(json!(true))));
        for own in ["id", "checksum", "createdAt"] {
            assert!(token.get(own).is_some_and(|value| *value != expected[own]), "{own}");
            token.insert(own.to_owned(), expected[own].clone());
        }
        assert_eq!(created, json!({"token": expected}));
    }

    #[tokio::test]
    async fn a_list_that_goes_on_says_where() {
        let store = store().await;
        for at in 0..3 {
            let token = ImportedToken::of_digest(at.to_string(), TokenDigest::from_bytes([at; 32]), "abcdef");
            store.tokens.import(token.subject(ID).tenant(ID).unwrap()).await.unwrap();
        }
        let page = store.tokens.of_tenant(ID).list(Page::first(2)).await.unwrap();
        let cursor = page.next_cursor().unwrap().to_owned();
        let list = serde_json::to_value(TokenList::new(page, &store).await.unwrap()).unwrap();
        assert_eq!((list["tokens"].as_array().unwrap().len(), &list["next"]), (2, &json!(cursor)));
    }
}
