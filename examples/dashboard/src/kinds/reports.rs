//! The usage figures and other answers that are computed and not stored.

use super::field::{List, Number};
use super::record::record;
use super::text::{Address, Day, Id, Text, choices};
use super::users::Chain;

/// A count.
pub type Count = Number<0, 9_000_000_000_000_000>;

choices! {
    /// Where a wallet comes from.
    pub enum WalletOrigin {
        /// The wallet service made it.
        Embedded = "embedded",
        /// The user brought it.
        External = "external",
    }
}

choices! {
    /// The purpose of an environment.
    pub enum EnvironmentType {
        /// Real users.
        Live = "live",
        /// Experiments.
        Sandbox = "sandbox",
    }
}

record! {
    /// An environment.
    pub struct EnvironmentView {
        /// The id.
        id: Id,
        /// The name.
        name: Text<200>,
        /// The purpose.
        r#type: EnvironmentType,
    }
}

record! {
    /// The sessions of one day.
    pub struct DayVisits {
        /// The day in UTC.
        date: Day,
        /// How many sessions began.
        sessions: Count,
    }
}

record! {
    /// Sessions day by day.
    pub struct Visits {
        /// The days with sessions, oldest first.
        days: List<DayVisits, 0, 100>,
    }
}

record! {
    /// The wallets of one chain.
    pub struct ChainWallets {
        /// The chain.
        chain: Chain,
        /// How many wallets there are.
        wallets: Count,
    }
}

record! {
    /// Wallets by chain.
    pub struct WalletFigures {
        /// All wallets.
        total: Count,
        /// The chains with wallets.
        chains: List<ChainWallets, 0, 10>,
    }
}

record! {
    /// The wallets of one chain and origin.
    pub struct WalletGroup {
        /// The chain.
        chain: Chain,
        /// Where the wallets come from.
        origin: WalletOrigin,
        /// How many there are.
        wallets: Count,
    }
}

record! {
    /// Wallets by chain and origin.
    pub struct WalletsBreakdown {
        /// The groups with wallets.
        groups: List<WalletGroup, 0, 20>,
    }
}

record! {
    /// What the environment has now.
    pub struct Overview {
        /// Users.
        users: Count,
        /// Wallets.
        wallets: Count,
        /// Sessions that are not revoked.
        sessions: Count,
        /// Events in the log.
        events: Count,
    }
}

record! {
    /// The headline figures of the last days.
    pub struct Topline {
        /// How many days, today included.
        days: Number<1, 90>,
        /// Users who were created.
        new_users: Count,
        /// Wallets that were linked.
        new_wallets: Count,
        /// Sessions that began.
        sessions: Count,
        /// Users with a session.
        active_users: Count,
    }
}

record! {
    /// The users of one day.
    pub struct DayEngagement {
        /// The day in UTC.
        date: Day,
        /// Users with a session.
        active_users: Count,
    }
}

record! {
    /// How often users come back.
    pub struct Engagement {
        /// Users with a session.
        active_users: Count,
        /// Those of them with sessions on more than one day.
        returning_users: Count,
        /// The days with sessions, oldest first.
        days: List<DayEngagement, 0, 100>,
    }
}

record! {
    /// The embedded wallets of one version.
    pub struct EmbeddedVersion {
        /// The version.
        version: Text<10>,
        /// How many wallets have it.
        wallets: Count,
    }
}

record! {
    /// The versions of embedded wallets in use.
    pub struct EmbeddedVersions {
        /// The versions.
        versions: List<EmbeddedVersion, 0, 10>,
    }
}

record! {
    /// The question about a user's balances.
    pub struct BalanceQuery {
        /// The chains to look at; all of them if the list is missing.
        chains: Option<List<Chain, 1, 4>>,
    }
}

record! {
    /// The balance of one wallet.
    pub struct Balance {
        /// The wallet.
        wallet_id: Id,
        /// Its chain.
        chain: Chain,
        /// Its address.
        address: Address,
        /// Made up from the address, in the chain's smallest unit: this server reads no chain.
        amount: Text<40>,
    }
}

record! {
    /// The balances of a user's wallets.
    pub struct Balances {
        /// One for each wallet.
        balances: List<Balance, 0, 50>,
    }
}

record! {
    /// The access token of a linked account.
    pub struct OauthAccessToken {
        /// Made up: this server holds no tokens of other services.
        access_token: Text<100>,
        /// How many seconds it would be valid.
        expires_in: Number<1, 3600>,
    }
}

record! {
    /// How many sessions were revoked.
    pub struct RevokedSessions {
        /// The number.
        revoked: Count,
    }
}
