//! The permissions of the API's tokens. The block began as the output of `scopes import`, which is
//! in `tests/steps/imported.rs`.

scopes::scopes! {
    /// Boards
    pub mod api;

    base "/api";
    tenant account;

    /// Read boards
    "boards:read" {
        GET "/accounts/{account}/boards" as list_boards;
        GET "/accounts/{account}/boards/{board}" as show_board;
        GET "/accounts/{account}/boards/{board}/export" as export_board;
    }
    /// Create and change boards
    "boards:write" { POST "/accounts/{account}/boards" as create_board; }
    /// Read cards
    "cards:read" { GET "/accounts/{account}/boards/{board}/cards" as list_cards; }
    /// Create and remove cards
    "cards:write" {
        POST "/accounts/{account}/boards/{board}/cards" as create_card;
        DELETE "/accounts/{account}/boards/{board}/cards/{card}" as remove_card;
    }
    /// Read the members of an account
    "members:read" { GET "/accounts/{account}/members" as list_members; }

    authenticated("who am I") { GET "/me" as me; }
    public("liveness probe") { GET "/health" as health; }
}
