//! The API of the examples as a function of AWS Lambda, called through an HTTP API. Outside of
//! Lambda the program calls the function with a few requests: `cargo run -p example-lambda`.

use lambda_http::{Body, Error, Request, Response, run, service_fn};
use scopes::{Authenticate, Carrier, Denied, VerifyError, requires, verifier_fn};

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
async fn list_users(#[grant] _request: Request) -> Result<String, Denied> {
    Ok(format!("the users of {}\n", permit.tenant().unwrap_or_default()))
}

#[requires(api::users.read as permit)]
async fn show_user(#[grant] _request: Request) -> Result<String, Denied> {
    let (user, environment) = (permit.parameter("user")?, permit.parameter("environment")?);
    Ok(format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default()))
}

#[requires(api::users.write as permit)]
async fn create_user(#[grant] request: Request) -> Result<String, Denied> {
    let name = String::from_utf8_lossy(request.body());
    Ok(format!("{name} is now in {}\n", permit.tenant().unwrap_or_default()))
}

async fn me(request: Request) -> Result<String, Denied> {
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

/// One function serves all routes. Each handler checks its own route.
async fn handle(request: Request) -> Result<Response<Body>, Error> {
    let route = api::CATALOGUE.at(request.method(), request.uri().path()).map(|found| found.route().name());
    let answer = match route {
        Ok("list_users") => list_users(request).await,
        Ok("show_user") => show_user(request).await,
        Ok("create_user") => create_user(request).await,
        Ok("me") => me(request).await,
        Ok("health") => health().await,
        _ => return Ok(Response::builder().status(404).body(Body::Empty)?),
    };
    Ok(answer.map_or_else(Denied::into_http_response, |text| Response::new(text.into())))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let authenticate = &Authenticate::<api::Scope>::new(verifier_fn(verify));
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return run(service_fn(|request| authenticate.around(request, handle))).await;
    }
    for (method, token) in [("GET", "reader"), ("POST", "writer"), ("POST", "reader"), ("GET", "guessed")] {
        let request = lambda_http::http::Request::builder().method(method).uri("/environments/E1/users");
        let request = request.header("authorization", format!("Bearer {token}")).body("grace".into())?;
        let response = authenticate.around(request, handle).await?;
        println!("{method} {token}: {} {:?}", response.status(), response.body());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
