//! The permissions of the dashboard API: thirteen scopes guard 128 routes, five more are granted
//! but guard nothing here.
//!
//! The documents call eight routes deprecated and name no date. The date here is the day of the
//! documents' last change.

scopes::scopes! {
    /// What an API token of the dashboard may do.
    pub mod api;

    routes;
    base "/api/v0";
    tenant environmentId;

    /// Open a session with the wallet service, as a prelude to wallet operations.
    waas.authenticate {
        /// Opens a wallet service session.
        POST "/environments/:environmentId/waas/authenticate" as authenticate_waas;
    }

    /// Sign messages with wallets whose owners delegated access.
    waas.delegatedAccess.signMessage {
        /// Signs a message with a delegated wallet.
        POST "/environments/:environmentId/waas/:walletId/delegatedAccess/signMessage" as sign_message_with_delegated_access;
    }

    /// See what the users' accounts hold, chain by chain.
    environment.balances.read {
        /// Balances of one user over several chains; the query is the body.
        POST "/environments/:environmentId/users/:userId/balances" as query_user_balances;
    }

    /// List the API tokens of an environment.
    environment.apiTokens.read {
        /// API tokens of the environment, without their secrets.
        GET "/environments/:environmentId/tokens" as list_api_tokens;
    }

    /// Issue and revoke API tokens of an environment.
    environment.apiTokens.write {
        under "/environments/:environmentId" {
            /// Issues a token; its plain text is in this answer only.
            POST "/tokens" as create_api_token;
            /// Revokes a token and every token issued with it.
            DELETE "/tokens/:tokenId" as revoke_api_token;
        }
    }

    /// Read the event log and the kinds of events there are.
    environment.events.read {
        under "/environments/:environmentId" {
            /// Events of the environment, newest first.
            GET "/events" as list_events;
            /// One event.
            GET "/events/:eventId" as get_event;
        }
        /// Kinds of events the product knows.
        #[global("the kinds of events are part of the product and the same for all users")]
        GET "/eventTypes" as list_event_types;
    }

    /// Read webhooks and what was sent to them.
    environment.webhooks.read {
        under "/environments/:environmentId" {
            /// Webhooks of the environment.
            GET "/webhooks" as list_webhooks;
            /// One webhook.
            GET "/webhooks/:webhookId" as get_webhook;
            /// Messages sent to a webhook.
            GET "/webhooks/:webhookId/messages" as list_webhook_messages;
            /// Delivery attempts of one message.
            GET "/webhooks/:webhookId/messages/:messageId" as list_webhook_deliveries;
        }
    }

    /// Add, change and remove webhooks, and send messages again.
    environment.webhooks.write {
        under "/environments/:environmentId" {
            /// Adds a webhook.
            POST "/webhooks" as create_webhook;
            /// Changes a webhook.
            PUT "/webhooks/:webhookId" as update_webhook;
            /// Removes a webhook.
            DELETE "/webhooks/:webhookId" as delete_webhook;
            /// Sends a message once more.
            POST "/webhooks/:webhookId/messages/:messageId/redeliver" as redeliver_webhook_message;
        }
    }

    /// Read usage figures: visits, wallets, engagement.
    environment.analytics.read {
        under "/environments/:environmentId" {
            /// Sessions per day.
            GET "/analytics/visits" as get_visits;
            /// Wallet counts by kind.
            GET "/analytics/wallets" as get_wallet_analytics;
            /// Figures of the overview page.
            GET "/analytics/overview" as get_analytics_overview;
            /// The headline figures.
            GET "/analytics/topline" as get_analytics_topline;
            /// How often users come back.
            GET "/analytics/engagement" as get_engagement;
            /// Wallets by provider and chain.
            GET "/analytics/walletsBreakdown" as get_wallets_breakdown;
        }
    }

    /// Read users with their wallets, accounts and exports.
    environment.users.read {
        under "/environments/:environmentId" {
            /// Embedded wallet versions in use.
            GET "/embeddedWalletVersions" as list_embedded_wallet_versions;
            /// Gives a user a wallet.
            POST "/users/:userId/wallets" as create_wallet;
            /// Wallets of a user.
            GET "/users/:userId/wallets" as list_wallets;
            /// One wallet.
            GET "/wallets/:walletId" as get_wallet;
            /// One user.
            GET "/users/:userId" as get_user;
            /// Users of the environment.
            GET "/users" as list_users;
            /// Exports made so far.
            GET "/exports" as list_exports;
            /// The file of a finished export.
            GET "/exports/:exportId/download" as download_export;
            /// State of one export.
            GET "/exports/:exportId" as get_export;
        }
        /// Access token held for a linked OAuth account.
        #[unbound("a linked account belongs to its user's environment: the handler looks it up and compares")]
        GET "/oauthAccounts/:oauthAccountId/accessToken" as get_oauth_access_token;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/users/:userId/wallets")]
        /// Gives a user a wallet.
        #[unbound("a user belongs to one environment: the handler looks it up and compares")]
        POST "/users/:userId/wallets" as create_wallet_by_user_id;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/users/:userId/wallets")]
        /// Wallets of a user.
        #[unbound("a user belongs to one environment: the handler looks it up and compares")]
        GET "/users/:userId/wallets" as list_wallets_by_user_id;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/wallets/:walletId")]
        /// One wallet.
        #[unbound("a wallet belongs to its user's environment: the handler looks it up and compares")]
        GET "/wallets/:walletId" as get_wallet_by_id;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/users/:userId")]
        /// One user.
        #[unbound("a user belongs to one environment: the handler looks it up and compares")]
        GET "/users/:userId" as get_user_by_id;
    }

    /// Create, change and delete users, their wallets and sessions.
    environment.users.write {
        under "/environments/:environmentId" {
            /// Makes an embedded wallet.
            POST "/waas/create" as create_embedded_wallet;
            /// Removes a wallet.
            DELETE "/wallets/:walletId" as delete_wallet;
            /// Deletes a user.
            DELETE "/users/:userId" as delete_user;
            /// Adds a user.
            POST "/users" as create_user;
            /// Adds many users at once.
            POST "/users/bulk" as create_users;
            /// Changes a user.
            PUT "/users/:userId" as update_user;
            /// Signs a user out everywhere.
            POST "/users/:userId/sessions/revoke" as revoke_sessions;
            /// Starts an export.
            POST "/exports" as create_export;
        }
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/wallets/:walletId")]
        /// Removes a wallet.
        #[unbound("a wallet belongs to its user's environment: the handler looks it up and compares")]
        DELETE "/wallets/:walletId" as delete_wallet_by_id;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/users/:userId")]
        /// Deletes a user.
        #[unbound("a user belongs to one environment: the handler looks it up and compares")]
        DELETE "/users/:userId" as delete_user_by_id;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/users/:userId")]
        /// Changes a user.
        #[unbound("a user belongs to one environment: the handler looks it up and compares")]
        PUT "/users/:userId" as update_user_by_id;
        #[deprecated(since = "2026-01-21", note = "use /environments/:environmentId/users/:userId/sessions/revoke")]
        /// Signs a user out everywhere.
        #[unbound("a user belongs to one environment: the handler looks it up and compares")]
        POST "/users/:userId/sessions/revoke" as revoke_sessions_by_user_id;
        /// Ends one session.
        #[unbound("a session belongs to its user's environment: the handler looks it up and compares")]
        PUT "/sessions/:sessionId/revoke" as revoke_session;
    }

    /// Read the configuration of an environment.
    environment.settings.read {
        under "/environments/:environmentId" {
            /// Settings of the global wallet.
            GET "/globalWallet/settings" as get_global_wallet_settings;
            /// Who may reach the global wallet.
            GET "/globalWallet/accessControl" as get_global_wallet_access_control;
            /// Sites connected to the global wallet.
            GET "/globalWallet/connections" as list_global_wallet_connections;
            /// Name service of a chain.
            GET "/nameService/:chainName" as get_name_service;
            /// The test account, if there is one.
            GET "/test/account" as get_test_account;
            /// Own host names of the environment.
            GET "/custom/hostnames" as list_custom_hostnames;
            /// Fields asked of users beyond the built-in ones.
            GET "/custom/fields" as list_custom_fields;
            /// Gates of the environment.
            GET "/gates" as list_gates;
            /// One gate.
            GET "/gates/:gateId" as get_gate;
            /// Sign-in providers of the environment.
            GET "/settings/providers" as list_providers;
            /// Exchanges users can buy from.
            GET "/settings/exchanges" as list_exchanges;
            /// Origins that may call from a browser.
            GET "/origins" as list_origins;
            /// Deep links of mobile applications.
            GET "/deeplinkUrls" as list_deeplink_urls;
            /// Allowlists of the environment.
            GET "/allowlists" as list_allowlists;
            /// Set-up of address screening.
            GET "/integrations/chainalysis" as get_chainalysis;
            /// Views shown by the SDK.
            GET "/sdkViews" as list_sdk_views;
            /// One SDK view.
            GET "/sdkViews/:viewType" as get_sdk_view;
            /// Keys that delegated shares are encrypted to.
            GET "/waas/delegatedAccess/encryptionPublicKeys" as list_encryption_public_keys;
            /// One encryption key.
            GET "/waas/delegatedAccess/encryptionPublicKeys/:keyId" as get_encryption_public_key;
            /// Rules that limit what wallets may sign.
            GET "/waas/policies" as list_waas_policies;
            /// A wallet as the wallet service sees it.
            GET "/waas/:walletId" as get_waas_wallet;
        }
        /// One custom field.
        #[unbound("a custom field belongs to one environment: the handler looks it up and compares")]
        GET "/custom/fields/:customFieldId" as get_custom_field;
        /// One sign-in provider.
        #[unbound("a provider is set up in one environment: the handler looks it up and compares")]
        GET "/settings/providers/:providerId" as get_provider;
        /// One exchange.
        #[unbound("an exchange is set up in one environment: the handler looks it up and compares")]
        GET "/settings/exchanges/:exchangeId" as get_exchange;
        /// One allowlist.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        GET "/allowlists/:allowlistId" as get_allowlist;
        /// Entries of an allowlist.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        GET "/allowlists/:allowlistId/entries" as list_allowlist_entries;
    }

    /// Change the configuration of an environment.
    environment.settings.write {
        under "/environments/:environmentId" {
            /// Sets the global wallet up.
            POST "/globalWallet/settings" as create_global_wallet_settings;
            /// Changes the global wallet.
            PUT "/globalWallet/settings" as update_global_wallet_settings;
            /// Turns the global wallet on.
            PUT "/globalWallet/enable" as enable_global_wallet;
            /// Turns the global wallet off.
            PUT "/globalWallet/disable" as disable_global_wallet;
            /// Restricts who may reach the global wallet.
            POST "/globalWallet/accessControl" as create_global_wallet_access_control;
            /// Changes that restriction.
            PUT "/globalWallet/accessControl" as update_global_wallet_access_control;
            /// Turns the restriction on.
            PUT "/globalWallet/accessControl/enable" as enable_global_wallet_access_control;
            /// Turns the restriction off.
            PUT "/globalWallet/accessControl/disable" as disable_global_wallet_access_control;
            /// Lets a domain through the restriction.
            POST "/globalWallet/accessControl/domains" as add_global_wallet_domain;
            /// Shuts a domain out again.
            DELETE "/globalWallet/accessControl/domains/:globalWalletAccessControlDomainId" as remove_global_wallet_domain;
            /// The text to sign when a name is claimed.
            POST "/nameService/:chainName/signingMessage" as create_name_service_signing_message;
            /// Removes the name service of a chain.
            DELETE "/nameService/:chainName" as delete_name_service;
            /// Sets a chain's name service up.
            POST "/nameService/:chainName" as create_name_service;
            /// Turns a chain's name service on.
            PUT "/nameService/:chainName/enable" as enable_name_service;
            /// Turns a chain's name service off.
            PUT "/nameService/:chainName/disable" as disable_name_service;
            /// Makes the test account.
            POST "/test/account" as create_test_account;
            /// Removes the test account.
            DELETE "/test/account" as delete_test_account;
            /// Adds an own host name.
            POST "/custom/hostnames" as create_custom_hostname;
            /// Removes an own host name.
            DELETE "/custom/hostnames/:customHostnameId" as delete_custom_hostname;
            /// Adds a custom field.
            POST "/custom/fields" as create_custom_field;
            /// Adds a gate.
            POST "/gates" as create_gate;
            /// Changes a gate.
            PUT "/gates/:gateId" as update_gate;
            /// Removes a gate.
            DELETE "/gates/:gateId" as delete_gate;
            /// Turns a gate on.
            PUT "/gates/:gateId/enable" as enable_gate;
            /// Turns a gate off.
            PUT "/gates/:gateId/disable" as disable_gate;
            /// Adds a sign-in provider.
            POST "/settings/providers" as create_provider;
            /// Adds an exchange.
            POST "/settings/exchanges" as create_exchange;
            /// Lets an origin call from a browser.
            POST "/origins" as create_origin;
            /// Adds a deep link.
            POST "/deeplinkUrls" as create_deeplink_url;
            /// Adds an allowlist.
            POST "/allowlists" as create_allowlist;
            /// Changes an SDK view.
            PUT "/sdkViews/:viewType" as update_sdk_view;
            /// Adds signing rules.
            POST "/waas/policies" as create_waas_policy;
            /// Changes signing rules.
            PUT "/waas/policies" as update_waas_policy;
            /// Removes signing rules.
            DELETE "/waas/policies" as delete_waas_policy;
            /// Adds an encryption key for delegated shares.
            POST "/waas/delegatedAccess/encryptionPublicKeys" as create_encryption_public_key;
        }
        /// Changes a custom field.
        #[unbound("a custom field belongs to one environment: the handler looks it up and compares")]
        PUT "/custom/fields/:customFieldId" as update_custom_field;
        /// Removes a custom field.
        #[unbound("a custom field belongs to one environment: the handler looks it up and compares")]
        DELETE "/custom/fields/:customFieldId" as delete_custom_field;
        /// Changes a sign-in provider.
        #[unbound("a provider is set up in one environment: the handler looks it up and compares")]
        PUT "/settings/providers/:providerId" as update_provider;
        /// Removes a sign-in provider.
        #[unbound("a provider is set up in one environment: the handler looks it up and compares")]
        DELETE "/settings/providers/:providerId" as delete_provider;
        /// Turns a sign-in provider on.
        #[unbound("a provider is set up in one environment: the handler looks it up and compares")]
        PUT "/settings/providers/:providerId/enable" as enable_provider;
        /// Turns a sign-in provider off.
        #[unbound("a provider is set up in one environment: the handler looks it up and compares")]
        PUT "/settings/providers/:providerId/disable" as disable_provider;
        /// Removes an exchange.
        #[unbound("an exchange is set up in one environment: the handler looks it up and compares")]
        DELETE "/settings/exchanges/:exchangeId" as delete_exchange;
        /// Turns an exchange on.
        #[unbound("an exchange is set up in one environment: the handler looks it up and compares")]
        PUT "/settings/exchanges/:exchangeId/enable" as enable_exchange;
        /// Turns an exchange off.
        #[unbound("an exchange is set up in one environment: the handler looks it up and compares")]
        PUT "/settings/exchanges/:exchangeId/disable" as disable_exchange;
        /// Removes an origin.
        #[unbound("an origin is registered in one environment: the handler looks it up and compares")]
        DELETE "/origins/:originId" as delete_origin;
        /// Removes a deep link.
        #[unbound("a deep link is registered in one environment: the handler looks it up and compares")]
        DELETE "/deeplinkUrls/:deeplinkUrlId" as delete_deeplink_url;
        /// Removes an allowlist.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        DELETE "/allowlists/:allowlistId" as delete_allowlist;
        /// Turns an allowlist on.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        PUT "/allowlists/:allowlistId/enable" as enable_allowlist;
        /// Changes an allowlist.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        PUT "/allowlists/:allowlistId" as update_allowlist;
        /// Turns an allowlist off.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        PUT "/allowlists/:allowlistId/disable" as disable_allowlist;
        /// Adds an entry to an allowlist.
        #[unbound("an allowlist belongs to one environment: the handler looks it up and compares")]
        POST "/allowlists/:allowlistId/entries" as create_allowlist_entry;
        /// Removes an entry of an allowlist.
        #[unbound("an entry belongs to its allowlist's environment: the handler looks it up and compares")]
        DELETE "/allowlistEntries/:allowlistEntryId" as delete_allowlist_entry;
    }

    /// Write events of an environment's own.
    environment.events.write;

    /// Read gas sponsorship.
    gasless.read;

    /// Change gas sponsorship.
    gasless.write;

    /// Start and change payment flows.
    flow.write;

    /// Every permission to read, those of later versions included.
    all.read includes *.read;

    authenticated("a token may ask which environment it is for") {
        /// The environment: its name and whether it is live.
        GET "/environments/:environmentId" as get_environment;
    }

    external("dashboard session, checked by the session catalogue") {
        /// Tokens that the signed-in administrator made.
        GET "/user/tokens" as list_user_tokens;
        /// Makes a token in the administrator's environment.
        POST "/user/tokens" as create_user_token;
    }
}
