//! The routes of the pages. They have a catalogue of their own, whose grants come from the cookie
//! of a session only: neither an API token nor a session's JWT opens a page, and the cookie opens
//! nothing of the API.

scopes::scopes! {
    /// Pages for people who use a browser.
    pub mod pages;

    base "/dashboard";

    public("the page with which a session begins, and the files that it needs") {
        /// Asks for the one-time code that the server prints.
        GET "/sign-in" as sign_in_form;
        /// Exchanges the code for a session.
        POST "/sign-in" as sign_in;
        /// Style and scripts.
        GET "/assets/{file}" as asset;
    }

    authenticated("who is signed in decides") {
        /// The tokens that the administrator made in this environment.
        GET "/developer/api" as list_tokens;
        /// The form for a new token. A link may fill it in.
        GET "/developer/api/new" as new_token_form;
        /// Makes a token, and shows its text once.
        POST "/developer/api" as create_token;
        /// Gives a token a new text, and shows it once.
        POST "/developer/api/{tokenId}/rotate" as rotate_token;
        /// Ends a token.
        POST "/developer/api/{tokenId}/revoke" as revoke_token;
        /// The permissions that the administrator may give.
        GET "/developer/picker.json" as picker;
        /// Ends the session.
        POST "/sign-out" as sign_out;
        /// Ends the administrator's sessions of other browsers.
        POST "/sign-out-others" as sign_out_others;
    }
}
