//! Reads evidence line by line, whatever the size of the files.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scopes_core::demands::Demands;
use scopes_core::{RouteId, UntypedCatalogue};
use scopes_export::usage::{Client, Evidence, EvidenceError, LONGEST_LINE, LogFormat, Outcome};

use super::args::{EvidenceArgs, Lines, Most};
use crate::escape;

/// The longest line of a recorder: it names each route once, and a catalogue has at most 65,535.
const LONGEST_OF_RECORDER: usize = 16 << 20;

/// How often the progress is drawn, in bytes.
const PROGRESS: u64 = 1 << 20;

/// What was read.
#[derive(Debug)]
pub(crate) struct Read<'c> {
    pub(crate) evidence: Evidence<'c>,
    pub(crate) files: usize,
    pub(crate) lines: u64,
    pub(crate) unreadable: u64,
    /// Requests of access logs that no route of the catalogue takes.
    pub(crate) without_route: u64,
    /// Requests of access logs whose status does not tell whether they were allowed.
    pub(crate) undecided: u64,
    /// Requests of access logs without a status. They count as allowed.
    pub(crate) without_status: u64,
    /// Requests of access logs without the token that the options say they name.
    pub(crate) without_token: u64,
    pub(crate) has_logs: bool,
}

pub(crate) fn read<'c>(catalogue: &'c UntypedCatalogue, args: &EvidenceArgs) -> Result<Read<'c>, String> {
    let mut read = Read {
        evidence: Evidence::new(catalogue),
        files: args.files.len(),
        lines: 0,
        unreadable: 0,
        without_route: 0,
        undecided: 0,
        without_status: 0,
        without_token: 0,
        has_logs: false,
    };
    for name in &args.files {
        read.file(name, args)?;
    }
    let limit = match args.max_unreadable {
        Most::Lines(lines) => lines,
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of lines needs no exact number"
        )]
        Most::Percent(percent) => (read.lines as f64 * percent / 100.0) as u64,
    };
    if read.unreadable > limit {
        return Err(format!(
            "cannot read {} of {} lines, and --max-unreadable permits {limit}: name the format with --lines, name the members of JSON with --path-member and its siblings, or permit more",
            read.unreadable, read.lines
        ));
    }
    if read.evidence.clients().len() == 0 {
        let others = read.evidence.of_other_catalogues();
        let hint = match (others, read.without_route) {
            (1.., _) => format!(": lines about other catalogues: {others}"),
            (_, 1..) => {
                format!(": its routes take none of the requests ({}); is its base right?", read.without_route)
            }
            _ => String::new(),
        };
        return Err(format!("no evidence about catalogue `{}`{hint}", catalogue.name()));
    }
    Ok(read)
}

impl Read<'_> {
    fn file(&mut self, name: &str, args: &EvidenceArgs) -> Result<(), String> {
        let label = if name == "-" { "<stdin>".to_owned() } else { escape::line(name) };
        let cannot = |error: io::Error| format!("{label}: cannot read it: {error}");
        if name == "-" {
            return self.stream(io::stdin().lock(), &label, None, args);
        }
        let file = File::open(name).map_err(cannot)?;
        let size = file.metadata().map_err(cannot)?.len();
        self.stream(BufReader::with_capacity(1 << 16, file), &label, Some(size), args)
    }

    fn stream(
        &mut self,
        mut from: impl BufRead,
        label: &str,
        size: Option<u64>,
        args: &EvidenceArgs,
    ) -> Result<(), String> {
        let mut lines = args.lines;
        let (mut line, mut number, mut drawn) = (Vec::new(), 0_u64, 0_u64);
        let progress = progress(label, size);
        let mut position = 0;
        loop {
            let longest =
                if matches!(lines, Lines::Recorder | Lines::Auto) { LONGEST_OF_RECORDER } else { LONGEST_LINE };
            let taken = take_line(&mut from, &mut line, longest)
                .map_err(|error| format!("{label}: cannot read it: {error}"))?;
            if taken == 0 {
                break;
            }
            (position, number) = (position + taken, number + 1);
            if let Some(what) = (number == 1).then(|| not_text(&line)).flatten() {
                return Err(format!("{label}: {what}"));
            }
            if position >= drawn {
                progress.set_position(position);
                drawn = position + PROGRESS;
            }
            // A line that is too long was cut, and no format takes it.
            let text = if line.len() > longest {
                Err(EvidenceError::Unreadable)
            } else {
                str::from_utf8(&line).map_err(|_| EvidenceError::Unreadable)
            };
            let text = text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text).trim_end());
            if text.is_ok_and(str::is_empty) {
                continue;
            }
            self.lines += 1;
            if let (Lines::Auto, Ok(text)) = (lines, text) {
                lines = guess(text);
            }
            match text.and_then(|text| self.line(text, lines, args)) {
                Ok(()) => {}
                Err(EvidenceError::Unreadable) => self.unreadable += 1,
                Err(error) => return Err(format!("{label}:{number}: {error}")),
            }
        }
        progress.finish_and_clear();
        Ok(())
    }

    fn line(&mut self, line: &str, lines: Lines, args: &EvidenceArgs) -> Result<(), EvidenceError> {
        let format = match lines {
            Lines::Auto => return Err(EvidenceError::Unreadable),
            Lines::Recorder => return self.evidence.read_line(line),
            Lines::Common => LogFormat::Common,
            Lines::Json => LogFormat::Json(args.members()),
            Lines::Plain => LogFormat::Plain,
        };
        self.has_logs = true;
        let request = format.read(line)?;
        let Ok(found) = self.evidence.catalogue().at(request.method(), request.target().as_bytes()) else {
            self.without_route += 1;
            return Ok(());
        };
        let outcome = match request.status() {
            None => Outcome::Allowed,
            Some(status) if args.count.contains(&status) => Outcome::Allowed,
            Some(status) => Outcome::of_status(status),
        };
        self.undecided += u64::from(outcome == Outcome::Undecided);
        self.without_status += u64::from(request.status().is_none());
        self.without_token += u64::from(args.token_member.is_some() && request.token().is_none());
        let client = request.token().map_or(Client::Unnamed, |id| Client::Token(id.to_owned()));
        let add =
            |evidence: &mut Evidence<'_>, route: RouteId| evidence.add(client.clone(), route, outcome, request.time());
        add(&mut self.evidence, found.route().id())?;
        if outcome == Outcome::Allowed {
            // A path that can be read as several routes needs the scopes of all.
            for demand in Demands::of(request.method(), found, None).iter().skip(1) {
                add(&mut self.evidence, demand.route().id())?;
            }
        }
        Ok(())
    }
}

/// What the first bytes of a file say that is not text in UTF-8, and what to do.
fn not_text(start: &[u8]) -> Option<String> {
    const MARKS: [(&[u8], &str); 10] = [
        (b"\x1f\x8b", "gzip -dc"),
        (b"\x1f\x9d", "gzip -dc"),
        (b"\x28\xb5\x2f\xfd", "zstd -dc"),
        (b"\xfd7zXZ\x00", "xz -dc"),
        (b"\x04\x22\x4d\x18", "lz4 -dc"),
        (b"PK\x03\x04", "unzip -p"),
        (b"7z\xbc\xaf\x27\x1c", "7z x -so"),
        (b"\xff\x06\x00\x00sNaPpY", "snzip -dc"),
        (b"LZIP", "lzip -dc"),
        (b"\x5d\x00\x00", "xz -dc"),
    ];
    let is_bzip2 = start.starts_with(b"BZh") && start.get(4..8) == Some(b"1AY&");
    let program = MARKS.iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, program)| *program);
    if let Some(program) = program.or(is_bzip2.then_some("bzip2 -dc")) {
        let advice = "into the command, with `-` for the file";
        return Some(format!("it is compressed: pipe the output of `{program}` {advice}"));
    }
    let is_utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    is_utf16.then(|| "it is text in UTF-16: convert it to UTF-8".to_owned())
}

/// What a file's lines are, by the first one.
fn guess(line: &str) -> Lines {
    let has_method = line.split_once([' ', '\t']).is_some_and(|(method, rest)| {
        method.bytes().all(|byte| byte.is_ascii_uppercase()) && rest.trim_start().starts_with(['/', 'h'])
    });
    match line {
        _ if line.starts_with("{\"usage\":") => Lines::Recorder,
        _ if line.starts_with('{') => Lines::Json,
        _ if has_method => Lines::Plain,
        _ => Lines::Common,
    }
}

/// Takes a line, its end included, and returns its length. Of a line that is too long it keeps one
/// byte more than is permitted.
fn take_line(from: &mut impl BufRead, line: &mut Vec<u8>, longest: usize) -> io::Result<u64> {
    line.clear();
    let mut taken = 0;
    loop {
        let available = match from.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = available.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(available.len(), |end| end + 1);
        let room = (longest + 1).saturating_sub(line.len());
        line.extend_from_slice(available.get(..end.unwrap_or(length).min(room)).unwrap_or_default());
        from.consume(length);
        taken += length as u64;
        if end.is_some() || length == 0 {
            return Ok(taken);
        }
    }
}

/// Draws on the standard error only, and only if it is a terminal.
fn progress(label: &str, size: Option<u64>) -> ProgressBar {
    let progress = ProgressBar::with_draw_target(size, ProgressDrawTarget::stderr());
    let template = match size {
        Some(_) => "{prefix} {bar:30} {binary_bytes} of {binary_total_bytes}, {eta} left",
        None => "{prefix} {spinner} {binary_bytes}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    progress.with_style(style).with_prefix(label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_any_length() {
        for capacity in [1, 3, 64] {
            let mut from = BufReader::with_capacity(capacity, &b"ab\n\nabcdefgh\nabc"[..]);
            let mut line = Vec::new();
            let mut lines = Vec::new();
            while take_line(&mut from, &mut line, 4).unwrap() > 0 {
                lines.push(String::from_utf8(line.clone()).unwrap());
            }
            assert_eq!(lines, ["ab", "", "abcde", "abc"]);
        }
    }

    #[test]
    fn first_lines() {
        for (line, lines) in [
            (r#"{"usage":1,"catalogue":"api"}"#, Lines::Recorder),
            (r#"{"path":"{\"usage\":1"}"#, Lines::Json),
            ("GET /users", Lines::Plain),
            ("GET https://a.example/", Lines::Plain),
            (r#"::1 - - [29/Nov/2025:12:00:00 +0000] "GET / HTTP/1.1" 200 1"#, Lines::Common),
            ("LOCALHOST - - [29/Nov/2025:12:00:00 +0000] \"GET / HTTP/1.1\" 200 1", Lines::Common),
        ] {
            assert_eq!(guess(line), lines, "{line}");
        }
    }
}
