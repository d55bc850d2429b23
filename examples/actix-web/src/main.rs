//! The API of the examples on actix-web: `cargo run -p example-actix-web`.

use actix_web::{App, HttpServer, get, post, web};
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
#[get("/environments/{environment}/users")]
async fn list_users() -> String {
    format!("the users of {}\n", permit.tenant().unwrap_or_default())
}

#[requires(api::users.read as permit)]
#[get("/environments/{environment}/users/{user}")]
async fn show_user(path: web::Path<(String, String)>) -> String {
    let (environment, user) = path.into_inner();
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default())
}

#[requires(api::users.write)]
#[post("/environments/{environment}/users")]
async fn create_user(environment: web::Path<String>, name: String) -> String {
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

fn routes(config: &mut web::ServiceConfig) {
    config.service(list_users).service(show_user).service(create_user).service(me).service(health);
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    print!("{}", include_str!("../../try.txt"));
    let authenticate = Authenticate::new(verifier_fn(verify));
    let app = move || App::new().configure(routes).wrap(authenticate.clone());
    HttpServer::new(app).bind("127.0.0.1:3000")?.run().await
}

#[cfg(test)]
mod tests;
