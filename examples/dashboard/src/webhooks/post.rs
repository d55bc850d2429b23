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

    /// Whether the URL names a host that is looked up, or the loopback address if tests allow it.
    /// The client would connect to any other address without a look-up.
    fn may_post_to(&self, url: &HookUrl) -> bool {
        match url {
            HookUrl::Loopback(_) => self.targets == Targets::PublicAndLoopback,
            HookUrl::Https(url) => url.0.parse::<reqwest::Url>().is_ok_and(|url| url.domain().is_some()),
        }
    }

    /// Posts a message, and returns the status of the answer.
    pub(super) async fn post(&self, webhook: &Object<Webhook>, message: &Object<Message>) -> Result<u16, PostError> {
        let client = self.client.as_ref().ok_or(PostError::NoTls)?;
        let url = &webhook.record.url;
        if !self.may_post_to(url) {
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
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(checked(found)?.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name, if all of them are public. A name with one other address is not used at
/// all: its owner could have any of them answer the next look-up.
fn checked(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, PostError> {
    if found.iter().all(|address| is_public(address.ip())) { Ok(found) } else { Err(PostError::NotPublic) }
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
            Self::TooLong => "the answer is longer than 64 KiB",
            Self::Timeout => "no answer within 5 seconds",
            // One text, because names of the server's own network would differ otherwise.
            Self::NotPublic | Self::Unreachable => "the host has no public address that answers over HTTP",
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
    fn one_address_that_is_not_public_is_enough() {
        for (found, is_refused) in [
            (&["93.184.216.34", "2606:2800:220:1::1"][..], false),
            (&[], false),
            (&["93.184.216.34", "10.0.0.1"], true),
            (&["::ffff:93.184.216.34"], true),
            (&["169.254.169.254"], true),
        ] {
            let addresses = found.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
            assert_eq!(checked(addresses).is_err(), is_refused, "{found:?}");
        }
    }

    #[test]
    fn addresses_in_urls_are_not_reached_without_a_look_up() {
        let poster = |targets| Poster { client: None, signer: Signer::new([7; 32]), targets };
        for url in
            ["https://10.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://8.8.8.8/", "x"]
        {
            // No such URL passes the rules of the field. This is the second look.
            let url = HookUrl::Https(crate::kinds::text::HttpsUrl(url.to_owned()));
            assert!(!poster(Targets::PublicAndLoopback).may_post_to(&url), "{url:?}");
        }
        let named = HookUrl::Https(crate::kinds::text::HttpsUrl("https://example.com:8443/x".to_owned()));
        assert!(poster(Targets::Public).may_post_to(&named));
        let loopback = HookUrl::Loopback(crate::kinds::text::LoopbackUrl("http://127.0.0.1:80/".to_owned()));
        assert!(!poster(Targets::Public).may_post_to(&loopback));
        assert!(poster(Targets::PublicAndLoopback).may_post_to(&loopback));
    }

    #[test]
    fn an_error_tells_nothing_about_the_network() {
        for error in [PostError::NotPublic, PostError::Timeout, PostError::Unreachable] {
            assert!(!error.to_string().contains(char::is_numeric) || error == PostError::Timeout);
        }
        assert_eq!(PostError::NotPublic.to_string(), PostError::Unreachable.to_string());
    }
}
