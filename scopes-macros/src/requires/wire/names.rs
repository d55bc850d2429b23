//! The names of a catalogue as text.
//!
//! ```text
//! api -
//! users.read t
//! users.write  users.edit people:write
//! ```
//!
//! The first line is the name of the catalogue, a `-`, and `!` if names may be missing. Each other
//! line is the dotted name of a scope, a space, its flags, and each name that it had before after
//! another space.

use super::LINE_IN_LITERAL;

/// Flag: without a request, the scope needs the tenant.
const ASKS_FOR_TENANT: char = 't';

/// The names of a catalogue, in declaration order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NameTable {
    /// The name of the catalogue's module.
    pub(crate) catalogue: String,
    /// Whether the declaration has mistakes: it may contain a name that is missing here.
    pub(crate) incomplete: bool,
    pub(crate) scopes: Vec<ScopeLine>,
}

/// One scope.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ScopeLine {
    pub(crate) dotted: String,
    /// Whether the attribute must name the tenant in a check without a request:
    /// `ScopeInfo::asks_for_tenant`.
    pub(crate) asks_for_tenant: bool,
    /// The wire names that the scope had before.
    pub(crate) old_names: Vec<String>,
}

impl NameTable {
    pub(crate) fn write(&self) -> String {
        let mut text = format!("{} -{}", self.catalogue, if self.incomplete { "!" } else { "" });
        for scope in &self.scopes {
            text.push('\n');
            text.push_str(&scope.dotted);
            text.push(' ');
            if scope.asks_for_tenant {
                text.push(ASKS_FOR_TENANT);
            }
            for name in &scope.old_names {
                text.push(' ');
                text.push_str(name);
            }
        }
        text
    }

    pub(crate) fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let (catalogue, flags) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
        let scopes = lines.filter_map(|line| {
            let mut words = line.split(' ');
            let (dotted, flags) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let asks_for_tenant = flags.contains(ASKS_FOR_TENANT);
            let old_names = words.map(str::to_owned).collect();
            (!dotted.is_empty()).then(|| ScopeLine { dotted: dotted.to_owned(), asks_for_tenant, old_names })
        });
        Self { catalogue: catalogue.to_owned(), incomplete: flags.contains('!'), scopes: scopes.collect() }
    }
}

/// The part of a table's literal before the line of a scope. `None` if the scope has no line.
fn before_line<'t>(literal: &'t str, dotted: &str) -> Option<&'t str> {
    let (before, _) = literal.split_once(&format!("{LINE_IN_LITERAL}{dotted} "))?;
    Some(before)
}

/// Whether the literal of a table has a scope of this name.
pub(in crate::requires) fn is_in_literal(literal: &str, dotted: &str) -> bool {
    before_line(literal, dotted).is_some()
}

/// The position of a scope in the literal of a table.
pub(in crate::requires) fn position_in_literal(literal: &str, dotted: &str) -> Option<usize> {
    Some(before_line(literal, dotted)?.matches(LINE_IN_LITERAL).count())
}
