//! tonic in process: the attribute on service methods, the statuses and their metadata, and the
//! gate.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::header::WWW_AUTHENTICATE;
use scopes::tower::{Authenticate, Gate};
use scopes::{Denied, Settings, VerifyError, requires, verifier_fn};
use tonic::{Code, Request, Response, Status};
use tower::{Layer, Service, ServiceExt, service_fn};

scopes::scopes! {
    /// Permissions of a gRPC service, with one route of plain HTTP.
    pub mod api;

    tenant environment;

    users.read {
        GET "/environments/{environment}/users";
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/List";
    }
    users.write {
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/Create";
    }
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes = match token.as_str() {
        "reader" => vec![api::Scope::UsersRead],
        "writer" => vec![api::Scope::UsersWrite],
        "down" => return Err(VerifyError::new("the store is away")),
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes.into_iter().collect::<api::Scopes>()).for_tenant("e1")?))
}

/// The trait that tonic generates from a proto file.
#[tonic::async_trait]
trait Users {
    async fn list(&self, request: Request<String>) -> Result<Response<String>, Status>;
}

struct Store;

#[tonic::async_trait]
impl Users for Store {
    #[requires(api::users.read as permit)]
    async fn list(&self, #[grant] request: Request<String>) -> Result<Response<String>, Status> {
        permit.same_tenant(request.get_ref())?;
        Ok(Response::new(format!("the users of {}", request.get_ref())))
    }
}

fn request(path: &str, token: &str, environment: &str) -> http::Request<String> {
    let request = http::Request::builder().method("POST").uri(path);
    let request = if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
    request.body(environment.to_owned()).unwrap()
}

/// Does what tonic's generated server does with a decoded request.
async fn dispatch(request: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> {
    Ok(match Store.list(Request::from_http(request)).await {
        Ok(response) => http::Response::new(response.into_inner()),
        Err(status) => status.into_http(),
    })
}

async fn status<S>(app: &S, request: http::Request<String>) -> (http::HeaderMap, Option<Status>)
where
    S: Service<http::Request<String>, Response = http::Response<String>, Error = std::convert::Infallible> + Clone,
{
    let response = app.clone().oneshot(request).await.unwrap();
    let status = Status::from_header_map(response.headers());
    (response.headers().clone(), status)
}

#[tokio::test]
async fn statuses() {
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(service_fn(dispatch));
    let insufficient = "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"users.read\"";
    for (path, token, environment, code, challenge) in [
        ("/dashboard.Users/List", "", "e1", Some(Code::Unauthenticated), Some("Bearer realm=\"api\"")),
        ("/dashboard.Users/List", "writer", "e1", Some(Code::PermissionDenied), Some(insufficient)),
        ("/dashboard.Users/List", "reader", "e2", Some(Code::PermissionDenied), None),
        ("/dashboard.Users/List", "down", "e1", Some(Code::Unavailable), None),
        ("/dashboard.Users/List", "reader", "e1", None, None),
        // The method's requirement differs from the route's, or the method has no route.
        ("/dashboard.Users/Create", "reader", "e1", Some(Code::Internal), None),
        ("/dashboard.Users/None", "reader", "e1", Some(Code::Internal), None),
        ("/dashboard.Users/List/", "reader", "e1", Some(Code::Unimplemented), None),
        ("/dashboard.Users/;List", "reader", "e1", Some(Code::InvalidArgument), None),
    ] {
        let (headers, status) = status(&app, request(path, token, environment)).await;
        assert_eq!(status.as_ref().map(Status::code), code, "{path} {token} {environment}");
        let found = headers.get(WWW_AUTHENTICATE).map(|value| value.to_str().unwrap());
        assert_eq!(found, challenge, "{path} {token} {environment}");
    }
    let (headers, malformed) = status(&app, request("/dashboard.Users/List", "a b", "e1")).await;
    assert_eq!(malformed.map(|status| status.code()), Some(Code::Unauthenticated));
    assert!(headers[WWW_AUTHENTICATE].to_str().unwrap().contains("invalid_request"));
    let (_, missing) = status(&app, request("/dashboard.Users/List", "writer", "e1")).await;
    assert_eq!(missing.unwrap().message(), "missing scope `users.read`");
}

#[tokio::test]
async fn missing_layer() {
    let (_, found) = status(&service_fn(dispatch), request("/dashboard.Users/List", "reader", "e1")).await;
    assert_eq!(found.map(|status| status.code()), Some(Code::Internal));
}

/// The gate answers a gRPC call as gRPC, because a client would read the text of an HTTP answer as
/// a broken message. It answers other requests as HTTP.
#[tokio::test]
async fn the_gate_speaks_grpc_to_calls() {
    let gated = Gate::<api::Scope>::new().layer(service_fn(dispatch));
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(gated);
    let ask = async |content_type: &str, token: &str| {
        let mut request = request("/dashboard.Users/List", token, "e1");
        request.headers_mut().insert("content-type", content_type.parse().unwrap());
        app.clone().oneshot(request).await.unwrap()
    };
    for content_type in ["application/grpc", "application/grpc+proto", "Application/gRPC; x=1"] {
        let response = ask(content_type, "writer").await;
        let challenge = "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"users.read\"";
        assert_eq!(response.headers()[WWW_AUTHENTICATE], challenge);
        assert_eq!((response.status().as_u16(), &**response.body()), (200, ""), "{content_type}");
        assert_eq!(response.headers()["content-type"], "application/grpc");
        let status = Status::from_header_map(response.headers()).unwrap();
        assert_eq!((status.code(), status.message()), (Code::PermissionDenied, "missing scope `users.read`"));
    }
    // A cache would keep the answer to a `GET`, whose status is 200.
    let mut get = request("/dashboard.Users/List", "", "e1");
    *get.method_mut() = http::Method::GET;
    get.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
    let response = app.clone().oneshot(get).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers().get("grpc-status")), (401, None));
    for content_type in ["application/grpc-web", "application/grpcx", "application/json", "text/plain", "x"] {
        let response = ask(content_type, "").await;
        assert_eq!((response.status().as_u16(), response.headers().get("grpc-status")), (401, None), "{content_type}");
    }
}

/// The answer of a method that fails has the HTTP status of a success. That status does not show
/// how the method has ended.
#[tokio::test]
async fn a_failure_needs_no_comparison() {
    for (status, strict, expected) in [
        (Some(Status::not_found("no such user")), true, Code::NotFound),
        (Some(Status::not_found("no such user")), false, Code::NotFound),
        (None, true, Code::Internal),
        (None, false, Code::Ok),
    ] {
        let method = service_fn(move |_: http::Request<String>| {
            let response = status.clone().map_or_else(|| http::Response::new(String::new()), Status::into_http);
            async { Ok::<_, std::convert::Infallible>(response) }
        });
        let settings = if strict { Settings::new().strict() } else { Settings::new() };
        let authenticate = Authenticate::<api::Scope>::new(verifier_fn(verify)).settings(settings);
        let app = authenticate.layer(Gate::<api::Scope>::new().layer(method));
        let mut request = request("/dashboard.Users/List", "reader", "e1");
        request.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
        let response = app.oneshot(request).await.unwrap();
        let found = Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code());
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn gate_in_front() {
    let gated = Gate::<api::Scope>::new().layer(service_fn(dispatch));
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(gated);
    for (path, token, expected) in [
        ("/dashboard.Users/List", "", 401),
        ("/dashboard.Users/List", "writer", 403),
        ("/dashboard.Users/List", "reader", 200),
        ("/dashboard.Users/None", "reader", 404),
        ("/dashboard.Users%2FList", "reader", 400),
    ] {
        let response = app.clone().oneshot(request(path, token, "e1")).await.unwrap();
        assert_eq!(response.status().as_u16(), expected, "{path} {token}");
    }
}

#[test]
fn every_denial_has_a_code() {
    fn code(denied: Denied) -> Code {
        Status::from(denied).code()
    }
    use scopes::check::{TenantWithoutRequest, check_grant};
    let grant = api::Grant::new(api::Scope::UsersRead);
    let checked = |grant, tenant| check_grant::<api::permits::UsersRead>(grant, tenant).unwrap_err();
    assert_eq!(code(checked(None, TenantWithoutRequest::At("e1"))), Code::Unauthenticated);
    assert_eq!(code(checked(Some(&grant), TenantWithoutRequest::At("e1"))), Code::PermissionDenied);
    assert_eq!(code(checked(Some(&grant), TenantWithoutRequest::NotNeeded)), Code::Internal);
}
