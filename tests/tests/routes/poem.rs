//! poem.

use poem::web::Path;
use poem::{Endpoint, EndpointExt, Request, get, handler};
use scopes::poem::{Gate, Partial, route};
use scopes::{Authenticate, Permit, Settings, requires, verifier_fn};

use super::plain::{self, permits::UsersRead};
use super::{PLAIN_CASES, verify_plain};

#[requires(plain::users.read)]
#[handler]
async fn list_users() -> &'static str {
    "list"
}

#[requires(plain::users.read)]
#[handler]
async fn get_user(Path(user): Path<String>) -> String {
    format!("user {user}")
}

#[handler]
async fn get_me(_permit: Permit<UsersRead>) -> &'static str {
    "myself"
}

#[requires(any(plain::users.write, plain::files.write))]
#[handler]
async fn create_user() -> &'static str {
    "created"
}

#[requires(plain::files.read)]
#[handler]
async fn get_file(Path(path): Path<String>) -> String {
    format!("file {path}")
}

#[handler]
async fn me(grant: plain::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

#[handler]
async fn index() -> &'static str {
    "index"
}

fn users() -> Partial<plain::users::Routes> {
    use scopes::poem::handler;
    let routes = plain::users::Routes {
        list_users: handler(list_users),
        get_user: handler(get_user),
        get_me: handler(get_me),
        create_user: handler(create_user),
    };
    routes.partial()
}

#[tokio::test]
async fn every_route_is_served_as_declared() {
    use scopes::poem::handler;
    let files = plain::files::Routes { get_file: handler(get_file) };
    let rest = plain::Routes { me: handler(me), index: handler(get(index)) };
    let covered = plain::assert_covered!(users(), files, rest);
    let covered = covered.map(|_, endpoint| endpoint.with(Gate::<plain::Scope>::new()).boxed());
    let app = route(covered)
        .with(Authenticate::<plain::Scope>::new(verifier_fn(verify_plain)).settings(Settings::new().strict()));
    for (method, target, scopes, status, text) in PLAIN_CASES {
        let request = Request::builder().method(method.parse().unwrap()).uri(target.parse().unwrap());
        let request = match scopes {
            "" => request.finish(),
            scopes => request.header("authorization", format!("Bearer {scopes}")).finish(),
        };
        let response = app.get_response(request).await;
        assert_eq!(response.status().as_u16(), status, "{method} {target} {scopes}");
        if status == 200 {
            assert_eq!(response.into_body().into_string().await.unwrap(), text, "{method} {target}");
        }
    }
}
