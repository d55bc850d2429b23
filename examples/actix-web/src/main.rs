//! `scopes` with actix-web: `cargo run -p example-actix-web`.

use actix_web::{App, HttpServer, get, post, web};
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
#[get("/environments/{environment}/users/{user}")]
async fn show(path: web::Path<(String, String)>) -> String {
    let (environment, user) = path.into_inner();
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or("nobody"))
}

#[requires(api::users.write)]
#[post("/environments/{environment}/users")]
async fn create(environment: web::Path<String>, name: String) -> String {
    format!("{name} is now in {environment}\n")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let authenticate = Authenticate::new(verifier_fn(verify));
    let app = move || {
        let api = (web::scope("/api").service(show).service(create))
            .route("/me", web::get().to(async |grant: api::Grant| format!("{:?}\n", grant.subject())))
            .route("/health", web::get().to(async || "ok\n"));
        App::new().service(api).wrap(authenticate.clone())
    };
    println!("curl -i -H 'Authorization: Bearer reader' http://127.0.0.1:3001/api/environments/e1/users/u7");
    HttpServer::new(app).bind(("127.0.0.1", 3001))?.run().await
}
