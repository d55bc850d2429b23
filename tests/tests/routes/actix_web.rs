//! actix-web.

use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use scopes::actix_web::{Partial, configure, handler};
use scopes::{All, Any, Permit, Stricter, requires};

use super::{CASES, api, authenticate, expected};
use api::permits::{EventsExport, EventsRead, UsersRead, UsersWrite};

#[requires(api::users.read)]
async fn list_users(environment: web::Path<String>) -> String {
    format!("list {environment}")
}

#[requires(api::users.read)]
async fn get_user(path: web::Path<(String, String)>) -> String {
    format!("user {}", path.1)
}

async fn either(_: Permit<Any<EventsExport, EventsRead>>) -> &'static str {
    "either"
}

async fn replay_user(permit: Permit<All<UsersWrite, EventsRead>>) -> String {
    format!("replayed {}", permit.parameter("user").unwrap())
}

#[requires(api::users.write)]
async fn cancel_user(word: web::Data<&'static str>, path: web::Path<(String, String)>) -> String {
    format!("{} {}", **word, path.1)
}

async fn get_me(_: Permit<Stricter<UsersRead>>) -> &'static str {
    "myself"
}

async fn create_user(_: Permit<UsersWrite>, environment: web::Path<String>, body: String) -> String {
    format!("create {environment}{body}")
}

#[requires(api::events.read)]
async fn types() -> &'static str {
    "types"
}

#[requires(api::events.export)]
async fn get_file(path: web::Path<(String, String)>) -> String {
    format!("file {}", path.1)
}

#[requires(api::status)]
async fn get_status() -> &'static str {
    "fine"
}

async fn me(grant: api::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

fn users() -> Partial<api::users::Routes> {
    // The less specific route is listed first, because the catalogue orders them.
    let routes = api::users::Routes {
        get_user: handler(get_user),
        get_me: handler(get_me),
        list_users: handler(list_users),
        create_user: handler(create_user),
        cancel_user: handler(cancel_user),
        replay_user: handler(replay_user),
    };
    routes.partial()
}

fn others() -> Partial<(api::events::Routes, api::Routes)> {
    let events = api::events::Routes {
        either: handler(either),
        r#type: handler(types),
        purge: handler(async |_: Permit<EventsRead>| "purged"),
        get_cache: handler(async |_: Permit<EventsRead>| "cached"),
        get_file: handler(get_file),
    };
    let rest = api::Routes {
        get_status: handler(get_status),
        health: handler(async || "ok"),
        me: handler(me),
        hook: handler(async || "hooked"),
    };
    events.partial().merge(rest.partial())
}

#[actix_web::test]
async fn every_route_is_served_as_declared() {
    let app = App::new()
        .app_data(web::Data::new("cancelled"))
        .configure(|config| configure(api::assert_covered!(others(), users()), config))
        .wrap(authenticate());
    let app = init_service(app).await;
    for case @ (method, target, scopes, _, text) in CASES {
        let request = TestRequest::with_uri(target).method(Method::from_bytes(method.as_bytes()).unwrap());
        let request = match scopes {
            "" => request,
            scopes => request.insert_header(("authorization", format!("Bearer {scopes}"))),
        };
        let response = call_service(&app, request.to_request()).await;
        let found = response.status().as_u16();
        assert_eq!(found, expected(case, false), "{method} {target} {scopes}");
        if found == 200 && method != "HEAD" {
            assert_eq!(read_body(response).await, text, "{method} {target}");
        }
    }
}
