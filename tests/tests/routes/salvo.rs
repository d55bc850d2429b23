//! salvo.

use salvo_core::conn::{Acceptor, Listener, TcpListener};
use salvo_core::prelude::*;
use scopes::salvo::{Gate, Partial, router};
use scopes::{Authenticate, Permit, requires, verifier_fn};
use scopes_tests::client::{Client, Request as Sent};

use super::plain::{self, permits::UsersRead};
use super::{PLAIN_CASES, verify_plain};

#[requires(plain::users.read)]
#[handler]
async fn list_users() -> &'static str {
    "list"
}

#[requires(plain::users.read)]
#[handler]
async fn get_user(request: &mut Request) -> String {
    format!("user {}", request.param::<String>("id").unwrap())
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
async fn get_file(request: &mut Request) -> String {
    format!("file {}", request.param::<String>("path").unwrap())
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
    use scopes::salvo::handler;
    let routes = plain::users::Routes {
        list_users: handler(list_users),
        // The less specific route is listed first, because the catalogue orders them.
        get_user: handler(get_user),
        get_me: handler(get_me),
        create_user: handler(create_user),
    };
    routes.partial()
}

#[tokio::test]
async fn every_route_is_served_as_declared() {
    use scopes::salvo::handler;
    let files = plain::files::Routes { get_file: handler(get_file) };
    let rest = plain::Routes { me: handler(me), index: handler(index) };
    let service = Service::new(router(plain::assert_covered!(users(), files, rest)))
        .hoop(Authenticate::<plain::Scope>::new(verifier_fn(verify_plain)))
        .hoop(Gate::<plain::Scope>::new());
    let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    tokio::spawn(Server::new(acceptor).serve(service));
    for (method, target, scopes, status, text) in PLAIN_CASES {
        let request = Sent::new(method, target);
        let request = if scopes.is_empty() { request } else { request.token(scopes) };
        let answer = Client::new(address).send(&request).await;
        assert_eq!(answer.status, status, "{method} {target} {scopes}");
        if status == 200 {
            assert_eq!(answer.text(), text, "{method} {target}");
        }
    }
}
