//! `scopes` with rocket: `cargo run -p example-rocket`.

use rocket::{get, post, routes};
use scopes::{Authenticate, VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// Permissions of the API's tokens.
    mod api;

    base "/api";
    tenant environment;

    /// Read users.
    users.read { GET "/environments/{environment}/users/{user}"; }
    /// Change users.
    users.write { POST "/environments/{environment}/users"; }
    authenticated("who am I") { GET "/me"; }
    public("liveness probe") { GET "/health"; }
}

/// Stands in for a look-up in a database.
async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes = match &*token {
        "reader" => api::Scope::UsersRead,
        "writer" => api::Scope::UsersWrite,
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes).for_tenant("e1")?.with_subject(token)))
}

#[requires(api::users.read as permit)]
#[get("/environments/<environment>/users/<user>")]
async fn show(environment: &str, user: &str) -> String {
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or("nobody"))
}

#[requires(api::users.write)]
#[post("/environments/<environment>/users", data = "<name>")]
async fn create(environment: &str, name: String) -> String {
    format!("{name} is now in {environment}\n")
}

#[get("/me")]
async fn me(grant: api::Grant) -> String {
    format!("{:?}\n", grant.subject())
}

#[get("/health")]
fn health() -> &'static str {
    "ok\n"
}

#[rocket::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("curl -i -H 'Authorization: Bearer reader' http://127.0.0.1:3002/api/environments/e1/users/u7");
    let figment = rocket::Config::figment().merge(("port", 3002));
    let server = rocket::custom(figment).attach(Authenticate::new(verifier_fn(verify)));
    server.mount("/api", routes![show, create, me, health]).launch().await?;
    Ok(())
}
