//! One run of the verifier is shared by all who ask for the caller, a cancelled one does not lose
//! it, a panic in it fails this request only, and a client that goes away ends it. axum has tests
//! of its own, in `axum/lazy.rs`.
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

/// Answers when it is let, and counts.
type Probe = probe::Probe<api::Scope>;

/// No answer is let go.
fn closed_probe() -> Probe {
    Probe::new(0, |token| {
        assert_ne!(token, "panic", "as it was asked to");
        Ok((token == "reader").then(|| Grant::new(api::Scope::OrdersRead)))
    })
}

/// What a handler answers in which three ask, and the token.
const THREE_ASK: [(&str, &str); 3] = [("reader", "true true"), ("unknown", "false false"), ("panic", "false false")];
