//! What was recorded about the clients of an API.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};
use serde::Deserialize;

use super::bits::Bits;

/// The version of the recorder's lines that this crate reads.
const VERSION: u32 = 1;

/// The memory for clients, in bytes. Lines may name any number of clients.
const MOST_BYTES: usize = 512 << 20;

/// The greatest number of different unknown names that are kept.
const MOST_UNKNOWN: usize = 1_000;

/// A client of the API, or what is known of it.
///
/// ```
/// use scopes_export::usage::Client;
///
/// assert_eq!(Client::Token("t-1".into()).to_string(), "token t-1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Client {
    /// A token, by its id.
    Token(String),
    /// A caller, by its subject.
    Subject(String),
    /// All callers whose tokens have no id.
    WithoutId,
    /// All callers without a grant: public routes, and refused requests.
    WithoutGrant,
    /// All callers of an access log that does not name them.
    Unnamed,
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => write!(f, "token {id}"),
            Self::Subject(subject) => write!(f, "subject {subject}"),
            Self::WithoutId => f.write_str("tokens without an id"),
            Self::WithoutGrant => f.write_str("callers without a grant"),
            Self::Unnamed => f.write_str("all clients"),
        }
    }
}

/// What became of a request.
///
/// ```
/// use scopes_export::usage::Outcome;
///
/// assert_eq!(Outcome::of_status(204), Outcome::Allowed);
/// assert_eq!(Outcome::of_status(403), Outcome::Denied);
/// assert_eq!(Outcome::of_status(404), Outcome::Undecided);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was allowed.
    Allowed,
    /// It was let through although the caller lacks something, because denials are only reported.
    Reported,
    /// It was denied.
    Denied,
    /// An access log does not tell: a handler has answered 404, or the gate has.
    Undecided,
}

impl Outcome {
    /// What a status in an access log tells: 101, 2xx and 3xx are allowed, 401 and 403 are denied,
    /// and anything else does not tell.
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            101 | 200..=399 => Self::Allowed,
            401 | 403 => Self::Denied,
            _ => Self::Undecided,
        }
    }
}

/// What one client has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    held: Bits,
    /// By outcome, in the order of [`Outcome`].
    routes: [Bits; 4],
    times: Option<(u64, u64)>,
}

impl Usage {
    fn new(catalogue: &UntypedCatalogue) -> Self {
        let routes = Bits::new(catalogue.routes().len());
        Self {
            held: Bits::new(catalogue.scopes().len()),
            routes: [routes.clone(), routes.clone(), routes.clone(), routes],
            times: None,
        }
    }

    /// The scopes that the client has held, if the record has them. Without those that they
    /// include.
    pub fn held(&self) -> impl Iterator<Item = ScopeId> {
        self.held.iter().filter_map(|index| u16::try_from(index).ok()).map(ScopeId::new)
    }

    /// The routes with this outcome.
    pub fn routes(&self, outcome: Outcome) -> impl Iterator<Item = RouteId> {
        let routes = self.routes.get(outcome as usize).into_iter().flat_map(Bits::iter);
        routes.filter_map(|index| u16::try_from(index).ok()).map(RouteId::new)
    }

    /// When the client was allowed something first and last, in seconds since 1970.
    #[must_use]
    pub const fn times(&self) -> Option<(u64, u64)> {
        self.times
    }

    fn add(&mut self, route: RouteId, outcome: Outcome) {
        if let Some(routes) = self.routes.get_mut(outcome as usize) {
            routes.insert(route.index());
        }
    }

    /// Adds what another client of the same catalogue has done.
    pub fn unite(&mut self, other: &Self) {
        self.held.add(&other.held);
        for (routes, more) in self.routes.iter_mut().zip(&other.routes) {
            routes.add(more);
        }
        self.times = united(self.times, other.times);
    }
}

fn united(one: Option<(u64, u64)>, two: Option<(u64, u64)>) -> Option<(u64, u64)> {
    match (one, two) {
        (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
        (one, two) => one.or(two),
    }
}

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
/// evidence.read_line(
/// r#"{"usage":1,"catalogue":"api","token":"t-1","scopes":["users.read"],"first":20,"last":80,
/// "allowed":["GET /users"],"reported":[],"denied":[]}"#, )?; let (client, usage) =
/// evidence.clients().next().unwrap(); assert_eq!(*client, Client::Token("t-1".into()));
/// assert_eq!(usage.routes(Outcome::Allowed).count(), 1); assert_eq!((evidence.window(),
/// evidence.dropped()), (Some((10, 90)), 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Evidence<'c> {
    catalogue: &'c UntypedCatalogue,
    clients: BTreeMap<Client, Usage>,
    most_clients: usize,
    window: Option<(u64, u64)>,
    /// The greatest number that each run of a recorder has dropped.
    dropped: BTreeMap<String, u64>,
    unknown: BTreeSet<String>,
    of_other_catalogues: u64,
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

    /// Adds a line that a recorder of the crate `scopes` has written.
    ///
    /// Lines of other catalogues are counted and left out. Scopes and routes that the catalogue no
    /// longer has are kept as [`unknown`](Self::unknown).
    ///
    /// # Errors
    /// If it is not such a line, or if the lines name more clients than fit into 512 MiB.
    pub fn read_line(&mut self, line: &str) -> Result<(), EvidenceError> {
        let line: Line = serde_json::from_str(line).map_err(|_| EvidenceError::Unreadable)?;
        if line.usage != VERSION {
            return Err(EvidenceError::Version);
        }
        if line.catalogue != self.catalogue.name() {
            self.of_other_catalogues += 1;
            return Ok(());
        }
        let times = match (line.first, line.last) {
            (Some(first), Some(last)) if first <= last => Some((first, last)),
            (None, None) => None,
            _ => return Err(EvidenceError::Unreadable),
        };
        let client = match (line.token, line.subject, line.caller.as_deref()) {
            (Some(id), None, None) => Client::Token(id),
            (None, Some(subject), None) => Client::Subject(subject),
            (None, None, Some("without-id")) => Client::WithoutId,
            (None, None, Some("without-grant")) => Client::WithoutGrant,
            (None, None, None) => return self.run(line.run, line.from, line.to, line.dropped),
            _ => return Err(EvidenceError::Unreadable),
        };
        let mut usage = Usage::new(self.catalogue);
        usage.times = times;
        for name in &line.scopes {
            match self.catalogue.scope_named(name).or_else(|| self.catalogue.scope_once_named(name)) {
                Some(id) => usage.held.insert(id.index()),
                None => self.add_unknown(name),
            }
        }
        let lists =
            [(line.allowed, Outcome::Allowed), (line.reported, Outcome::Reported), (line.denied, Outcome::Denied)];
        for (routes, outcome) in lists {
            for text in routes {
                let found =
                    text.split_once(' ').and_then(|(method, path)| self.catalogue.route_by_template(method, path));
                match found {
                    Some(route) => usage.add(route.id(), outcome),
                    None => self.add_unknown(&text),
                }
            }
        }
        self.window = united(self.window, times);
        self.client(client)?.unite(&usage);
        Ok(())
    }

    /// The line about a recorder.
    fn run(
        &mut self,
        run: Option<String>,
        from: Option<u64>,
        to: Option<u64>,
        dropped: Option<u64>,
    ) -> Result<(), EvidenceError> {
        let (Some(run), Some(from), Some(to), Some(dropped)) = (run, from, to, dropped) else {
            return Err(EvidenceError::Unreadable);
        };
        if from > to {
            return Err(EvidenceError::Unreadable);
        }
        self.window = united(self.window, Some((from, to)));
        if dropped > 0 {
            if self.dropped.len() >= self.most_clients && !self.dropped.contains_key(&run) {
                return Err(EvidenceError::TooMany);
            }
            let of_run = self.dropped.entry(run).or_default();
            *of_run = dropped.max(*of_run);
        }
        Ok(())
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

    fn client(&mut self, client: Client) -> Result<&mut Usage, EvidenceError> {
        if self.clients.len() >= self.most_clients && !self.clients.contains_key(&client) {
            return Err(EvidenceError::TooMany);
        }
        Ok(self.clients.entry(client).or_insert_with(|| Usage::new(self.catalogue)))
    }

    fn add_unknown(&mut self, name: &str) {
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

/// A line of the recorder: about itself, or about one client.
#[derive(Deserialize)]
struct Line {
    usage: u32,
    catalogue: String,
    run: Option<String>,
    from: Option<u64>,
    to: Option<u64>,
    dropped: Option<u64>,
    token: Option<String>,
    subject: Option<String>,
    caller: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    first: Option<u64>,
    last: Option<u64>,
    #[serde(default)]
    allowed: Vec<String>,
    #[serde(default)]
    reported: Vec<String>,
    #[serde(default)]
    denied: Vec<String>,
}
