//! Everything that was read about the clients of one catalogue.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use scopes_core::{RouteId, UntypedCatalogue};

use super::client::{Client, Outcome, Usage, united};

/// The version of the recorder's lines that this crate reads.
pub(super) const VERSION: u32 = 1;

/// The memory for clients, in bytes. Lines may name any number of clients.
const MOST_BYTES: usize = 512 << 20;

/// The greatest number of different unknown names that are kept.
const MOST_UNKNOWN: usize = 1_000;

/// Everything that was read about the clients of one catalogue.
///
/// The lines of several servers, of several times, and read twice, add up to the same.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::usage::{Client, Evidence, Outcome};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let mut evidence = Evidence::new(&catalogue);
/// evidence.read_line(r#"{"usage":1,"catalogue":"api","run":"5f","from":10,"to":90,"dropped":0}"#)?;
/// let line = r#"{"usage":1,"catalogue":"api","token":"t-1","scopes":["users.read"],"first":20,
///     "last":80,"allowed":["GET /users"],"reported":[],"denied":[]}"#;
/// evidence.read_line(line)?;
/// let (client, usage) = evidence.clients().next().unwrap();
/// assert_eq!(*client, Client::Token("t-1".into()));
/// assert_eq!(usage.routes(Outcome::Allowed).count(), 1);
/// assert_eq!((evidence.window(), evidence.dropped()), (Some((10, 90)), 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Evidence<'c> {
    catalogue: &'c UntypedCatalogue,
    clients: BTreeMap<Client, Usage>,
    most_clients: usize,
    pub(super) window: Option<(u64, u64)>,
    /// The greatest number that each run of a recorder has dropped.
    dropped: BTreeMap<String, u64>,
    unknown: BTreeSet<String>,
    pub(super) of_other_catalogues: u64,
}

impl<'c> Evidence<'c> {
    /// No evidence yet.
    #[must_use]
    pub fn new(catalogue: &'c UntypedCatalogue) -> Self {
        let words = catalogue.scopes().len().div_ceil(64) + 4 * catalogue.routes().len().div_ceil(64);
        let most_clients = MOST_BYTES / (256 + 8 * words);
        Self {
            catalogue,
            clients: BTreeMap::new(),
            most_clients,
            window: None,
            dropped: BTreeMap::new(),
            unknown: BTreeSet::new(),
            of_other_catalogues: 0,
        }
    }

    /// The catalogue that the evidence is about.
    #[must_use]
    pub const fn catalogue(&self) -> &'c UntypedCatalogue {
        self.catalogue
    }

    /// Adds one request, for example of an access log.
    ///
    /// # Errors
    /// If there are more clients than fit into 512 MiB.
    pub fn add(
        &mut self,
        client: Client,
        route: RouteId,
        outcome: Outcome,
        time: Option<u64>,
    ) -> Result<(), EvidenceError> {
        let times = time.map(|time| (time, time));
        self.window = united(self.window, times);
        let usage = self.client(client)?;
        usage.add(route, outcome);
        if matches!(outcome, Outcome::Allowed | Outcome::Reported) {
            usage.times = united(usage.times, times);
        }
        Ok(())
    }

    /// Keeps the greatest number that a run has dropped.
    pub(super) fn add_dropped(&mut self, run: String, dropped: u64) -> Result<(), EvidenceError> {
        if dropped > 0 {
            if self.dropped.len() >= self.most_clients && !self.dropped.contains_key(&run) {
                return Err(EvidenceError::TooMany);
            }
            let of_run = self.dropped.entry(run).or_default();
            *of_run = dropped.max(*of_run);
        }
        Ok(())
    }

    pub(super) fn client(&mut self, client: Client) -> Result<&mut Usage, EvidenceError> {
        if self.clients.len() >= self.most_clients && !self.clients.contains_key(&client) {
            return Err(EvidenceError::TooMany);
        }
        Ok(self.clients.entry(client).or_insert_with(|| Usage::new(self.catalogue)))
    }

    pub(super) fn add_unknown(&mut self, name: &str) {
        if self.unknown.len() < MOST_UNKNOWN {
            self.unknown.insert(name.to_owned());
        }
    }

    /// The clients and what they have done, in order.
    pub fn clients(&self) -> impl ExactSizeIterator<Item = (&Client, &Usage)> {
        self.clients.iter()
    }

    /// What all clients together have done.
    #[must_use]
    pub fn united(&self) -> Usage {
        let mut all = Usage::new(self.catalogue);
        for usage in self.clients.values() {
            all.unite(usage);
        }
        all
    }

    /// From when to when something could have been recorded, in seconds since 1970.
    #[must_use]
    pub const fn window(&self) -> Option<(u64, u64)> {
        self.window
    }

    /// How many decisions the recorders have dropped.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.values().fold(0, |sum, dropped| sum.saturating_add(*dropped))
    }

    /// Names of scopes, and routes, that the catalogue does not have; at most 1,000. Texts of
    /// files.
    pub fn unknown(&self) -> impl ExactSizeIterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// How many lines were about other catalogues.
    #[must_use]
    pub const fn of_other_catalogues(&self) -> u64 {
        self.of_other_catalogues
    }
}

/// Why a line is not evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvidenceError {
    /// It is not a line of a recorder, or not a line of the log's format.
    Unreadable,
    /// A newer version of the recorder wrote it.
    Version,
    /// The lines name too many clients.
    TooMany,
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("the line cannot be read"),
            Self::Version => write!(f, "the line has another version than {VERSION}: use a newer release of this tool"),
            Self::TooMany => write!(f, "the lines name more clients than fit into {} MiB", MOST_BYTES >> 20),
        }
    }
}

impl std::error::Error for EvidenceError {}
