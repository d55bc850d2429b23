//! poem: targets that match two routes of one catalogue, with a gate around an endpoint that is a
//! router itself, and with permits.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a handler's arguments are what the framework gives")]

use poem::endpoint::BoxEndpoint;
use poem::web::Path;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response, Route, get, handler};
use scopes::poem::Gate;
use scopes::requires;
use scopes_tests::tokens;

scopes::scopes! {
    pub mod api;
    tenant t;
    public("the site") { GET "/{*page}"; GET "/avatars/{name}" as avatar; }
    originals.read { #[global("x")] GET "/avatars/{name}.orig" as original; }
    reports.read { #[global("x")] GET "/reports/{*file}"; }
    users.read { #[global("x")] GET "/users/{id}"; }
    users.export { #[global("x")] GET "/users/export"; }
    rows.read { GET "/rows/{t}"; }
}

#[handler]
fn open(request: &Request) -> String {
    format!("open {}", request.uri().path())
}

#[handler]
fn export() -> &'static str {
    "EXPORT"
}

#[requires(api::users.read)]
#[handler]
fn user(Path(id): Path<String>) -> String {
    id
}

fn app(routes: Route) -> BoxEndpoint<'static, Response> {
    routes.with(tokens::named::<api::Scope>()).into_endpoint().map_to_response().boxed()
}

async fn ask(app: &impl Endpoint<Output = Response>, cases: &[(&str, &str, u16, &str)]) {
    for &(target, token, expected, body) in cases {
        let mut request = Request::builder().uri(target.parse().unwrap());
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = app.get_response(request.finish()).await;
        assert_eq!(response.status(), expected, "{target} {token}");
        let found = response.into_body().into_string().await.unwrap();
        assert!(body.is_empty() || found == body, "{target} {token}: {found}");
    }
}

#[tokio::test]
async fn a_gate_around_a_router() {
    let gate = Gate::<api::Scope>::new;
    let users = Route::new().at("/", get(open)).at("*", get(export));
    let app = app(Route::new()
        .at("/users/:id", users.with(gate()))
        .at("/avatars/:name", get(open).with(gate()))
        .at("/*page", get(open).with(gate())));
    ask(
        &app,
        &[
            ("/users/export", "", 401, ""),
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.export", 403, ""),
            ("/avatars/7", "", 200, "open /avatars/7"),
            ("/avatars/7.orig", "", 401, ""),
            ("/avatars/7%2Eorig", "", 401, ""),
            ("/avatars/7.orig", "originals.read", 200, "open /avatars/7.orig"),
            ("/about", "", 200, "open /about"),
            ("/my%20page", "", 200, "open /my%20page"),
            ("/reports/q3.txt", "", 401, ""),
            ("/%72eports/q3.txt", "", 401, ""),
            ("/%72eports/q3.txt", "reports.read", 200, "open /%72eports/q3.txt"),
            ("/rows/E1", "rows.read/E2", 403, ""),
            ("/rows/E1", "rows.read/E1", 200, "open /rows/E1"),
        ],
    )
    .await;
}

#[tokio::test]
async fn permits_demand_every_reading() {
    let app = app(Route::new().at("/users/:id", get(user)));
    ask(
        &app,
        &[
            ("/users/7", "users.read", 200, "7"),
            ("/users/a%40b", "users.read", 200, "a@b"),
            ("/users/export", "users.read", 403, ""),
            ("/users/%65xport", "users.read", 403, ""),
            ("/users/%65xport", "users.read+users.export", 200, "export"),
        ],
    )
    .await;
}
