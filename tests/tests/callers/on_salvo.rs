use salvo_core::conn::{Acceptor as _, Listener as _, TcpListener};
use salvo_core::prelude::*;
use scopes::requires;
use scopes::salvo::Gate;
use scopes_tests::client::{Client, Request as Sent};

use super::{Answer, Runtime, Setup, api, greeted, permitted};

#[handler]
async fn start_page() -> &'static str {
    "start"
}

#[handler]
async fn greeting(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
#[handler]
async fn peek(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
#[handler]
async fn held(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[handler]
async fn me(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[requires(api::packages.read as permit)]
#[handler]
async fn list() -> String {
    permitted(&permit)
}

#[requires(api::packages.write as permit)]
#[handler]
async fn create() -> String {
    permitted(&permit)
}

#[requires(api::packages.export as permit)]
#[handler]
async fn export() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
#[handler]
async fn compared(request: &mut Request) -> Result<String, scopes::Denied> {
    permit.same_tenant(&request.param::<String>("id").unwrap_or_default())?;
    Ok(permitted(&permit))
}

fn served(router: Router) -> super::Server {
    let router = router
        .push(Router::with_path("start").get(start_page))
        .push(Router::with_path("greeting").get(greeting))
        .push(Router::with_path("known").get(me))
        .push(Router::with_path("me").get(me))
        .push(Router::with_path("whoami").get(greeting))
        .push(Router::with_path("peek").get(peek))
        .push(Router::with_path("held").get(held))
        .push(Router::with_path("undeclared").get(greeting))
        .push(Router::with_path("packages").get(list).post(create))
        .push(Router::with_path("packages/export").get(export))
        .push(Router::with_path("packages/{id}").get(compared))
        .push(Router::with_path("drafts/{id}").get(list))
        .push(Router::with_path("accounts/{account}/packages").get(list));
    let runtime = Runtime::new();
    let address = runtime.run(async {
        let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
        let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
        tokio::spawn(Server::new(acceptor).serve(Service::new(router)));
        address
    });
    Box::new(move |ask| {
        let sent = Sent::new(ask.method, ask.target);
        let sent =
            if ask.credentials.is_empty() { sent } else { sent.header(format!("Authorization: {}", ask.credentials)) };
        let answer = runtime.run(Client::new(address).send(&sent));
        let challenge = answer.header("www-authenticate").unwrap_or_default().to_owned();
        Answer { status: answer.status, challenge, text: answer.text() }
    })
}

pub(super) fn with_permits(setup: &Setup) -> super::Server {
    served(Router::new().hoop(setup.authenticate.clone()))
}

pub(super) fn gated(setup: &Setup) -> super::Server {
    served(Router::new().hoop(setup.authenticate.clone()).hoop(Gate::<api::Scope>::new()))
}
