//! Attacks the shortener.

use scopes_conformance::{Conformance, TokenPlace};

use super::*;

#[test]
fn attacked() {
    let links = Links::default();
    let (tell, told) = std::sync::mpsc::channel();
    let (restored, data) = (links.clone(), web::Data::new(links));
    std::thread::spawn(move || {
        let authenticate = authenticate().unwrap();
        let app = move || App::new().app_data(data.clone()).configure(configure).wrap(authenticate.clone());
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        tell.send(server.addrs()[0]).unwrap();
        actix_web::rt::System::new().block_on(server.run())
    });
    let grant = |scopes: api::Scopes| api::Grant::new(scopes);
    Conformance::new(told.recv().unwrap(), &api::CATALOGUE)
        .tokens_in(TokenPlace::Header("X-Api-Key".to_owned()))
        .token("key|reader", grant(api::Scope::LinksRead.into()))
        .token("key|writer", grant(api::Scope::LinksWrite.into()))
        .token_in(TokenPlace::Cookie("session".to_owned()), "session-of-ada", grant(api::Scopes::all()))
        .value("code", "l0")
        .body_of("POST /api/links", "text/plain", "https://example.com")
        .reset(move || drop(restored.open().insert("l0".to_owned(), ("https://example.com".to_owned(), 0))))
        // A visit is answered with a redirection.
        .reached(|answer| answer.is_success() || answer.status() == 302)
        .run()
        .assert_complete();
}
