//! AWS Lambda behind an HTTP API. Without Lambda's environment it answers a few requests to itself.

use lambda_http::{Body, Error, Request, Response, run, service_fn};
use scopes::{Authenticate, Denied, VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    /// Read users.
    users.read { GET "/environments/:environment/users"; }
    /// Change users.
    users.write { POST "/environments/:environment/users"; }
}

#[requires(api::users.read as permit, GET "/environments/:environment/users")]
async fn list_users(#[grant] _request: Request) -> Result<Response<Body>, Denied> {
    Ok(Response::new(format!("the users of {}", permit.tenant().unwrap_or("nobody")).into()))
}

#[requires(api::users.write, POST "/environments/:environment/users")]
async fn create_user(#[grant] request: Request) -> Result<Response<Body>, Denied> {
    Ok(Response::new(request.into_body()))
}

/// One function serves both routes; each handler checks its own.
async fn handle(request: Request) -> Result<Response<Body>, Error> {
    let answer = match request.method().as_str() {
        "POST" => create_user(request).await,
        _ => list_users(request).await,
    };
    Ok(answer.unwrap_or_else(Response::from))
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    if token != "secret" {
        return Ok(None);
    }
    Ok(Some(api::Grant::new(api::Scope::UsersRead).for_tenant("E1")?))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let authenticate = &Authenticate::<api::Scope>::new(verifier_fn(verify));
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return run(service_fn(|request| authenticate.around(request, handle))).await;
    }
    for (method, token) in [("GET", "secret"), ("GET", "unknown"), ("POST", "secret")] {
        let request = lambda_http::http::Request::builder().method(method).uri("/environments/E1/users");
        let request = request.header("authorization", format!("Bearer {token}")).body(Body::Empty)?;
        let response = authenticate.around(request, handle).await?;
        println!("{method} {token}: {} {:?}", response.status(), response.body());
    }
    Ok(())
}
