//! rocket.
#![allow(clippy::needless_pass_by_value, reason = "rocket gives guards and segments by value")]

use std::path::PathBuf;

use rocket::http::{Header, Method};
use rocket::local::asynchronous::Client;
use rocket::{Build, Rocket, Route, get, post, routes};
use scopes::rocket::{Partial, handler, mount};
use scopes::{Authenticate, Permit, requires, verifier_fn};

use super::plain::{self, permits::UsersRead};
use super::{PLAIN_CASES, verify_plain};

#[requires(plain::users.read)]
#[get("/users")]
fn list_users() -> &'static str {
    "list"
}

#[requires(plain::users.read)]
#[get("/users/<user>")]
fn get_user(user: &str) -> String {
    format!("user {user}")
}

// The whole path, without an attribute that checks it.
#[get("/api/users/me")]
fn get_me(_permit: Permit<UsersRead>) -> &'static str {
    "myself"
}

#[requires(any(plain::users.write, plain::files.write))]
#[post("/users")]
fn create_user() -> &'static str {
    "created"
}

#[requires(plain::files.read)]
#[get("/files/<path..>")]
fn get_file(path: PathBuf) -> String {
    format!("file {}", path.display())
}

#[get("/me")]
fn me(grant: plain::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

#[get("/")]
fn index() -> &'static str {
    "index"
}

fn users(get_user: Vec<Route>) -> Partial<plain::users::Routes> {
    let routes = plain::users::Routes {
        list_users: handler(routes![list_users]),
        get_user: handler(get_user),
        get_me: handler(routes![get_me]),
        create_user: handler(routes![create_user]),
    };
    routes.partial()
}

fn server(get_user: Vec<Route>) -> Result<Rocket<Build>, scopes::rocket::MountError> {
    let files = plain::files::Routes { get_file: handler(routes![get_file]) };
    let rest = plain::Routes { me: handler(routes![me]), index: handler(routes![index]) };
    mount(rocket::build(), plain::assert_covered!(users(get_user), files, rest))
}

#[tokio::test]
async fn every_route_is_served_as_declared() {
    let server = server(routes![get_user]).unwrap().attach(Authenticate::new(verifier_fn(verify_plain)));
    let client = Client::untracked(server).await.unwrap();
    for (method, target, scopes, status, text) in PLAIN_CASES {
        let mut request = client.req(method.parse::<Method>().unwrap(), target);
        if !scopes.is_empty() {
            request.add_header(Header::new("authorization", format!("Bearer {scopes}")));
        }
        let response = request.dispatch().await;
        assert_eq!(response.status().code, status, "{method} {target} {scopes}");
        if status == 200 {
            assert_eq!(response.into_string().await.unwrap_or_default(), text, "{method} {target}");
        }
    }
}

#[test]
fn a_handler_of_another_path_is_an_error() {
    for (routes, expected) in [
        (routes![list_users], "the handler of `GET /api/users/{id}` is declared for `GET /users`"),
        (routes![create_user], "the handler of `GET /api/users/{id}` is declared for `POST /users`"),
        (routes![get_user, get_file], "the handler of `GET /api/users/{id}` is declared for `GET /files/<path..>`"),
        (vec![], "the route `GET /api/users/{id}` has no handler"),
    ] {
        assert_eq!(server(routes).unwrap_err().to_string(), expected);
    }
}
