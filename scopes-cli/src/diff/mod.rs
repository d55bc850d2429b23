//! `scopes diff`.

mod formats;
mod rust_source;
mod side;
mod unsaid;

use scopes_export::diff::{Diff, Finding, Level, Token};

use self::rust_source::RustSource;
use self::side::{Side, Spot};
use crate::args::{DiffArgs, DiffFormat, FailOn};
use crate::operand::text_of;
use crate::output::Outcome;
use crate::tokens;

/// The result of a comparison, with what the formats need of the operands.
pub(crate) struct Report<'a> {
    pub(crate) old: &'a Side,
    pub(crate) new: &'a Side,
    pub(crate) found: Diff,
    tokens: Option<Vec<Token>>,
    source: Option<RustSource>,
}

/// How many tokens gain and lose by a finding, and some of them.
pub(crate) struct Census {
    pub(crate) gain: Vec<String>,
    pub(crate) lose: Vec<String>,
}

pub(crate) fn run(args: &DiffArgs) -> Result<Outcome, String> {
    let is_stdin = |operand: &str| operand == "-";
    let stdins = [&args.old, &args.new].into_iter().chain(&args.tokens).chain(&args.source);
    if stdins.filter(|operand| is_stdin(operand)).count() > 1 {
        return Err("only one operand can be the standard input".to_owned());
    }
    let options = args.reading.options();
    let (old, new) = (Side::read(&args.old, &options)?, Side::read(&args.new, &options)?);
    if args.reading.is_used() && !old.is_document() && !new.is_document() {
        return Err("--undeclared, --all-of, --any-of, --no-scope and --base are for OpenAPI documents".to_owned());
    }
    if !args.allow_incomplete {
        unsaid::refuse([&old, &new])?;
    }
    let tokens = args.tokens.as_deref().map(tokens::read).transpose()?;
    let source = args.source.as_deref().map(text_of).transpose()?.map(|(label, text)| RustSource::new(label, text));
    let found = old.lock().diff(new.catalogue()).map_err(|error| format!("not compared: {error}"))?;
    let report = Report { old: &old, new: &new, found, tokens, source };
    let text = match args.format {
        DiffFormat::Text => formats::text(&report),
        DiffFormat::Json => formats::json(&report),
        DiffFormat::Github => formats::github(&report),
        DiffFormat::Markdown => formats::markdown(&report),
    };
    Ok(Outcome::found(text, fails(&report.found, args.fail_on)))
}

fn fails(found: &Diff, fail_on: FailOn) -> bool {
    let least = match fail_on {
        FailOn::Never => return false,
        FailOn::Text => Level::Text,
        FailOn::Note => Level::Note,
        FailOn::Breaking => Level::Breaking,
        FailOn::Widening => Level::Widening,
    };
    found.level().is_some_and(|level| level >= least)
}

impl Report<'_> {
    /// Where the finding stands in the old and in the new file.
    pub(crate) fn places(&self, finding: &Finding) -> [Option<Spot<'_>>; 2] {
        let ([old, new], [scope_old, scope_new]) = (finding.routes(), finding.scopes());
        let [old_side, new_side] = [self.old, self.new];
        let scope = |side: &Side, name: Option<&str>| side.catalogue().scope_named(name?);
        [
            old.and_then(|id| old_side.route(id)).or_else(|| old_side.scope(scope(old_side, scope_old)?)),
            new.and_then(|id| new_side.route(id)).or_else(|| new_side.scope(scope(new_side, scope_new)?)),
        ]
    }

    /// The file, line and column that a reviewer wants to see: of the new file, or of the Rust
    /// source.
    pub(crate) fn position(&self, finding: &Finding) -> (&str, Option<(usize, usize)>) {
        let [old, new] = self.places(finding);
        if let Some(source) = &self.source {
            let [_, route] = finding.routes();
            let route = route.and_then(|id| self.new.catalogue().route_at(id));
            let [_, scope] = finding.scopes();
            return (&source.label, source.position(route, scope));
        }
        match new.or(old) {
            Some(Spot { file, line, column }) => (file, Some((line, column))),
            None => (self.new.label(), None),
        }
    }

    pub(crate) fn census(&self, finding: &Finding) -> Option<Census> {
        let tokens = self.tokens.as_ref()?;
        let (old, new) = (self.old.catalogue(), self.new.catalogue());
        let ids = |counts: &dyn Fn(&Token) -> bool| {
            tokens.iter().filter(|token| counts(token)).map(|token| token.id().to_owned()).collect()
        };
        Some(Census {
            gain: ids(&|token| finding.gains(old, new, token)),
            lose: ids(&|token| finding.loses(old, new, token)),
        })
    }

    pub(crate) fn token_count(&self) -> Option<usize> {
        self.tokens.as_ref().map(Vec::len)
    }
}
