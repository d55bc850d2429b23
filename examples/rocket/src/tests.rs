//! Sends the lines of `try.txt` to a server on a free port.

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
