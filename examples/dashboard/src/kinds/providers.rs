//! Sign-in providers and exchanges.

use super::field::List;
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{Text, choices};
use super::users::ProviderType;

choices! {
    /// An exchange where users buy.
    pub enum ExchangeType {
        /// Coinbase.
        Coinbase = "coinbase",
        /// Binance.
        Binance = "binance",
        /// Kraken.
        Kraken = "kraken",
    }
}

record! {
    /// A way to sign in. It has no secret of a client, because the server never asks the service.
    pub struct Provider {
        /// The way, unique in the environment.
        r#type: ProviderType,
        /// The id of the environment's client at the service.
        client_id: Option<Text<200>>,
        /// What the client asks the service for.
        scopes: Option<List<Text<100>, 0, 20>>,
    }
}

record! {
    /// An exchange where users buy.
    pub struct Exchange {
        /// The exchange, unique in the environment.
        r#type: ExchangeType,
        /// The id of the environment's client at the exchange.
        client_id: Option<Text<200>>,
    }
}

impl Kind for Provider {
    const KIND: &'static str = "provider";
    const LIST: &'static str = "providers";
    const SWITCH: Option<bool> = Some(true);
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("provider": created updated deleted enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("type", self.r#type.as_str().to_owned()))
    }
}

impl Kind for Exchange {
    const KIND: &'static str = "exchange";
    const LIST: &'static str = "exchanges";
    const SWITCH: Option<bool> = Some(true);
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("exchange": created deleted enabled disabled);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("type", self.r#type.as_str().to_owned()))
    }
}
