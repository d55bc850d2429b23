//! All futures that ask for the caller share one run of the verifier. A cancelled future does not
//! end the run, a panic in it fails only this request, and it ends if the client disconnects. axum
//! has its own tests in `axum/lazy.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use scopes_tests::probe::{self, dropped_while_it_runs, three_ask};

mod in_actix_web;
mod in_poem;
mod in_rocket;
mod in_salvo;
mod in_tower;

/// The API of all servers here.
pub mod shop {
    scopes::scopes! {
        pub mod api;
        orders.read { GET "/orders"; }
        public("knows its customers") { GET "/greeting"; }
    }
}

use shop::api::{self, Grant};

/// The verifier that waits for the test's permission and counts its runs.
type Probe = probe::Probe<api::Scope>;

/// Makes a probe that may not answer yet.
fn closed_probe() -> Probe {
    Probe::new(0, |token| {
        assert_ne!(token, "panic", "as it was asked to");
        Ok((token == "reader").then(|| Grant::new(api::Scope::OrdersRead)))
    })
}

/// The token, and the answer of a handler in which three futures ask.
const THREE_ASK: [(&str, &str); 3] = [("reader", "true true"), ("unknown", "false false"), ("panic", "false false")];
