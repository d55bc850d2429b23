//! salvo: `curl -i -H 'Authorization: Bearer secret' localhost:3000/environments/E1/users`

use salvo::prelude::*;
use scopes::salvo::{Authenticate, Gate};
use scopes::{Settings, VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    users.read {
        GET "/environments/:environment/users";
        GET "/environments/:environment/users/:user";
    }
    users.write { POST "/environments/:environment/users"; }
    public("liveness probe") { GET "/health"; }
}

#[requires(api::users.read as permit, GET "/environments/:environment/users")]
#[handler]
async fn list_users() -> String {
    format!("the users of {}", permit.tenant().unwrap_or("nobody"))
}

#[requires(api::users.read, GET "/environments/:environment/users/:user")]
#[handler]
async fn show_user(request: &mut Request) -> String {
    request.param("user").unwrap_or_default()
}

#[requires(api::users.write, POST "/environments/:environment/users")]
#[handler]
async fn create_user(request: &mut Request) -> String {
    let body = request.payload().await.map(|body| String::from_utf8_lossy(body).into_owned());
    format!("created {}", body.unwrap_or_default())
}

#[handler]
async fn health() -> &'static str {
    "ok"
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    if token != "secret" {
        return Ok(None);
    }
    Ok(Some(api::Grant::new(api::Scope::UsersRead).for_tenant("E1")?))
}

#[tokio::main]
async fn main() {
    let users = Router::with_path("environments/{id}/users").get(list_users).post(create_user);
    let users = users.push(Router::with_path("{user}").get(show_user));
    let router = Router::new().push(users).push(Router::with_path("health").get(health));
    let authenticate = Authenticate::<api::Scope>::new(verifier_fn(verify)).settings(Settings::new().strict());
    let service = Service::new(router).hoop(authenticate).hoop(Gate::<api::Scope>::new());
    Server::new(TcpListener::new("127.0.0.1:3000").bind().await).serve(service).await;
}
