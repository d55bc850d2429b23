//! What `scopes import openapi.json` prints, and the line `tenant`.

scopes::scopes! {
    pub mod api;

    base "/api";
    tenant account;

    /// Read boards
    "boards:read" {
        under "/accounts/{account}" {
            /// List the boards
            GET "/boards" as list_boards;
            /// Show a board
            GET "/boards/{board}" as show_board;
        }
    }

    /// Create and change boards
    "boards:write" {
        under "/accounts/{account}" {
            /// Create a board
            POST "/boards" as create_board;
            /// Delete a board
            DELETE "/boards/{board}" as delete_board;
            /// Create a card
            POST "/boards/{board}/cards" as create_card;
        }
    }

    /// Read cards
    "cards:read" {
        /// List the cards
        GET "/accounts/{account}/boards/{board}/cards" as list_cards;
    }

    /// Create and remove cards
    "cards:write" {
        /// Remove a card
        DELETE "/accounts/{account}/boards/{board}/cards/{card}" as remove_card;
    }

    /// Read the members of an account
    "members:read" {
        /// List the members
        GET "/accounts/{account}/members" as list_members;
    }

    authenticated("good credentials of `token`, without a scope") {
        /// Who am I
        GET "/me" as me;
    }

    public("the document asks for no credentials") {
        /// Liveness probe
        GET "/health" as health;
    }
}
