//! Sends the lines of `try.txt` to a server on a free port.

#[path = "../../tested.rs"]
mod tested;

use poem::Server;
use poem::listener::TcpAcceptor;

#[tokio::test]
async fn the_lines_to_try_say_what_is_answered() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(super::app()));
    tokio::task::spawn_blocking(move || tested::lines(address)).await.unwrap();
}
