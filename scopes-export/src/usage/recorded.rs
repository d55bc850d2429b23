//! The lines of a recorder.

use serde::Deserialize;

use super::client::{Client, Outcome, Usage, united};
use super::evidence::{Evidence, EvidenceError, VERSION};
use super::times;

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

impl Evidence<'_> {
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
        if line.catalogue != self.catalogue().name() {
            self.of_other_catalogues += 1;
            return Ok(());
        }
        let times = match (line.first, line.last) {
            (Some(first), Some(last)) => Some(span(first, last)?),
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
        let mut usage = Usage::new(self.catalogue());
        usage.times = times;
        for name in &line.scopes {
            match self.catalogue().scope_named(name).or_else(|| self.catalogue().scope_once_named(name)) {
                Some(id) => usage.held.insert(id.index()),
                None => self.add_unknown(name),
            }
        }
        let lists =
            [(line.allowed, Outcome::Allowed), (line.reported, Outcome::Reported), (line.denied, Outcome::Denied)];
        for (routes, outcome) in lists {
            for text in routes {
                let found =
                    text.split_once(' ').and_then(|(method, path)| self.catalogue().route_by_template(method, path));
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
        self.window = united(self.window, Some(span(from, to)?));
        self.add_dropped(run, dropped)
    }
}

/// Two times in their order, which a clock can have shown.
const fn span(first: u64, last: u64) -> Result<(u64, u64), EvidenceError> {
    if first <= last && last <= times::LAST { Ok((first, last)) } else { Err(EvidenceError::Unreadable) }
}
