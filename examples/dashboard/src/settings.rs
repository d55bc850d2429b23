//! What the operator sets, as the handlers and the server use it.

use core::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use crate::webhooks::Targets;

/// The settings of a running server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The origin that browsers use, such as `https://dashboard.example.com`, without a slash at
    /// the end.
    pub public_url: String,
    /// What a client may take of the server.
    pub limits: Limits,
    /// How often clients may ask.
    pub rates: Rates,
    /// Whether the last address of `X-Forwarded-For` is the client's, because a proxy adds it.
    pub behind_proxy: bool,
    /// Where webhooks may post to.
    pub webhooks: Targets,
    /// Whether answers of the API name their handler, for tests of the running server.
    pub name_handlers: bool,
    /// The file that the server writes the use of API tokens to.
    pub usage: Option<PathBuf>,
}

impl Settings {
    /// The default settings of a server that browsers reach at this origin.
    #[must_use]
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            limits: Limits::default(),
            rates: Rates::default(),
            behind_proxy: false,
            webhooks: Targets::default(),
            name_handlers: false,
            usage: None,
        }
    }
}

/// What a client may take of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The greatest number of open connections. Further clients wait until one ends.
    pub connections: usize,
    /// The greatest number of open connections from one address; `None` for any number. The server
    /// closes further ones. With [`Settings::behind_proxy`], the greatest number of running
    /// requests of one client; further ones are answered 429.
    pub connections_per_address: Option<NonZeroU32>,
    /// How long a client may take for a request's head. A connection without a request is closed
    /// after the same time.
    pub head_time: Duration,
    /// How long a client may take for a request's body.
    pub body_time: Duration,
    /// How long a client may read nothing while the server has an answer for it.
    pub write_time: Duration,
    /// How long an answer may take, the time for the request's body included.
    pub answer_time: Duration,
    /// How long running requests may still take after the server was told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_per_address: NonZeroU32::new(128),
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(20),
            write_time: Duration::from_secs(20),
            answer_time: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}

/// How many requests a client may send in a minute; `None` for any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// With one API token, or with the sessions of one administrator.
    pub token: Option<NonZeroU32>,
    /// From one address.
    pub address: Option<NonZeroU32>,
    /// From one address, with credentials that are not good.
    pub failures: Option<NonZeroU32>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { token: NonZeroU32::new(600), address: NonZeroU32::new(3000), failures: NonZeroU32::new(60) }
    }
}

impl Rates {
    /// Any number of requests, for tests that send many.
    pub const UNLIMITED: Self = Self { token: None, address: None, failures: None };
}
