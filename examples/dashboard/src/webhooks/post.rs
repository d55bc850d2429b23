//! Posts a message to its webhook.

use core::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use reqwest::redirect::Policy;

use super::Signer;
use super::address::is_public;
use crate::kinds::webhooks::{HookUrl, Message, Webhook};
use crate::kinds::{Field as _, Object};

/// How long a receiver may take, from the look-up of its name to the end of its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The greatest length of an answer. The server does not use it.
const ANSWER: usize = 64 * 1024;

/// Where webhooks may post to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Targets {
    /// Over https, to public addresses.
    #[default]
    Public,
    /// Also to 127.0.0.1 without TLS, for tests.
    PublicAndLoopback,
}

/// Posts messages.
pub(crate) struct Poster {
    /// Missing if the system has no certificates, or another reason to refuse TLS.
    client: Option<Client>,
    signer: Signer,
    targets: Targets,
}

impl Poster {
    pub(crate) fn new(signer: Signer, targets: Targets) -> Self {
        // Another part of the program may have chosen a provider before. Both are good.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .dns_resolver(PublicNames)
            // The receiver could lead to another address, or a variable of the environment.
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            // The name is looked up for each message, and each address is checked.
            .pool_max_idle_per_host(0)
            .timeout(PATIENCE)
            .https_only(targets == Targets::Public);
        Self { client: client.build().ok(), signer, targets }
    }

    /// Posts a message, and returns the status of the answer.
    pub(super) async fn post(&self, webhook: &Object<Webhook>, message: &Object<Message>) -> Result<u16, PostError> {
        let client = self.client.as_ref().ok_or(PostError::NoTls)?;
        let url = &webhook.record.url;
        if matches!(url, HookUrl::Loopback(_)) && self.targets == Targets::Public {
            return Err(PostError::NotPublic);
        }
        let body = message.record.payload.write().unwrap_or_default().to_string();
        let seconds = Timestamp::now().as_second();
        let request = client
            .post(url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "dashboard-webhooks")
            .header("Webhook-Id", &message.id)
            .header("Webhook-Signature", self.signer.sign(&webhook.id, seconds, &body))
            .body(body);
        let mut answer = request.send().await.map_err(|error| PostError::of(&error))?;
        let mut length = 0;
        while let Some(chunk) = answer.chunk().await.map_err(|error| PostError::of(&error))? {
            length += chunk.len();
            if length > ANSWER {
                return Err(PostError::TooLong);
            }
        }
        Ok(answer.status().as_u16())
    }
}

/// Looks names up, and refuses a name if one of its addresses is not public. The client connects to
/// the addresses that were checked, without a second look-up in between.
struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !found.iter().all(|address| is_public(address.ip())) {
                return Err(PostError::NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Why the receiver has not answered with a status. The texts tell the owner of the webhook nothing
/// about the server's network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostError {
    NoTls,
    NotPublic,
    TooLong,
    Timeout,
    Unreachable,
}

impl PostError {
    fn of(error: &reqwest::Error) -> Self {
        let mut cause = core::error::Error::source(error);
        while let Some(error) = cause {
            if let Some(own) = error.downcast_ref::<Self>() {
                return *own;
            }
            cause = error.source();
        }
        if error.is_timeout() { Self::Timeout } else { Self::Unreachable }
    }
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTls => "this server cannot use TLS",
            Self::NotPublic => "the host has an address that is not public",
            Self::TooLong => "the answer is longer than 64 KiB",
            Self::Timeout => "no answer within 5 seconds",
            Self::Unreachable => "the host cannot be reached, or did not answer over HTTP",
        })
    }
}

impl core::error::Error for PostError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_with_a_private_address_is_refused() {
        for name in ["localhost", "LOCALHOST"] {
            let resolved = PublicNames.resolve(name.parse().unwrap()).await;
            let error = resolved.err().expect("it is the machine itself");
            assert_eq!(error.downcast_ref::<PostError>(), Some(&PostError::NotPublic));
        }
    }

    #[test]
    fn an_error_tells_nothing_about_the_network() {
        for error in [PostError::NotPublic, PostError::Timeout, PostError::Unreachable] {
            assert!(!error.to_string().contains(char::is_numeric) || error == PostError::Timeout);
        }
    }
}
