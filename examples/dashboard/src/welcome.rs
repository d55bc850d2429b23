//! The text that the program prints at the start: the credentials that exist, and requests to try.

use core::fmt;
use std::time::Duration;

use scopes::Tenants;
use scopes_store::NewToken;

use crate::app::App;
use crate::catalogue::api;
use crate::database::Location;
use crate::page::TOKENS;
use crate::page::session::one_time_code;
use crate::seed::Seed;
use crate::session::{Session, SessionError};
use crate::store::StoreError;

/// How long the printed session is valid.
const SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// Fills a new database. Returns the text for a new or for an old database. The text holds tokens,
/// so print it only to the terminal.
///
/// `root` is the server's address, such as `http://127.0.0.1:3333`.
///
/// # Errors
///
/// If the database fails, or the system returns no random bytes.
pub async fn welcome(app: &App, root: &str, database: &Location) -> Result<String, WelcomeError> {
    let base = format!("{root}{}", api::CATALOGUE.untyped().base());
    let text = tokens_or_session(app, &base, database).await?;
    let Some(member) = app.store.any_membership().await? else { return Ok(text) };
    let code = one_time_code(app, &member.admin_id, &member.environment_id).await?;
    Ok(format!(
        "{text}\nTo make tokens in a browser, open\n  {}{TOKENS}\nand sign in with this code, which works once, within an \
         hour:\n  {code}\n",
        app.settings.public_url
    ))
}

async fn tokens_or_session(app: &App, base: &str, database: &Location) -> Result<String, WelcomeError> {
    if app.store.is_empty().await? {
        match first(app, base, database).await {
            // Another instance has started at the same time, and has shown the tokens.
            Err(WelcomeError::Store(StoreError::NotEmpty)) => {}
            filled => return filled,
        }
    }
    again(app, base, database).await
}

async fn first(app: &App, base: &str, database: &Location) -> Result<String, WelcomeError> {
    use api::Scope::{
        AllRead, EnvironmentApiTokensRead, EnvironmentApiTokensWrite, EnvironmentUsersRead, EnvironmentUsersWrite,
    };
    let seed = Seed::new();
    let new = |note: &str, scopes: &[api::Scope], environment_id: &str| -> Result<_, WelcomeError> {
        let tenants = Tenants::only([environment_id]).map_err(|_| StoreError::Corrupt("an environment's id"))?;
        let issuer = api::Grant::new(api::Scopes::all()).with_tenants(tenants.clone()).with_subject(&seed.admin);
        Ok((issuer, scopes.iter().copied().fold(NewToken::named(note).tenants(tenants), NewToken::scopes)))
    };
    let tokens = vec![
        new("reads everything", &[AllRead], &seed.live)?,
        new("user import", &[EnvironmentUsersRead, EnvironmentUsersWrite], &seed.live)?,
        new(
            "token manager",
            &[EnvironmentApiTokensRead, EnvironmentApiTokensWrite, EnvironmentUsersRead],
            &seed.sandbox,
        )?,
    ];
    let made = app.store.populate(&seed.contents, tokens).await?;
    let [reader, users, issuer] = &made[..] else { return Err(StoreError::Corrupt("too few tokens").into()) };
    let session = session(app, &seed.admin, &seed.live)?;

    let Seed { live, sandbox, .. } = &seed;
    let (reader, users, issuer) = (reader.secret().reveal(), users.secret().reveal(), issuer.secret().reveal());
    Ok(format!(
        r#"Serving {base} on a new database, {database}.

Environments:
  live     {live}
  sandbox  {sandbox}
API tokens, shown at this start only:
  live     {reader}  all.read
  live     {users}  environment.users.read environment.users.write
  sandbox  {issuer}  environment.apiTokens.read environment.apiTokens.write environment.users.read
Session of an administrator of both, for 12 hours:
  {session}

To try (the status to expect, then the command):

# 200: users of the live environment
curl -si {base}/environments/{live}/users -H 'Authorization: Bearer {reader}'

# 401: without a token
curl -si {base}/environments/{live}/users

# 403: a token that may read, but not write
curl -si -X POST {base}/environments/{live}/users -H 'Authorization: Bearer {reader}'

# 403: a token of the sandbox in the live environment
curl -si {base}/environments/{live}/users -H 'Authorization: Bearer {issuer}'

# 201: a token made in the live environment by the administrator
curl -si -X POST {base}/user/tokens -H 'Authorization: Bearer {session}' -H 'Content-Type: application/json' -d '{{"note": "made by hand", "scopes": ["environment.users.read"]}}'

# 200: it is among the administrator's tokens
curl -si {base}/user/tokens -H 'Authorization: Bearer {session}'

# 401: that list is not for API tokens
curl -si {base}/user/tokens -H 'Authorization: Bearer {reader}'

# 403: a token cannot make one that may do more than itself
curl -si -X POST {base}/environments/{sandbox}/tokens -H 'Authorization: Bearer {issuer}' -H 'Content-Type: application/json' -d '{{"note": "too much", "scopes": ["environment.users.write"]}}'

# 204: a token made by another one and revoked at once
curl -si -X DELETE -H 'Authorization: Bearer {issuer}' "{base}/environments/{sandbox}/tokens/$(curl -s -X POST {base}/environments/{sandbox}/tokens -H 'Authorization: Bearer {issuer}' -H 'Content-Type: application/json' -d '{{"note": "soon gone", "scopes": ["environment.users.read"]}}' | sed 's/^{{"token":{{"id":"\([^"]*\)".*/\1/')"
"#
    ))
}

async fn again(app: &App, base: &str, database: &Location) -> Result<String, WelcomeError> {
    let member = app.store.any_membership().await?.ok_or(StoreError::Corrupt("no user who may sign in"))?;
    let session = session(app, &member.admin_id, &member.environment_id)?;
    let anew = match database {
        Location::File(file) => {
            let file = file.display();
            let files = ["", "-shm", "-wal"].map(|end| quoted(&format!("{file}{end}"))).join(" ");
            format!("To begin anew, stop the server and\n  rm -f {files}")
        }
        Location::Server(_) => "To begin anew, choose an empty database.".to_owned(),
    };
    Ok(format!(
        "Serving {base} on the database {database}.\n\
         Tokens in use stay good and cannot be shown again. {anew}\n\n\
         A new session of an administrator, for 12 hours:\n  {session}\n\n\
         # 200: the administrator's tokens\n\
         curl -si {base}/user/tokens -H 'Authorization: Bearer {session}'\n"
    ))
}

fn session(app: &App, admin_id: &str, environment_id: &str) -> Result<String, SessionError> {
    let session = Session { admin_id: admin_id.to_owned(), environment_id: environment_id.to_owned() };
    app.sessions.issue(&session, SESSION)
}

/// Quotes a text as one word of the shell, which cannot be read as an option.
fn quoted(text: &str) -> String {
    let text = if text.starts_with('-') { format!("./{text}") } else { text.to_owned() };
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Why the text cannot be made.
#[derive(Debug)]
pub enum WelcomeError {
    /// The database failed.
    Store(StoreError),
    /// A session could not be made.
    Session(SessionError),
}

impl fmt::Display for WelcomeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Store(_) => "the database cannot be filled",
            Self::Session(_) => "no session can be made",
        })
    }
}

impl core::error::Error for WelcomeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(match self {
            Self::Store(error) => error,
            Self::Session(error) => error,
        })
    }
}

impl From<StoreError> for WelcomeError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<SessionError> for WelcomeError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_the_shell() {
        for (text, expected) in [
            ("dashboard.db", "dashboard.db"),
            ("/tmp/a-b_c.db", "/tmp/a-b_c.db"),
            ("my file.db", "'my file.db'"),
            ("-rf", "./-rf"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
