//! Which routes each token uses: evidence for taking away the scopes that it does not need.
//!
//! A [`Recorder`] listens to every decision and keeps, for each token, which routes it was allowed,
//! and when it was seen first and last. Write the record regularly; the commands `scopes minimal`
//! and `scopes unused` of the crate `scopes-cli` read it.
//!
//! ```
#![doc = include_str!("../docs/recorded.txt")]
//! use scopes::Settings;
//! use scopes::usage::Recorder;
//!
//! let recorder = Recorder::new(&api::CATALOGUE);
//! let settings = Settings::new().on_decision(recorder.hook());
//!
//! // The server runs.
//! request(settings, grant);
//!
//! // A task of the application does this every few minutes, and when the server stops.
//! # let file = std::env::temp_dir().join(format!("scopes-usage-{}", std::process::id()));
//! # let usage_jsonl = &file;
//! recorder.append_to(usage_jsonl)?;
//! let lines = std::fs::read_to_string(usage_jsonl)?;
//! assert!(lines.contains(r#""token":"t-1","scopes":["users.read","users.write"]"#));
//! assert!(lines.contains(r#""allowed":["GET /users/{user}"]"#));
//! # std::fs::remove_file(&file)?;
//! # Ok(()) }
//! ```
//!
//! # What counts
//!
//! - **Allowed decisions** count as use. Denials that are only
//!   [reported](crate::Settings::report_only) and denials stand apart, each with their routes.
//! - A request that passes a gate and a permit makes two decisions. If the gate allows and the
//!   permit denies, the route is in both lists.
//! - A path that can also be read as another route needs the scopes of both, see
//!   [`scopes_core::demands`]. Then the record names each of these routes. So the least set of
//!   scopes for a record passes the check of every request in it.
//! - The record does not have what a [`Stricter`](crate::Stricter) handler demands on a route of
//!   `authenticated`. The least set may lack such a scope: keep it with `scopes minimal --keep`.
//!   [`Permit::same_tenant`](crate::Permit::same_tenant) is not recorded either, and needs no scope.
//! - A gate in front of a public handler records its requests. Without a gate, they are not
//!   recorded. The exception is actix-web and rocket, for a target that can be read as several
//!   routes.
//! - Callers with a grant but **without a token id** share one line, callers without a grant
//!   another. If your verifier knows no id, set one with
//!   [`Grant::with_token_id`](crate::Grant::with_token_id), or record by subject with
//!   [`Options::by_subject`].
//! - The id names the token and is never the token itself. The record also holds the wire names of
//!   the token's scopes. It holds no path, no query and no tenant.
//!
//! # Memory and time
//!
//! The recorder holds at most [`Options::capacity`] tokens, and for each of them its id (at most
//! 128 bytes) and four bits for each route and scope. A token that was not seen between two writes
//! is forgotten at the second one; what it has used is in the file. If the recorder is full, it
//! drops the decisions of new tokens, counts them, and logs that once. `scopes unused` refuses such
//! a record.
//!
//! A decision on a known token allocates nothing, and takes a shared lock of one of 64 parts of the
//! table. `benches/README.md` has the cost.

mod entry;
mod lines;
mod table;

use std::fmt;
use std::fs::OpenOptions;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use scopes_core::{Scope, UntypedCatalogue};

use self::entry::{Entry, Seen};
use self::table::Table;
use crate::{Catalogue, DecisionEvent, DecisionOutcome, log};

/// The number of tokens that a recorder holds by default.
const DEFAULT_CAPACITY: usize = 10_000;

/// Records which routes of a catalogue each token uses.
///
/// Cloning copies a pointer; all clones share one record.
///
/// ```
#[doc = include_str!("../docs/recorded.txt")]
/// use scopes::{Settings, usage::Recorder};
///
/// let recorder = Recorder::new(&api::CATALOGUE);
/// request(Settings::new().on_decision(recorder.hook()), grant);
/// assert_eq!((recorder.tokens(), recorder.dropped()), (1, 0));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Recorder(Arc<Record>);

struct Record {
    catalogue: &'static UntypedCatalogue,
    by_subject: bool,
    /// Tells the lines of one start of the server from those of another.
    run: u64,
    since: u64,
    known: Table,
    without_id: Entry,
    without_grant: Entry,
    dropped: AtomicU64,
    has_warned: AtomicBool,
    /// One write at a time.
    writing: Mutex<()>,
}

impl Recorder {
    /// A recorder with the default [`Options`].
    #[must_use]
    pub fn new<S: Scope>(catalogue: &Catalogue<S>) -> Self {
        Self::with_options(catalogue, Options::new())
    }

    /// A recorder with its own capacity, or by subject.
    ///
    /// ```
    #[doc = include_str!("../docs/recorded.txt")]
    /// use scopes::{Settings, usage::{Options, Recorder}};
    ///
    /// let recorder = Recorder::with_options(&api::CATALOGUE, Options::new().by_subject());
    /// request(Settings::new().on_decision(recorder.hook()), grant);
    /// let mut lines = Vec::new();
    /// recorder.write_to(&mut lines)?;
    /// assert!(String::from_utf8(lines)?.contains(r#""subject":"ada""#));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_options<S: Scope>(catalogue: &Catalogue<S>, options: Options) -> Self {
        let catalogue = catalogue.untyped();
        Self(Arc::new(Record {
            catalogue,
            by_subject: options.by_subject,
            run: RandomState::new().hash_one(std::process::id()),
            since: now(),
            known: Table::new(options.capacity),
            without_id: Entry::new(catalogue),
            without_grant: Entry::new(catalogue),
            dropped: AtomicU64::new(0),
            has_warned: AtomicBool::new(false),
            writing: Mutex::new(()),
        }))
    }

    /// The hook for [`Settings::on_decision`](crate::Settings::on_decision). Other hooks of the
    /// same settings stay.
    pub fn hook(&self) -> impl Fn(&DecisionEvent<'_>) + Send + Sync + use<> {
        let recorder = self.clone();
        move |event| recorder.record(event)
    }

    /// Records one decision, for a hook of your own. Decisions of another catalogue are left out.
    ///
    /// ```
    #[doc = include_str!("../docs/recorded.txt")]
    /// use scopes::{Settings, usage::Recorder};
    ///
    /// let recorder = Recorder::new(&api::CATALOGUE);
    /// let record = recorder.clone();
    /// let settings = Settings::new().on_decision(move |event| {
    ///     // The health checks of the load balancer are not evidence.
    ///     if event.subject() != Some("load-balancer") {
    ///         record.record(event);
    ///     }
    /// });
    /// request(settings, grant);
    /// assert_eq!(recorder.tokens(), 1);
    /// # Ok(()) }
    /// ```
    pub fn record(&self, event: &DecisionEvent<'_>) {
        self.0.record(event, now());
    }

    /// How many tokens the recorder holds at present.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.0.known.len()
    }

    /// How many decisions the recorder has dropped since it was made, because it was full or
    /// because an id was longer than 128 bytes.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    /// Writes the record as JSON lines: one about the recorder, and one for each token that was
    /// seen since the last write. `scopes schema usage` prints their schema.
    ///
    /// A token's line has all that the recorder knows about it, so lines may be read twice: to add
    /// lines up, unite their lists, and take the least `first` and the greatest `last`. That is
    /// also how the lines of several servers, and of one server before and after a restart, belong
    /// together. What was recorded after the last write is lost when the process ends.
    ///
    /// ```
    #[doc = include_str!("../docs/recorded.txt")]
    /// use scopes::{Settings, usage::Recorder};
    ///
    /// let recorder = Recorder::new(&api::CATALOGUE);
    /// request(Settings::new().on_decision(recorder.hook()), grant);
    /// let mut lines = Vec::new();
    /// recorder.write_to(&mut lines)?;
    /// assert!(lines.starts_with(br#"{"usage":1,"catalogue":"api","run":""#));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If writing fails. The next call writes what this one could not.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        let record = &*self.0;
        let _one = record.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = record.known.take();
        let written = record.lines(&taken, now()).and_then(|lines| out.write_all(lines.as_bytes()));
        let written = written.and_then(|()| out.flush());
        if written.is_err() {
            record.known.put_back(&taken);
        }
        written
    }

    /// Like [`write_to`](Self::write_to), at the end of a file, which is created if it does not
    /// exist. Only its owner can read a new file, on Unix. If the last line of the file is not
    /// whole, because a server was stopped while it wrote, the new lines begin on a line of their
    /// own.
    ///
    /// It blocks while it writes. Call it on a thread where that is allowed.
    ///
    /// # Errors
    /// If the file cannot be opened or written.
    pub fn append_to(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        if file.seek(SeekFrom::End(0))? > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        self.write_to(&mut file)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("catalogue", &self.0.catalogue.name())
            .field("tokens", &self.tokens())
            .field("dropped", &self.dropped())
            .finish_non_exhaustive()
    }
}

/// How much a [`Recorder`] holds, and what its lines are about.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::usage::{Options, Recorder};
///
/// let options = Options::new().capacity(100_000).by_subject();
/// println!("{:?}", Recorder::with_options(&api::CATALOGUE, options));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Options {
    capacity: usize,
    by_subject: bool,
}

impl Options {
    /// At most 10,000 tokens, told apart by their ids.
    #[must_use]
    pub const fn new() -> Self {
        Self { capacity: DEFAULT_CAPACITY, by_subject: false }
    }

    /// Sets how many tokens the recorder holds. Choose more than your server sees between two
    /// writes.
    #[must_use]
    pub const fn capacity(mut self, tokens: usize) -> Self {
        self.capacity = tokens;
        self
    }

    /// Records by the [subject](crate::Grant::subject) of the caller instead of the token's id. For
    /// tokens that live for minutes only, such as most JWTs. The lines then name subjects.
    #[must_use]
    pub const fn by_subject(mut self) -> Self {
        self.by_subject = true;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl Record {
    fn record(&self, event: &DecisionEvent<'_>, now: u64) {
        let Some(route) = event.route() else { return };
        if !std::ptr::eq(event.catalogue(), self.catalogue) {
            return self.warn(format_args!(
                "the recorder of catalogue `{}` gets decisions of catalogue `{}`, which it leaves out: each catalogue has its own",
                self.catalogue.name(),
                event.catalogue().name()
            ));
        }
        let outcome = match event.outcome() {
            DecisionOutcome::Allowed => Seen::Allowed,
            DecisionOutcome::Reported(_) => Seen::Reported,
            DecisionOutcome::Denied(_) => Seen::Denied,
            DecisionOutcome::Misconfigured => return,
        };
        let record = |entry: &Entry, held: &[u64]| {
            entry.record(outcome, route.id(), held, now);
            // The request went on because the caller satisfies these, too.
            for also in event.also_required() {
                entry.record(Seen::Allowed, also.id(), held, now);
            }
        };
        let held = match event.granted_words() {
            Some(held) if !event.is_anonymous() => held,
            _ => return record(&self.without_grant, &[]),
        };
        let Some(id) = (if self.by_subject { event.subject() } else { event.token_id() }) else {
            return record(&self.without_id, held);
        };
        if self.known.with(id, self.catalogue, |entry| record(entry, held)).is_none() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            self.warn(format_args!(
                "the recorder of catalogue `{}` drops decisions: {} tokens are recorded and it holds {}, or an id is too long; \
                 write more often, or choose a greater capacity",
                self.catalogue.name(),
                self.known.len(),
                self.known.capacity(),
            ));
        }
    }

    /// Logs the first mistake only.
    fn warn(&self, sentence: fmt::Arguments<'_>) {
        if !self.has_warned.load(Ordering::Relaxed) && !self.has_warned.swap(true, Ordering::Relaxed) {
            log::warning(sentence);
        }
    }
}

/// The seconds since 1970, because days and months are for those who read the lines.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
