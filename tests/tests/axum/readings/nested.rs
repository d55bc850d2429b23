//! A narrower route that a parameter or a catch-all matches too, an escaped letter of a literal, a
//! route that is served elsewhere.

use super::*;

mod site {
    scopes::scopes! {
        pub mod api;
        public("the site") { GET "/{*page}"; GET "/"; }
        users.read { GET "/users/{id}"; }
        users.export { GET "/users/export"; }
        reports.read { GET "/reports/{*file}"; }
        me.read { GET "/users/me"; }
    }
}

#[requires(site::api::users.read)]
async fn site_user(Path(id): Path<String>) -> String {
    id
}

fn site_gate(router: Router) -> scopes::axum::Gated<site::api::Scope> {
    site::api::gate(router).layer(tokens::named::<site::api::Scope>())
}

#[tokio::test]
async fn s2_a_narrower_route_after_a_parameter() {
    let users = Router::new().route("/users/{id}", ran("user")).route("/users/export", ran("EXPORT"));
    let app = site_gate(Router::new().route_service("/users/{id}", inner(users)));
    ask(
        &app,
        "GET",
        &[
            ("/users/7", "users.read", 200, "user"),
            ("/users/export", "", 401, ""),
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.export", 403, ""),
            ("/users/export", "users.read+users.export", 200, "EXPORT"),
        ],
    )
    .await;
    // Two nested routers. Each route is wider than the next.
    let users = Router::new().route("/users/{id}", ran("user")).fallback(ran("page"));
    let app = site_gate(Router::new().route_service("/{*page}", inner(users)));
    ask(
        &app,
        "GET",
        &[
            ("/users/export", "", 401, ""),
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.export", 403, ""),
            ("/users/export", "users.read+users.export", 200, "user"),
            ("/users/7", "", 401, ""),
            ("/users/7", "users.read", 200, "user"),
            ("/%75sers/7", "", 401, ""),
            ("/about", "", 200, "page"),
        ],
    )
    .await;
}

#[tokio::test]
async fn s4_an_escaped_letter_of_a_literal() {
    let site = site_gate(Router::new().route("/users/{id}", ran("user")).fallback(ran("page")));
    ask(
        &site,
        "GET",
        &[
            ("/reports/q3.txt", "", 401, ""),
            ("/%72eports/q3.txt", "", 401, ""),
            ("/%72eports/q3.txt", "users.read", 403, ""),
            ("/%72eports/q3.txt", "reports.read", 200, "page"),
            ("/reports/", "", 401, ""),
            ("/", "", 200, "page"),
            ("/about", "", 200, "page"),
            ("/my%20page", "", 200, "page"),
            ("/caf%C3%A9", "", 200, "page"),
            ("/%72eports", "", 200, "page"),
            ("/%2572eports/q3.txt", "", 400, ""),
        ],
    )
    .await;
    let permits = Router::new().route("/users/{id}", get(site_user)).layer(tokens::named::<site::api::Scope>());
    for app in [permits] {
        ask(
            &app,
            "GET",
            &[
                ("/users/%65xport", "users.read", 403, ""),
                ("/users/%65xport", "users.export", 403, ""),
                ("/users/%65xport", "users.read+users.export", 200, "export"),
                ("/users/%37", "users.read", 200, "7"),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn s8_a_literal_that_is_served_elsewhere() {
    let app = site_gate(Router::new().route("/users/{id}", get(site_user)).route("/users/me", ran("me")));
    ask(
        &app,
        "GET",
        &[
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.read+users.export", 200, "export"),
            // Both are registered, so router and catalogue choose the same route.
            ("/users/me", "me.read", 200, "me"),
            ("/users/me", "users.read", 403, ""),
            ("/users/7", "users.read", 200, "7"),
        ],
    )
    .await;
}

mod heads {
    scopes::scopes! {
        pub mod api;
        public("heads") { HEAD "/{*any}"; }
        secret.read { GET "/secret"; GET "/{*any}"; }
    }
}

#[tokio::test]
async fn an_explicit_head_that_is_wider_than_a_get() {
    let any = head(|| async {}).get(|| async { "any" });
    let router = Router::new().route("/secret", get(|| async { "secret" })).route("/{*any}", any);
    let app = heads::api::gate(router).layer(tokens::named::<heads::api::Scope>());
    ask(&app, "HEAD", &[("/secret", "", 401, ""), ("/other", "", 200, ""), ("/%73ecret", "", 401, "")]).await;
}

mod based {
    scopes::scopes! {
        pub mod api;
        base "/api";
        public("docs") { GET "/docs/{name}"; }
        drafts.read { GET "/docs/drafts"; }
    }
}

#[tokio::test]
async fn below_a_base_and_without_a_router() {
    let router = Router::new().route("/api/docs/{name}", ran("doc"));
    let app = based::api::gate(router).layer(tokens::named::<based::api::Scope>());
    let cases: &[Case] = &[
        ("/api/docs/drafts", "", 401, ""),
        ("/api/docs/%64rafts", "", 401, ""),
        ("/api/docs/x", "", 200, "doc"),
        ("/%61pi/docs/drafts", "", 401, ""),
        ("/%61pi/docs/drafts", "drafts.read", 404, ""),
        ("/api/docs/drafts", "drafts.read", 200, "doc"),
    ];
    ask(&app, "GET", cases).await;
    // The same without a matched template.
    let service =
        tower::service_fn(async |_: Request<Body>| Ok::<_, std::convert::Infallible>(Response::new(Body::from("doc"))));
    let gate = Gate::<based::api::Scope>::new().body_with(Body::from);
    let app = tokens::named::<based::api::Scope>().layer(gate.layer(service));
    ask(&app, "GET", cases).await;
}

#[requires(site::api::users.read)]
fn carried(#[grant] request: &Request<Body>) -> Result<String, scopes::Denied> {
    Ok(request.uri().path().to_owned())
}

#[tokio::test]
async fn a_carrier_without_a_template() {
    let service = tower::service_fn(|request: Request<Body>| async move {
        let answer = carried(&request);
        Ok::<_, std::convert::Infallible>(answer.map_or_else(Response::from, |path| Response::new(Body::from(path))))
    });
    let app = tokens::named::<site::api::Scope>().layer(service);
    ask(
        &app,
        "GET",
        &[
            ("/users/7", "users.read", 200, "/users/7"),
            ("/users/%65xport", "users.read", 403, ""),
            ("/users/%65xport", "users.read+users.export", 200, "/users/%65xport"),
        ],
    )
    .await;
}

#[tokio::test]
async fn s12_options_of_the_whole_server() {
    let app = site_gate(Router::new().fallback(ran("page")));
    ask(&app, "OPTIONS", &[("*", "", 401, ""), ("*", "users.read", 404, "")]).await;
}
