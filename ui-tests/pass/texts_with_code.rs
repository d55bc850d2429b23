//! Text that looks like code in the descriptions of scopes and routes is neither code nor a link.
#![deny(warnings, missing_docs)]

scopes::scopes! {
    /// Documented.
    pub mod api;
    routes;
    /// Try it:
    ///
    ///     curl -H 'Authorization: Bearer token' https://example.com/users
    ///
    /// ```
    /// let this: = "is not Rust";
    /// ```
    users.read {
        /// ```
        /// GET /users HTTP/1.1
        /// ```
        GET "/users";
    }
}

fn main() {
    assert!(api::Scope::UsersRead.description().contains("    curl"));
}
