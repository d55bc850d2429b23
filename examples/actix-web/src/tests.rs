//! Sends the lines of `try.txt` to a server on a free port.

#[path = "../../tested.rs"]
mod tested;

use actix_web::{App, HttpServer, web};
use scopes::{Authenticate, verifier_fn};

#[actix_web::test]
async fn the_lines_to_try_say_what_is_answered() {
    let authenticate = Authenticate::new(verifier_fn(super::verify));
    let app = move || App::new().configure(super::routes).wrap(authenticate.clone());
    let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    web::block(move || tested::lines(address)).await.unwrap();
    handle.stop(false).await;
}
