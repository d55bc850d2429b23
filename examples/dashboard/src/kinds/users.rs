//! Users with their wallets, linked accounts and sessions.

use serde_json::Value;

use super::fault::Fault;
use super::field::{Field, List, Named};
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{Address, Country, Email, Id, Text, Time, choices};

/// The greatest number of users in one request. Together they fit into one body.
pub const MAX_BULK: usize = 50;

choices! {
    /// The family of a blockchain.
    pub enum Chain {
        /// Ethereum and its relatives.
        Evm = "EVM",
        /// Solana.
        Solana = "SOL",
        /// Bitcoin.
        Bitcoin = "BTC",
        /// Sui.
        Sui = "SUI",
    }
}

choices! {
    /// How users sign in.
    pub enum ProviderType {
        /// A code by e-mail.
        Email = "email",
        /// A code by text message.
        Sms = "sms",
        /// A wallet's signature.
        Wallet = "wallet",
        /// Google.
        Google = "google",
        /// GitHub.
        Github = "github",
        /// Apple.
        Apple = "apple",
        /// Discord.
        Discord = "discord",
    }
}

record! {
    /// A user of the environment's application.
    pub struct User {
        /// The e-mail address, unique in the environment.
        email: Email,
        /// The name that other users see.
        alias: Option<Text<100>>,
        /// The first name.
        first_name: Option<Text<100>>,
        /// The last name.
        last_name: Option<Text<100>>,
        /// The country.
        country: Option<Country>,
        /// The values of custom fields, by the field's name.
        custom_fields: Option<Named<Text<500>, 50>>,
    }
}

record! {
    /// A new user, with what belongs to the user from the beginning.
    pub struct NewUser extends user: User {
        /// A wallet that the user has already.
        wallet: Option<NewWallet>,
        /// Accounts that the user signs in with.
        oauth_accounts: Option<List<OauthAccount, 0, 5>>,
    }
}

record! {
    /// Many new users. Either all of them are added or none.
    pub struct NewUsers {
        /// The users.
        users: List<NewUser, 1, 50>,
    }
}

record! {
    /// A wallet that a user has already.
    pub struct NewWallet {
        /// The family of its blockchain.
        chain: Chain,
        /// Its address, unique in the environment.
        address: Address,
        /// The wallet's name.
        name: Option<Text<100>>,
    }
}

record! {
    /// A wallet of a user.
    pub struct Wallet extends wallet: NewWallet {
        /// The version of an embedded wallet; missing if the user brought the wallet.
        embedded_version: Option<Text<10>>,
        /// Whether the user lets the server sign with it.
        delegated_access: bool,
    }
}

record! {
    /// An account of another service that the user signs in with.
    pub struct OauthAccount {
        /// The service. Its provider must be enabled in the environment.
        provider: ProviderType,
        /// The account's id there.
        account_id: Text<200>,
    }
}

record! {
    /// A user's session.
    pub struct Session {
        /// When it ends by itself.
        expires_at: Time,
    }
}

record! {
    /// A new user with the ids of what was made together with it.
    pub struct CreatedUser {
        /// The user.
        user: UserView,
        /// The wallet, if there is one.
        wallet_id: Option<Id>,
        /// The linked accounts, in the order of the request.
        oauth_account_ids: List<Id, 0, 5>,
    }
}

record! {
    /// The users that were made, in the order of the request.
    pub struct CreatedUsers {
        /// The users.
        users: List<CreatedUser, 1, 50>,
    }
}

/// A user in an answer to the request that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct UserView(pub super::kind::Object<User>);

impl Field for UserView {
    fn schema() -> Value {
        super::kind::Object::<User>::schema()
    }

    fn read(value: Value) -> Result<Self, Fault> {
        super::kind::Object::read(value).map(Self)
    }

    fn write(&self) -> Option<Value> {
        self.0.write()
    }
}

impl NewWallet {
    /// Whether the address has the form of its chain's addresses.
    ///
    /// # Errors
    ///
    /// If the address is one of another chain.
    pub fn check(&self) -> Result<(), Fault> {
        let address = self.address.0.as_str();
        let (is_hexadecimal, is_bech32) = (address.starts_with("0x"), address.starts_with("bc1"));
        let fits = match self.chain {
            Chain::Evm => is_hexadecimal && address.len() == 42,
            Chain::Sui => is_hexadecimal && address.len() == 66,
            Chain::Bitcoin => !is_hexadecimal,
            Chain::Solana => !is_hexadecimal && !is_bech32 && address.len() >= 32,
        };
        let why = || Fault::of("address", format!("is not an address of the chain {}", self.chain.as_str()));
        if fits { Ok(()) } else { Err(why()) }
    }
}

impl Kind for User {
    const KIND: &'static str = "user";
    const LIST: &'static str = "users";
    const LIMIT: u64 = 10_000;
    const EVENTS: Changes = changes!("user": created updated deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("email", self.email.0.to_lowercase()))
    }
}

impl Kind for Wallet {
    const KIND: &'static str = "wallet";
    const LIST: &'static str = "wallets";
    const PARENT: Option<&'static str> = Some("userId");
    const LIMIT: u64 = 50;
    const EVENTS: Changes =
        Changes { created: Some("wallet.linked"), deleted: Some("wallet.unlinked"), ..Changes::NONE };

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("address", format!("{} {}", self.wallet.chain.as_str(), key_of(&self.wallet.address.0))))
    }

    fn label(&self) -> Option<String> {
        let by = if self.embedded_version.is_some() { "embedded" } else { "external" };
        Some(format!("{} {by}", self.wallet.chain.as_str()))
    }
}

impl Kind for OauthAccount {
    const KIND: &'static str = "oauthAccount";
    const LIST: &'static str = "oauthAccounts";
    const PARENT: Option<&'static str> = Some("userId");
    const LIMIT: u64 = 5;
    // They are made and deleted with their user, whose events say so.
    const EVENTS: Changes = Changes::NONE;

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("accountId", format!("{} {}", self.provider.as_str(), self.account_id.0)))
    }
}

impl Kind for Session {
    const KIND: &'static str = "session";
    const LIST: &'static str = "sessions";
    const PARENT: Option<&'static str> = Some("userId");
    const LIMIT: u64 = 100;
    const EVENTS: Changes =
        Changes { created: Some("user.session.created"), deleted: Some("user.session.revoked"), ..Changes::NONE };
}

/// The form in which addresses and e-mail addresses are compared: hexadecimal and e-mail addresses
/// without letter case, base58 exactly.
#[must_use]
pub fn key_of(text: &str) -> String {
    if text.starts_with("0x") || text.contains('@') { text.to_lowercase() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_its_chain() {
        let sui = format!("0x{}", "0a".repeat(32));
        for (address, chains) in [
            ("0x52908400098527886E0F7030069857D2E4169EE7", &[Chain::Evm][..]),
            (&sui, &[Chain::Sui]),
            ("7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv", &[Chain::Solana, Chain::Bitcoin]),
            ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", &[Chain::Solana, Chain::Bitcoin]),
            ("1CounterpartyXXXXXXXXXXXXXXXUW", &[Chain::Bitcoin]),
            ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", &[Chain::Bitcoin]),
        ] {
            for &chain in Chain::ALL {
                let address = Address::read(address.into()).unwrap();
                let wallet = NewWallet { chain, address, name: None };
                assert_eq!(wallet.check().is_ok(), chains.contains(&chain), "{wallet:?}");
            }
        }
    }
}
