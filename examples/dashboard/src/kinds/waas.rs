//! The wallet service: sessions, embedded wallets, delegated signing, policies and keys.

use super::field::{List, Number};
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{Address, Id, Lines, PublicKey, Text, Time, choices};
use super::users::Chain;

choices! {
    /// What a rule does.
    pub enum PolicyAction {
        /// Lets the wallet sign.
        Allow = "allow",
        /// Refuses.
        Deny = "deny",
    }
}

choices! {
    /// The algorithm of a key.
    pub enum KeyAlgorithm {
        /// RSA-OAEP with SHA-256.
        Rsa = "RSA-OAEP-256",
        /// X25519.
        X25519 = "X25519",
    }
}

record! {
    /// Whose session to open.
    pub struct NewWaasSession {
        /// The user.
        user_id: Id,
    }
}

record! {
    /// A session of the wallet service.
    pub struct WaasSession {
        /// The id of the session, by which it is revoked.
        session_id: Id,
        /// Made up: this server has no wallet service to give it to.
        session_token: Text<100>,
        /// When it ends.
        expires_at: Time,
    }
}

record! {
    /// A message for a wallet to sign.
    pub struct NewSignature {
        /// The message.
        message: Lines<2000>,
    }
}

record! {
    /// A signature.
    pub struct Signature {
        /// Made up from a key of this server, the wallet and the message.
        signature: Text<200>,
    }
}

record! {
    /// Embedded wallets to make.
    pub struct NewEmbeddedWallets {
        /// The user who gets them.
        user_id: Id,
        /// One wallet for each chain.
        chains: List<Chain, 1, 4>,
        /// Whether the server may sign with them.
        delegated_access: Option<bool>,
    }
}

record! {
    /// The wallets of a user.
    pub struct Wallets {
        /// The wallets.
        wallets: List<super::kind::Object<super::users::Wallet>, 0, 50>,
    }
}

record! {
    /// An embedded wallet as the wallet service sees it.
    pub struct WaasWallet {
        /// The wallet.
        wallet_id: Id,
        /// Its user.
        user_id: Id,
        /// The family of its blockchain.
        chain: Chain,
        /// Its address.
        address: Address,
        /// The version of its key shares.
        version: Text<10>,
        /// Whether the server may sign with it.
        delegated_access: bool,
    }
}

record! {
    /// A rule about signing.
    pub struct PolicyRule {
        /// The chain that it is about.
        chain: Chain,
        /// What it does.
        action: PolicyAction,
        /// The greatest length of a message, in characters.
        max_message_length: Option<Number<1, 2000>>,
    }
}

record! {
    /// The rules about signing. A chain without a rule is not limited.
    pub struct Policy {
        /// The rules. All rules of the wallet's chain must let it sign.
        rules: List<PolicyRule, 1, 20>,
    }
}

record! {
    /// A key that delegated shares are encrypted to.
    pub struct EncryptionPublicKey {
        /// The key, unique in the environment.
        public_key: PublicKey,
        /// Its algorithm.
        algorithm: KeyAlgorithm,
        /// Where the private key is, for people.
        note: Option<Text<100>>,
    }
}

impl Kind for Policy {
    const KIND: &'static str = "waasPolicy";
    const LIST: &'static str = "policies";
    const EVENTS: Changes = changes!("waas.policy": created updated deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("policy", super::ONLY.to_owned()))
    }
}

impl Kind for EncryptionPublicKey {
    const KIND: &'static str = "encryptionPublicKey";
    const LIST: &'static str = "keys";
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("waas.encryptionPublicKey": created);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("publicKey", self.public_key.0.clone()))
    }
}
