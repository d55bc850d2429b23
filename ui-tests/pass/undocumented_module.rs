#![deny(missing_docs)]
//! The module has a default text if it is not documented.

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {}
