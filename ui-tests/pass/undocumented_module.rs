#![deny(missing_docs)]
//! The module has a text of its own if nobody gives it one.

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {}
