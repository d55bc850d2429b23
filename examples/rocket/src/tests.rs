//! Sends the lines of `try.txt` to a server on a free port, and compares its routes with the
//! catalogue.

#[path = "../../tested.rs"]
mod tested;

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;

use rocket::fairing::AdHoc;

#[test]
fn the_lines_to_try_say_what_is_answered() {
    let (started, address) = mpsc::channel();
    let server = super::app(0).attach(AdHoc::on_liftoff("address", move |rocket| {
        Box::pin(async move {
            let config = rocket.config();
            let address = SocketAddr::new(config.address, config.port);
            started.send((address, rocket.shutdown())).expect("the test waits");
        })
    }));
    let server = thread::spawn(move || rocket::execute(async { server.launch().await.map(drop).expect("it runs") }));
    let (address, shutdown) = address.recv().unwrap();
    tested::lines(address);
    shutdown.notify();
    server.join().unwrap();
}

#[test]
fn the_router_serves_the_declared_routes() {
    let rocket = super::app(0);
    let served = || rocket.routes().map(|route| (route.method.as_str(), route.uri.to_string()));
    super::api::CATALOGUE.uncovered(served()).assert_empty();

    let without_one = served().filter(|(_, path)| path != "/me");
    let found = super::api::CATALOGUE.uncovered(without_one);
    assert!(found.unserved().map(|route| route.to_string()).eq(["GET /me"]), "{found}");
}
