//! The API of the examples on rocket: `cargo run -p example-rocket`.

use rocket::{Build, Config, Rocket, get, post, routes};
use scopes::{Authenticate, VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// The permissions of this API's tokens.
    mod api;

    tenant environment;

    /// Read users.
    users.read {
        GET "/environments/{environment}/users" as list_users;
        GET "/environments/{environment}/users/{user}" as show_user;
    }
    /// Add users.
    users.write { POST "/environments/{environment}/users" as create_user; }
    authenticated("who am I") { GET "/me" as me; }
    public("liveness probe") { GET "/health" as health; }
}

#[requires(api::users.read as permit)]
#[get("/environments/<_>/users")]
async fn list_users() -> String {
    format!("the users of {}\n", permit.tenant().unwrap_or_default())
}

#[requires(api::users.read as permit)]
#[get("/environments/<environment>/users/<user>")]
async fn show_user(environment: &str, user: &str) -> String {
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default())
}

#[requires(api::users.write)]
#[post("/environments/<environment>/users", data = "<name>")]
async fn create_user(environment: &str, name: String) -> String {
    format!("{name} is now in {environment}\n")
}

#[get("/me")]
async fn me(caller: api::Grant) -> String {
    format!("{}\n", caller.subject().unwrap_or_default())
}

#[get("/health")]
async fn health() -> &'static str {
    "ok\n"
}

/// Stands in for a look-up in a database.
async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes: api::Scopes = match &*token {
        "reader" => api::Scope::UsersRead.into(),
        "writer" => api::Scope::UsersRead | api::Scope::UsersWrite,
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes).for_tenant("E1")?.with_subject(token)))
}

fn app(port: u16) -> Rocket<Build> {
    rocket::custom(Config::figment().merge(("port", port)))
        .attach(Authenticate::new(verifier_fn(verify)))
        .mount("/", routes![list_users, show_user, create_user, me, health])
}

#[rocket::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", include_str!("../../try.txt"));
    app(3000).launch().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
