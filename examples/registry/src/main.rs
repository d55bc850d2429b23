//! A package registry on axum: tokens for programs, passwords and sessions for people, and public
//! reading if the operator allows it. `PUBLIC_READ=1 cargo run -p example-registry`

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use scopes::tokens::TokenFormat;
use scopes::{Authenticate, Password, TokenSource, VerifyError, requires, verifier_fn, verifier_with};

scopes::scopes! {
    /// The permissions of the registry's callers.
    pub mod api;

    /// Find and download packages.
    packages.read { GET "/packages"; GET "/packages/{name}"; }
    /// Publish packages.
    packages.publish { PUT "/packages/{name}"; }
    /// Withdraw packages.
    packages.yank { DELETE "/packages/{name}"; }
    authenticated("a session acts for the user who begins it") { POST "/session"; }
    public("start page, which greets known users") { GET "/"; }
}

type Found = Result<Option<api::Grant>, VerifyError>;

/// Packages by name, and users by the id of their session.
type Rows = (BTreeMap<String, String>, BTreeMap<String, String>);
#[derive(Clone, Default)]
struct Registry(Arc<Mutex<Rows>>);

impl Registry {
    fn open(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands in for a look-up in a database.
fn grant_of(user: &str) -> Option<api::Grant> {
    let scopes = match user {
        "ada" => api::Scopes::all(),
        "robot" => api::Scope::PackagesPublish.into(),
        "guest" => api::Scope::PackagesRead.into(),
        _ => return None,
    };
    Some(api::Grant::new(scopes).with_subject(user))
}

async fn token(token: String) -> Found {
    Ok(token.strip_prefix("token-of-").and_then(grant_of))
}

/// Stands in for a comparison with a stored hash.
async fn login(user: String, password: Password) -> Found {
    Ok(grant_of(&user).filter(|_| password.expose() == "open sesame"))
}

async fn session(registry: Registry, id: String) -> Found {
    Ok(registry.open().1.get(&id).and_then(|user| grant_of(user)))
}

#[requires(api::packages.read)]
async fn list(State(registry): State<Registry>) -> String {
    registry.open().0.keys().map(|name| format!("{name}\n")).collect()
}

#[requires(api::packages.read)]
async fn download(State(registry): State<Registry>, Path(name): Path<String>) -> Result<String, StatusCode> {
    registry.open().0.get(&name).cloned().ok_or(StatusCode::NOT_FOUND)
}

#[requires(api::packages.publish)]
async fn publish(State(registry): State<Registry>, Path(name): Path<String>, package: String) -> StatusCode {
    registry.open().0.insert(name, package);
    StatusCode::CREATED
}

#[requires(api::packages.yank)]
async fn yank(State(registry): State<Registry>, Path(name): Path<String>) -> StatusCode {
    if registry.open().0.remove(&name).is_some() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn log_in(caller: api::Grant, State(registry): State<Registry>) -> Result<impl IntoResponse, StatusCode> {
    let id = TokenFormat::new("s_").generate().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.reveal().to_owned();
    // Over https, call the cookie `__Host-session` and add `Secure`.
    let cookie = format!("session={id}; HttpOnly; SameSite=Strict; Path=/");
    registry.open().1.insert(id, caller.subject().unwrap_or_default().to_owned());
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)]))
}

async fn start(caller: api::Caller) -> String {
    format!("Hello {}\n", caller.grant().and_then(|grant| grant.subject()).unwrap_or("stranger"))
}

fn app(registry: &Registry, public_read: bool) -> scopes::axum::Gated<api::Scope> {
    let who = Authenticate::new(verifier_fn(token))
        .or_basic(login)
        .or(TokenSource::cookie("session"), verifier_with(registry.clone(), session))
        .anonymous(public_read.then(|| api::Grant::new(api::Scope::PackagesRead)));
    let router = axum::Router::new()
        .route("/packages", get(list))
        .route("/packages/{name}", get(download).put(publish).delete(yank))
        .route("/session", post(log_in))
        .route("/", get(start));
    api::gate(router.with_state(registry.clone())).authenticate(who)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = app(&Registry::default(), std::env::var_os("PUBLIC_READ").is_some());
    println!("curl -i -X PUT -d '1.0' -u 'ada:open sesame' http://127.0.0.1:3000/packages/serde");
    println!("curl -i -H 'Authorization: Bearer token-of-guest' http://127.0.0.1:3000/packages");
    Ok(axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app).await?)
}

#[cfg(test)]
mod tests;
