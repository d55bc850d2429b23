//! Authentication: other carriers of the token, a missing layer, two of them, one of your own.

use std::sync::{Arc, Mutex};

use actix_web::dev::ServiceRequest;
use actix_web::middleware::from_fn;
use scopes::actix_web::store;
use scopes::{Carrier, Denied, Settings, TokenSource, verifier_fn};

use super::*;

#[actix_web::test]
async fn tokens_elsewhere() {
    let cookie = authenticate().source(TokenSource::cookie("token"));
    let app = init_service(App::new().configure(routes).wrap(cookie)).await;
    let ask = |cookies: &'static str| TestRequest::with_uri("/api/me").insert_header(("cookie", cookies)).to_request();
    assert_eq!(answer(&app, ask("a=1; token=reader")).await.body, "reader");
    assert_eq!(answer(&app, ask("token=reader; token=writer")).await.status, 400);
    assert_eq!(answer(&app, request("GET", "/api/me", "reader").to_request()).await.status, 401);
}

#[actix_web::test]
async fn the_layer_is_missing() {
    let app = init_service(App::new().configure(routes)).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "reader", 500, "{\"error\":\"internal server error\"}"),
            ("GET", "/api/me", "reader", 500, ""),
            ("GET", "/api/health", "", 200, "no layer"),
        ]
    );
}

/// The type of a permit says which handler runs. A grant does not, and actix-web may have chosen
/// the handler by another method.
#[actix_web::test]
async fn a_grant_without_a_permit_opens_no_scoped_route() {
    let overriding = from_fn(|mut request: ServiceRequest, next: actix_web::middleware::Next<_>| {
        if request.headers().contains_key("x-get") {
            request.head_mut().method = Method::GET;
        }
        next.call(request)
    });
    let users = web::resource("/api/environments/{id}/users").route(web::post().to(me).wrap(overriding));
    let both = async |_: Permit<api::permits::UsersRead>, grant: api::Grant| grant.scopes().to_string();
    let one = web::resource("/api/environments/{id}/users/{user}").route(web::get().to(both));
    let app = init_service(App::new().service(users).service(one).wrap(authenticate())).await;
    let posted = |token| request("POST", "/api/environments/e1/users", token);
    assert_eq!(answer(&app, posted("reader").to_request()).await.status, 403);
    // The middleware refuses this caller before the method is changed.
    assert_eq!(answer(&app, posted("reader").insert_header(("x-get", "1")).to_request()).await.status, 403);
    assert_eq!(answer(&app, posted("all").insert_header(("x-get", "1")).to_request()).await.status, 500);
    ask!(app, [("GET", "/api/environments/e1/users/7", "reader", 200, "users.read")]);
}

#[actix_web::test]
async fn the_inner_layer_counts() {
    let accepts_all = Authenticate::new(verifier_fn(|_: String| async {
        Ok(Some(api::Grant::new(api::Scopes::all()).for_any_tenant()))
    }));
    let app = init_service(App::new().configure(routes).wrap(authenticate()).wrap(accepts_all)).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "bad", 401, ""),
            ("GET", "/api/environments/e2/users", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/export", "reader", 403, ""),
        ]
    );
}

#[actix_web::test]
async fn an_authentication_of_ones_own() {
    let settings = Arc::new(Settings::new());
    let own = from_fn(move |request: ServiceRequest, next: actix_web::middleware::Next<_>| {
        let authentication = match request.headers().contains_key("x-reader") {
            true => Authentication::Granted(api::Grant::new(api::Scope::UsersRead).for_tenant("e1").unwrap()),
            false => Authentication::Absent,
        };
        store(authentication, &request, &settings);
        next.call(request)
    });
    let app = init_service(App::new().configure(routes).wrap(own)).await;
    ask!(app, [("GET", "/api/environments/e1/users", "reader", 401, "")]);
    let known = TestRequest::with_uri("/api/environments/e1/users").insert_header(("x-reader", "1"));
    assert_eq!(answer(&app, known.to_request()).await.body, "list e1");
}

#[actix_web::test]
async fn nothing_but_a_routed_handler_gets_a_permit() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&seen);
    let before = from_fn(move |request: ServiceRequest, next: actix_web::middleware::Next<_>| {
        let permit: Result<Permit<api::permits::UsersRead>, Denied> = request.request().permit();
        written.lock().unwrap().push(permit.map_or_else(|denied| denied.status().as_u16(), |_| 200));
        next.call(request)
    });
    async fn fallback(_: Permit<api::permits::UsersRead>) -> &'static str {
        "fallback"
    }
    // `/users/{id}` as the first resource, so that actix-web's guess before the routing is wrong.
    let app = App::new()
        .service(web::resource("/api/environments/{id}/users/{user}").guard(actix_web::guard::Post()).to(fallback))
        .default_service(web::to(fallback))
        .wrap(before)
        .wrap(authenticate());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "reader", 500, ""),
            ("GET", "/api/environments/e1/users/u1", "reader", 500, ""),
            ("GET", "/elsewhere", "reader", 500, ""),
        ]
    );
    assert_eq!(*seen.lock().unwrap(), [500, 500, 500]);
}
