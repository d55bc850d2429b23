//! Gates and allowlists: which users an environment takes.

use super::fault::Fault;
use super::field::{Field as _, List};
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{Address, Allowed, Country, Email, HostName, Text, choices};
use super::users::{Chain, key_of};
use serde_json::json;

choices! {
    /// What a gate looks at.
    pub enum Criterion {
        /// The e-mail address.
        Email = "email",
        /// The part of the e-mail address after the `@`.
        EmailDomain = "emailDomain",
        /// The country.
        Country = "country",
        /// The address of the wallet.
        WalletAddress = "walletAddress",
        /// The family of the wallet's blockchain.
        Chain = "chain",
    }
}

record! {
    /// A gate. While it is enabled, only users that meet it can be created.
    pub struct Gate {
        /// Its name, unique in the environment.
        name: Text<100>,
        /// What it looks at.
        criterion: Criterion,
        /// The values that it lets through. Letter case does not matter.
        values: List<Text<254>, 1, 50>,
    }
}

record! {
    /// An allowlist. While one is enabled, only users whom an enabled allowlist has can be created.
    pub struct Allowlist {
        /// Its name, unique in the environment.
        name: Text<100>,
    }
}

record! {
    /// An entry of an allowlist.
    pub struct AllowlistEntry {
        /// The e-mail address or wallet address of a user.
        value: Allowed,
        /// Whom the entry is about.
        note: Option<Text<100>>,
    }
}

impl Gate {
    /// Whether its values are of the kind that it looks at. No user meets any other value.
    ///
    /// # Errors
    ///
    /// If one of the values is not.
    pub fn check(&self) -> Result<(), Fault> {
        for (at, value) in self.values.0.iter().enumerate() {
            let (lower, upper) = (json!(value.0.to_lowercase()), json!(value.0.to_uppercase()));
            let read = match self.criterion {
                Criterion::Email => Email::read(lower).err(),
                Criterion::EmailDomain => HostName::read(lower).err(),
                Criterion::Country => Country::read(upper).err(),
                Criterion::WalletAddress => Address::read(json!(value.0)).err(),
                Criterion::Chain => Chain::read(upper).err(),
            };
            if let Some(fault) = read {
                return Err(fault.in_item(at).in_field("values"));
            }
        }
        Ok(())
    }
}

impl Kind for Gate {
    const KIND: &'static str = "gate";
    const LIST: &'static str = "gates";
    const SWITCH: Option<bool> = Some(true);
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("gate": created updated deleted enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("name", self.name.0.clone()))
    }
}

impl Kind for Allowlist {
    const KIND: &'static str = "allowlist";
    const LIST: &'static str = "allowlists";
    // A new list is empty: enabled, it would shut all users out before its first entry.
    const SWITCH: Option<bool> = Some(false);
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("allowlist": created updated deleted enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("name", self.name.0.clone()))
    }
}

impl Kind for AllowlistEntry {
    const KIND: &'static str = "allowlistEntry";
    const LIST: &'static str = "entries";
    const PARENT: Option<&'static str> = Some("allowlistId");
    const LIMIT: u64 = 1000;
    const UNIQUE_BELOW_PARENT: bool = true;
    const EVENTS: Changes = changes!("allowlist.entry": created deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("value", key_of(&self.value.0)))
    }
}
