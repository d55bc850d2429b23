//! The kinds of objects of the API: what clients send, what the server stores and answers, with the
//! limits of each field and the JSON Schema of each body.
//!
//! A body is declared once, with `record!`. Its types read, check, write and describe it. What a
//! kind adds ([`Kind`]) is where the database keeps it and which events tell of its changes.

pub mod access;
pub mod events;
pub mod exports;
pub mod fault;
pub mod field;
pub mod forms;
pub mod global_wallet;
pub(crate) mod hidden;
pub(crate) mod json;
pub mod kind;
pub mod operations;
pub mod providers;
pub mod record;
pub mod reports;
pub mod schemas;
pub mod sites;
pub mod text;
pub mod users;
pub mod waas;
pub mod webhooks;

pub use fault::Fault;
pub use field::Field;
pub use kind::{Changes, Kind, Object};
pub use operations::{Answer, Operation, operations};
pub use record::Record;
pub use schemas::schemas;

/// The key of the only object of its kind in an environment.
pub(crate) const ONLY: &str = "only";

/// The types of events of all kinds, in the order of the documents.
fn all_changes() -> Vec<Changes> {
    vec![
        users::User::EVENTS,
        users::Session::EVENTS,
        users::Wallet::EVENTS,
        access::Gate::EVENTS,
        access::Allowlist::EVENTS,
        access::AllowlistEntry::EVENTS,
        providers::Provider::EVENTS,
        providers::Exchange::EVENTS,
        sites::Origin::EVENTS,
        sites::DeeplinkUrl::EVENTS,
        sites::CustomHostname::EVENTS,
        sites::NameService::EVENTS,
        sites::TestAccount::EVENTS,
        forms::CustomField::EVENTS,
        forms::SdkView::EVENTS,
        global_wallet::GlobalWallet::EVENTS,
        global_wallet::AccessControl::EVENTS,
        global_wallet::AccessControlDomain::EVENTS,
        waas::Policy::EVENTS,
        waas::EncryptionPublicKey::EVENTS,
        webhooks::Webhook::EVENTS,
        exports::Export::EVENTS,
    ]
}
