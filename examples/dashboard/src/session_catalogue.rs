//! The routes for users who are signed in to the dashboard. They have a catalogue of their own,
//! whose grants come from session JWTs only: an API token opens none of these routes, and a session
//! opens none of the API's.

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
