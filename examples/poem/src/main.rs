//! poem: `curl -i -H 'Authorization: Bearer secret' localhost:3000/environments/E1/users`

use poem::listener::TcpListener;
use poem::web::Path;
use poem::{EndpointExt, Route, Server, get, handler};
use scopes::poem::{Authenticate, Gate};
use scopes::{Settings, VerifyError, requires, verifier_fn};

scopes::scopes! {
    mod api;

    tenant environment;

    users.read {
        GET "/environments/:environment/users";
        GET "/environments/:environment/users/:user";
    }
    users.write { POST "/environments/:environment/users"; }
    public("liveness probe") { GET "/health"; }
}

#[requires(api::users.read, GET "/environments/:environment/users")]
#[handler]
fn list_users(Path(environment): Path<String>) -> String {
    format!("the users of {environment}")
}

#[requires(api::users.read as permit, GET "/environments/:environment/users/:user")]
#[handler]
fn show_user(Path((_, user)): Path<(String, String)>) -> String {
    format!("{user}, as {} sees them", permit.subject().unwrap_or("somebody"))
}

#[requires(api::users.write, POST "/environments/:environment/users")]
#[handler]
async fn create_user(body: String) -> String {
    format!("created {body}")
}

#[handler]
fn health() -> &'static str {
    "ok"
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    if token != "secret" {
        return Ok(None);
    }
    Ok(Some(api::Grant::new(api::Scope::UsersRead).for_tenant("E1")?.with_subject("reader")))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let gate = Gate::<api::Scope>::new();
    let users = get(list_users).post(create_user).with(gate.clone());
    let environments = Route::new().at("/:id/users", users).at("/:id/users/:user", get(show_user).with(gate));
    let app = Route::new().nest("/environments", environments).at("/health", get(health));
    let app = app.with(Authenticate::<api::Scope>::new(verifier_fn(verify)).settings(Settings::new().strict()));
    Server::new(TcpListener::bind("127.0.0.1:3000")).run(app).await
}
