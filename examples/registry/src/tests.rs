//! Attacks the registry, with public reading and without.

use scopes_conformance::{Conformance, TokenPlace};

use super::*;

fn attacked(public_read: bool) {
    let registry = Registry::default();
    let (restored, app) = (registry.clone(), app(&registry, public_read));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(listener, app).await });
    let grant = |user: &str| grant_of(user).unwrap();
    let conformance = Conformance::new(address, &api::CATALOGUE)
        .token("token-of-guest", grant("guest"))
        .token("token-of-robot", grant("robot"))
        .token_in(TokenPlace::Basic, "ada:open sesame", grant("ada"))
        .token_in(TokenPlace::Cookie("session".to_owned()), "session-of-ada", grant("ada"))
        .value("name", "serde")
        .reset(move || {
            let mut registry = restored.open();
            registry.0.insert("serde".to_owned(), "1.0".to_owned());
            registry.1.insert("session-of-ada".to_owned(), "ada".to_owned());
        });
    let conformance = if public_read { conformance.anonymous(grant("guest")) } else { conformance };
    conformance.run().assert_complete();
}

#[test]
fn only_users_read() {
    attacked(false);
}

#[test]
fn every_client_may_read() {
    attacked(true);
}
