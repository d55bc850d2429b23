use std::time::Duration;

use salvo_core::conn::{Acceptor, Listener, TcpListener};
use salvo_core::prelude::*;
use scopes::Authentication;
use scopes::salvo::Authenticate;
use scopes_tests::client::{Client, Request as Sent};
use tokio::io::AsyncWriteExt;

use super::*;

/// Serves on a free port.
async fn served(probe: &Probe) -> std::net::SocketAddr {
    struct Greeting(Probe);

    // Extractors of salvo borrow the request mutably, so only `ask` can run several times at once.
    #[salvo_core::async_trait]
    impl Handler for Greeting {
        async fn handle(&self, request: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
            let request: &Request = request;
            let ask = || async {
                let caller = Authentication::<api::Scope>::ask(request.extensions()).await;
                caller.is_some_and(|caller| caller.grant().is_some())
            };
            response.render(three_ask(&self.0, ask).await);
        }
    }

    #[scopes::requires(api::orders.read)]
    #[handler]
    async fn orders() -> &'static str {
        "orders"
    }

    let router = Router::new()
        .hoop(Authenticate::new(probe.clone()))
        .push(Router::with_path("greeting").get(Greeting(probe.clone())))
        .push(Router::with_path("orders").get(orders));
    let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    tokio::spawn(Server::new(acceptor).serve(Service::new(router)));
    address
}

#[tokio::test]
async fn handlers_that_ask_twice_at_once_wait_for_one_run() {
    let probe = closed_probe();
    let mut client = Client::new(served(&probe).await);
    for (index, (token, expected)) in THREE_ASK.into_iter().enumerate() {
        let answer = client.send(&Sent::new("GET", "/greeting").token(token)).await;
        assert_eq!(answer.text(), expected, "{token}");
        assert_eq!((probe.asked(), probe.ended()), (index + 1, index + 1), "{token}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_verifier() {
    let probe = closed_probe();
    let mut stream = tokio::net::TcpStream::connect(served(&probe).await).await.unwrap();
    stream.write_all(&Sent::new("GET", "/orders").token("reader").to_bytes()).await.unwrap();
    until(|| probe.asked() == 1).await;
    assert_eq!(probe.ended(), 0);
    drop(stream);
    until(|| probe.ended() == 1).await;
}

/// Waits for at most ten seconds.
async fn until(done: impl Fn() -> bool) {
    for _ in 0..1000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come within ten seconds");
}
