//! The API of the examples on hyper, where the catalogue is the router too:
//! `cargo run -p example-hyper`.

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use scopes::tower::{Authenticate, Gate};
use scopes::{Carrier, Denied, VerifyError, requires, verifier_fn};
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

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
async fn list_users(#[grant] _request: Request<Incoming>) -> Result<String, Denied> {
    Ok(format!("the users of {}\n", permit.tenant().unwrap_or_default()))
}

#[requires(api::users.read as permit)]
async fn show_user(#[grant] _request: Request<Incoming>) -> Result<String, Denied> {
    let (user, environment) = (permit.parameter("user")?, permit.parameter("environment")?);
    Ok(format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default()))
}

#[requires(api::users.write as permit)]
async fn create_user(#[grant] request: Request<Incoming>) -> Result<String, Denied> {
    let name = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
    let name = String::from_utf8_lossy(&name);
    Ok(format!("{name} is now in {}\n", permit.tenant().unwrap_or_default()))
}

async fn me(request: Request<Incoming>) -> Result<String, Denied> {
    let caller: api::Caller = request.caller()?;
    Ok(format!("{}\n", caller.grant().and_then(api::Grant::subject).unwrap_or_default()))
}

async fn health() -> Result<String, Denied> {
    Ok("ok\n".to_owned())
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

async fn dispatch(request: Request<Incoming>) -> Result<Response<String>, http::Error> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let route = api::CATALOGUE.at(request.method(), target).map(|found| found.route().name());
    let answer = match route {
        Ok("list_users") => list_users(request).await,
        Ok("show_user") => show_user(request).await,
        Ok("create_user") => create_user(request).await,
        Ok("me") => me(request).await,
        Ok("health") => health().await,
        _ => return Response::builder().status(StatusCode::NOT_FOUND).body(String::new()),
    };
    Ok(answer.map_or_else(Denied::into_http_response, Response::new))
}

async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let gate = Gate::<api::Scope>::new().layer(service_fn(dispatch));
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(gate);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    print!("{}", include_str!("../../try.txt"));
    serve(TcpListener::bind("127.0.0.1:3000").await?).await
}

#[cfg(test)]
mod tests;
