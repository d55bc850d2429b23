//! Bodies of requests and answers, with the fields of the API's documents.

use core::fmt;

use serde::Serialize;
use serde_json::json;

use crate::store::Token;

mod create_token;
mod json_body;

pub use create_token::{BodyError, CreateToken, NOTE_LENGTH};

/// `{"token": {..}}`, the only answer that holds the text of a new token.
#[derive(Serialize)]
pub struct CreatedToken {
    token: TokenObject,
}

impl CreatedToken {
    /// A stored token and its text.
    #[must_use]
    pub fn new(token: Token, raw_token: &str) -> Self {
        let active = token.active;
        Self { token: TokenObject { raw_token: Some(raw_token.to_owned()), active: Some(active), ..token.into() } }
    }
}

/// `{"tokens": [..]}`, without the tokens' texts.
#[derive(Serialize)]
pub struct TokenList {
    tokens: Vec<TokenObject>,
}

impl TokenList {
    /// The tokens in use.
    #[must_use]
    pub fn new(tokens: Vec<Token>) -> Self {
        Self { tokens: tokens.into_iter().map(TokenObject::from).collect() }
    }
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

impl From<Token> for TokenObject {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            raw_token: None,
            checksum: token.checksum,
            created_by: CreatedBy {
                id: token.created_by.id,
                alias: token.created_by.alias,
                first_name: token.created_by.first_name,
                last_name: token.created_by.last_name,
                email: token.created_by.email,
            },
            created_at: token.created_at.to_string(),
            active: None,
            note: token.note,
            project_environment_id: token.environment_id.clone(),
            project_environment: ProjectEnvironment { id: token.environment_id },
            scopes: token.scopes,
        }
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
    use super::*;
    use crate::store::Admin;

    #[test]
    fn answers_have_the_documents_fields() {
        let id = "95b11417-f18f-457f-8804-68e361f9164f";
        let token = Token {
            id: id.to_owned(),
            digest: [0; 32],
            checksum: "4n3LFC".to_owned(),
            note: "n".to_owned(),
            created_by: Admin {
                id: id.to_owned(),
                alias: "ada".to_owned(),
                first_name: "Ada".to_owned(),
                last_name: "Byron".to_owned(),
                email: "jsmith@example.com".to_owned(),
            },
            created_at: "2023-11-07T05:31:56Z".parse().unwrap(),
            active: true,
            environment_id: id.to_owned(),
            issuer_token_id: None,
            scopes: vec!["waas.delegatedAccess.signMessage".to_owned()],
        };
        let mut expected = json!({
            "id": id,
            "rawToken": "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC",
            "checksum": "4n3LFC",
            "createdBy": {"id": id, "alias": "ada", "firstName": "Ada", "lastName": "Byron", "email": "jsmith@example.com"},
            "createdAt": "2023-11-07T05:31:56Z",
            "active": true,
            "note": "n",
            "projectEnvironmentId": id,
            "projectEnvironment": {"id": id},
            "scopes": ["waas.delegatedAccess.signMessage"],
        });
        let created = CreatedToken::new(token.clone(), "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC");
        assert_eq!(serde_json::to_value(&created).unwrap(), json!({"token": expected}));
        assert!(!format!("{created:?}").contains("dyn_"));

        let fields = expected.as_object_mut().unwrap();
        fields.remove("rawToken");
        fields.remove("active");
        assert_eq!(serde_json::to_value(TokenList::new(vec![token])).unwrap(), json!({"tokens": [expected]}));
    }
}
