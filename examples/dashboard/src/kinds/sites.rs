//! The sites of an environment: origins, deep links, host names and name services; also its test
//! account and address screening.

use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{Address, BrowserOrigin, Code, DeepLink, Email, HostName, Label, Text, choices};

choices! {
    /// The name service of a chain.
    pub enum ChainName {
        /// ENS.
        Ethereum = "ethereum",
        /// Basenames.
        Base = "base",
        /// Solana Name Service.
        Solana = "solana",
        /// Unstoppable Domains.
        Polygon = "polygon",
    }
}

record! {
    /// An origin whose pages may call the API (CORS).
    pub struct Origin {
        /// The origin, unique in the environment.
        origin: BrowserOrigin,
    }
}

record! {
    /// A link that opens a mobile application.
    pub struct DeeplinkUrl {
        /// The link, unique in the environment.
        url: DeepLink,
    }
}

record! {
    /// An own host name of the environment.
    pub struct CustomHostname {
        /// The name, unique in the environment.
        hostname: HostName,
    }
}

record! {
    /// A chain's name service, below a domain of the environment.
    pub struct NewNameService {
        /// The domain of which users claim names.
        domain: HostName,
    }
}

record! {
    /// A chain's name service.
    pub struct NameService extends service: NewNameService {
        /// The chain.
        chain_name: ChainName,
    }
}

record! {
    /// A claim for a name.
    pub struct NewSigningMessage {
        /// The name, without the domain.
        name: Label,
        /// The wallet that shall have the name.
        address: Address,
    }
}

record! {
    /// The text that a wallet signs to claim a name.
    pub struct SigningMessage {
        /// The text.
        message: Text<1000>,
    }
}

record! {
    /// The test account that is asked for.
    pub struct NewTestAccount {
        /// Its e-mail address; the server chooses one if it is missing.
        email: Option<Email>,
    }
}

record! {
    /// The account of automated tests.
    pub struct TestAccount {
        /// Its e-mail address.
        email: Email,
        /// The code that signs it in.
        code: Code,
    }
}

record! {
    /// The set-up of address screening. No route changes it.
    pub struct Chainalysis {
        /// Whether addresses are screened.
        screening: bool,
    }
}

impl Kind for Origin {
    const KIND: &'static str = "origin";
    const LIST: &'static str = "origins";
    const LIMIT: u64 = 100;
    const EVENTS: Changes = changes!("origin": created deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("origin", self.origin.0.clone()))
    }
}

impl Kind for DeeplinkUrl {
    const KIND: &'static str = "deeplinkUrl";
    const LIST: &'static str = "deeplinkUrls";
    const LIMIT: u64 = 100;
    const EVENTS: Changes = changes!("deeplinkUrl": created deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("url", self.url.0.clone()))
    }
}

impl Kind for CustomHostname {
    const KIND: &'static str = "customHostname";
    const LIST: &'static str = "hostnames";
    const LIMIT: u64 = 100;
    const EVENTS: Changes = changes!("customHostname": created deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("hostname", self.hostname.0.clone()))
    }
}

impl Kind for NameService {
    const KIND: &'static str = "nameService";
    const LIST: &'static str = "nameServices";
    const SWITCH: Option<bool> = Some(true);
    const EVENTS: Changes = changes!("nameService": created deleted enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("chainName", self.chain_name.as_str().to_owned()))
    }
}

impl Kind for TestAccount {
    const KIND: &'static str = "testAccount";
    const LIST: &'static str = "testAccounts";
    const EVENTS: Changes = changes!("testAccount": created deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("testAccount", super::ONLY.to_owned()))
    }
}
