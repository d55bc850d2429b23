//! A server without extractors.

use std::convert::Infallible;

use http::{Request, Response};
use scopes::check::{self, Facts};
use scopes::{Carrier as _, Denied, requires};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use super::{Runtime, Server, Setup, answer, api, greeted, permitted, request};

type Answered = Result<String, Denied>;

#[requires(api::packages.read as permit)]
fn list(#[grant] request: &Request<String>) -> Answered {
    Ok(permitted(&permit))
}

#[requires(api::packages.write as permit)]
fn create(#[grant] request: &Request<String>) -> Answered {
    Ok(permitted(&permit))
}

#[requires(api::packages.export as permit)]
fn export(#[grant] request: &Request<String>) -> Answered {
    Ok(permitted(&permit))
}

#[requires(api::packages.read as permit)]
fn compared(#[grant] request: &Request<String>) -> Answered {
    permit.same_tenant(&permit.parameter("id")?)?;
    Ok(permitted(&permit))
}

fn greeting(request: &Request<String>) -> Answered {
    Ok(greeted(&request.caller()?))
}

#[requires(api::packages.read)]
fn peek(#[grant] request: &Request<String>) -> Answered {
    greeting(request)
}

#[requires(api::packages.read)]
fn held(#[grant] request: &Request<String>) -> Answered {
    me(request)
}

fn me(request: &Request<String>) -> Answered {
    let facts = Facts::new(request.method(), request.uri().path());
    Ok(check::grant::<api::Scope>(request.extensions(), facts)?.scopes().to_string())
}

async fn dispatched(request: Request<String>) -> Result<Response<String>, Infallible> {
    let segments: Vec<_> = request.uri().path().split('/').skip(1).collect();
    let answered = match (request.method().as_str(), &*segments) {
        ("GET", ["start"]) => Ok("start".to_owned()),
        ("GET", ["greeting" | "whoami" | "undeclared"]) => greeting(&request),
        ("GET", ["peek"]) => peek(&request),
        ("GET", ["held"]) => held(&request),
        ("GET", ["me" | "known"]) => me(&request),
        ("GET", ["packages"] | ["drafts", _] | ["accounts", _, "packages"]) => list(&request),
        ("POST", ["packages"]) => create(&request),
        ("GET", ["packages", "export"]) => export(&request),
        ("GET", ["packages", _]) => compared(&request),
        _ => return Ok(Response::builder().status(404).body(String::new()).unwrap()),
    };
    Ok(answered.map_or_else(Denied::into_http_response, Response::new))
}

pub(super) fn carriers(setup: &Setup) -> Server {
    let app = ServiceBuilder::new().layer(setup.authenticate.clone()).service(service_fn(dispatched));
    let runtime = Runtime::new();
    Box::new(move |ask| {
        let app = app.clone();
        runtime.run(async { answer(app.oneshot(request(ask)).await.unwrap()).await })
    })
}
