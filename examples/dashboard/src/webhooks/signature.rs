//! The signature by which a receiver knows that a message comes from this server.

use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Makes the secrets of webhooks and signs with them. A secret is computed from the server's key
/// and the webhook's id, so the database holds none.
#[derive(Clone)]
pub(crate) struct Signer {
    key: [u8; 32],
}

impl Signer {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The secret of a webhook, which only the answer that makes the webhook shows.
    pub(crate) fn secret(&self, webhook_id: &str) -> String {
        format!("whsec_{}", self.made_up(&["webhook", webhook_id]))
    }

    /// The value of the header `Webhook-Signature`: `t=SECONDS,v1=HEX`. The signature is
    /// HMAC-SHA256 with the secret's text as the key, of the seconds, a full stop and the body.
    /// Receivers refuse old times, so that an attacker cannot send an old message again.
    pub(crate) fn sign(&self, webhook_id: &str, seconds: i64, body: &str) -> String {
        let tag = tag(self.secret(webhook_id).as_bytes(), format!("{seconds}.{body}").as_bytes());
        format!("t={seconds},v1={tag}")
    }

    /// Hexadecimal digits that depend on the server's key and on the parts. They stand for what a
    /// real wallet service or another company would return.
    pub(crate) fn made_up(&self, parts: &[&str]) -> String {
        // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
        let text: String = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
        tag(&self.key, text.as_bytes())
    }
}

fn tag(key: &[u8], text: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(text);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_that_of_rfc_4231() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(tag(b"Jefe", b"what do ya want for nothing?"), expected);
    }

    #[test]
    fn each_webhook_has_its_own_secret() {
        let signer = Signer::new([7; 32]);
        assert_eq!(signer.secret("a"), signer.secret("a"));
        assert_ne!(signer.secret("a"), signer.secret("b"));
        assert_ne!(signer.secret("a"), Signer::new([8; 32]).secret("a"));
        assert_ne!(signer.sign("a", 1, "x"), signer.sign("a", 2, "x"), "the time is signed");
        assert_ne!(signer.made_up(&["ab", "c"]), signer.made_up(&["a", "bc"]));
        assert!(!format!("{signer:?}").contains('7'));
    }
}
