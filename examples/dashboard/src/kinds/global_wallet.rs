//! The wallet shared between environments and who may reach it.

use super::field::List;
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{BrowserOrigin, HostName, HttpsUrl, Text};

record! {
    /// The settings of the global wallet.
    pub struct GlobalWallet {
        /// The name that users see.
        display_name: Text<100>,
        /// The picture that users see.
        icon_url: Option<HttpsUrl>,
    }
}

record! {
    /// The restriction of who may reach the global wallet. While it is enabled, only origins of its
    /// domains are connected.
    pub struct AccessControl {
        /// Why there is a restriction, for people.
        note: Option<Text<200>>,
    }
}

record! {
    /// A domain that the restriction lets through, with the host names below it.
    pub struct AccessControlDomain {
        /// The domain, unique in the environment.
        domain: HostName,
    }
}

record! {
    /// The restriction and its domains.
    pub struct AccessControlView {
        /// The restriction.
        access_control: super::kind::Object<AccessControl>,
        /// The domains that it lets through.
        domains: List<super::kind::Object<AccessControlDomain>, 0, 100>,
    }
}

record! {
    /// An origin of the environment, and whether it may reach the global wallet.
    pub struct Connection {
        /// The origin.
        origin: BrowserOrigin,
        /// Whether the global wallet is enabled and lets it through.
        connected: bool,
    }
}

record! {
    /// The origins of the environment as the global wallet sees them.
    pub struct Connections {
        /// One for each origin.
        connections: List<Connection, 0, 100>,
    }
}

impl Kind for GlobalWallet {
    const KIND: &'static str = "globalWallet";
    const LIST: &'static str = "globalWallets";
    const SWITCH: Option<bool> = Some(true);
    const EVENTS: Changes = changes!("globalWallet": created updated enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("globalWallet", super::ONLY.to_owned()))
    }
}

impl Kind for AccessControl {
    const KIND: &'static str = "globalWalletAccessControl";
    const LIST: &'static str = "accessControls";
    const SWITCH: Option<bool> = Some(true);
    const EVENTS: Changes = changes!("globalWallet.accessControl": created updated enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("accessControl", super::ONLY.to_owned()))
    }
}

impl Kind for AccessControlDomain {
    const KIND: &'static str = "globalWalletAccessControlDomain";
    const LIST: &'static str = "domains";
    const LIMIT: u64 = 100;
    const EVENTS: Changes = changes!("globalWallet.accessControl.domain": created deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("domain", self.domain.0.clone()))
    }
}
