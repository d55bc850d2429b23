//! Sends the lines of `try.txt` to a server on a free port.

#[path = "../../tested.rs"]
mod tested;

use salvo::conn::Acceptor;
use salvo::prelude::{Listener, Server, TcpListener};

#[tokio::test]
async fn the_lines_to_try_say_what_is_answered() {
    let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    tokio::spawn(Server::new(acceptor).serve(super::app()));
    tokio::task::spawn_blocking(move || tested::lines(address)).await.unwrap();
}
