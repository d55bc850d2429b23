//! The routes of a catalogue as text.
//!
//! ```text
//! base /api
//! GET /api/users 0;3
//! POST /api/users 0,1
//! GET /api/health public
//! ```
//!
//! The first line is the base, if there is one. Each other line is a method, the whole template and
//! the demand of the route: alternatives of positions in the table of names, or one of three words.

use super::{ENDS_OF_WORD, LINE_IN_LITERAL, read_alternatives, write_alternatives};

/// An OR of ANDs over positions in the catalogue.
pub(crate) type Alternatives = Vec<Vec<usize>>;

const BASE: &str = "base";
const PUBLIC: &str = "public";
const AUTHENTICATED: &str = "authenticated";
const EXTERNAL: &str = "external";
/// Stands for a demand without alternatives, which exists only in a catalogue with mistakes.
const NEVER: &str = "never";

/// The routes of a catalogue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RouteTable {
    pub(crate) base: Option<String>,
    pub(crate) routes: Vec<RouteLine>,
}

/// One route.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RouteLine {
    pub(crate) method: String,
    /// The template with the base.
    pub(crate) template: String,
    pub(crate) demand: Demand,
}

/// The demand of a route.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    Scopes(Alternatives),
    Public,
    Authenticated,
    External,
}

impl RouteTable {
    pub(crate) fn write(&self) -> String {
        let base = self.base.iter().map(|base| format!("{BASE} {base}"));
        let routes = self.routes.iter().map(|RouteLine { method, template, demand }| {
            let mut line = format!("{method} {template} ");
            demand.write(&mut line);
            line
        });
        base.chain(routes).collect::<Vec<_>>().join("\n")
    }

    /// Reads a table, without the lines that are not routes.
    pub(crate) fn read(text: &str) -> Self {
        let mut table = Self::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            let (Some(method), Some(template)) = (words.next(), words.next()) else { continue };
            if method == BASE {
                table.base = Some(template.to_owned());
                continue;
            }
            let demand = Demand::read(words.next().unwrap_or_default());
            table.routes.push(RouteLine { method: method.to_owned(), template: template.to_owned(), demand });
        }
        table
    }
}

impl Demand {
    fn write(&self, text: &mut String) {
        match self {
            Self::Public => text.push_str(PUBLIC),
            Self::Authenticated => text.push_str(AUTHENTICATED),
            Self::External => text.push_str(EXTERNAL),
            Self::Scopes(alternatives) if alternatives.is_empty() => text.push_str(NEVER),
            Self::Scopes(alternatives) => write_alternatives(text, alternatives),
        }
    }

    /// Reads a demand. A text that cannot be read becomes a demand that no handler meets.
    fn read(text: &str) -> Self {
        match text {
            PUBLIC => Self::Public,
            AUTHENTICATED => Self::Authenticated,
            EXTERNAL => Self::External,
            _ => {
                let position = |id: &str| Some(id.parse().unwrap_or(usize::MAX));
                Self::Scopes(read_alternatives(text, position).unwrap_or_default())
            }
        }
    }
}

/// The base in the literal of a table; empty if there is none.
pub(in crate::requires) fn base_in_literal(literal: &str) -> &str {
    let base = literal.strip_prefix('"').and_then(|text| text.strip_prefix(BASE)?.strip_prefix(' '));
    base.and_then(|rest| rest.split(ENDS_OF_WORD).next()).unwrap_or_default()
}

/// The demand of a route in the literal of a table, as text. `None` if the table lacks the route.
pub(in crate::requires) fn demand_in_literal<'t>(literal: &'t str, method: &str, template: &str) -> Option<&'t str> {
    let (before, rest) = literal.split_once(&format!("{method} {template} "))?;
    // Before the first line, there is the quotation mark.
    let begins_line = before.ends_with(LINE_IN_LITERAL) || before == "\"";
    begins_line.then(|| rest.split(ENDS_OF_WORD).next())?
}
