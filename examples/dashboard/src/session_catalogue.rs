//! What somebody signed in to the dashboard may call. A catalogue of its own: its grants come from
//! session JWTs only, so neither an API token passes here nor a session there.

scopes::scopes! {
    /// Routes of the signed-in administrator.
    pub mod dashboard;

    base "/api/v0";

    authenticated("who is signed in decides") {
        /// Tokens that the administrator made.
        GET "/user/tokens" as list_user_tokens;
        /// Makes a token for the session's environment.
        POST "/user/tokens" as create_user_token;
    }
}
