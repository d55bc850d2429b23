//! A path of one route, and how parts of it can be spelled otherwise.

use scopes_core::Route;
use scopes_core::template::{Segment, Template};

use crate::escapes::escaped;

/// One path of a route.
#[derive(Clone, Debug)]
pub(super) struct Spelled {
    /// Its segments, and whether they are literals.
    segments: Vec<(String, bool)>,
    /// The index of the tenant's segment.
    tenant: Option<usize>,
    trailing_slash: bool,
}

impl Spelled {
    /// Makes the path of a route below `base`, with the tenant escaped and the other values
    /// unchanged. `None` if base and path together are not a valid template.
    pub(super) fn new(route: Route<'_>, base: &str, tenant: &str, value: impl Fn(&str) -> String) -> Option<Self> {
        let path =
            if route.path() == "/" && !base.is_empty() && !route.has_trailing_slash() { "" } else { route.path() };
        let template = Template::parse(&format!("{base}{path}")).ok()?;
        let tenant_name = route.tenant_parameter().map(scopes_core::Parameter::name);
        let tenant = escaped(tenant);
        let filled = |name: &str| if Some(name) == tenant_name { tenant.clone() } else { value(name) };
        let mut spelled = Self { segments: Vec::new(), tenant: None, trailing_slash: template.trailing_slash() };
        for segment in template.segments() {
            let (text, is_literal) = match segment {
                Segment::Literal(literal) => (literal.clone(), true),
                Segment::Parameter { prefix, name, suffix } => {
                    if Some(name.as_str()) == tenant_name {
                        spelled.tenant = Some(spelled.segments.len());
                    }
                    (format!("{prefix}{}{suffix}", filled(name)), false)
                }
                Segment::Rest { name } => (filled(name), false),
            };
            spelled.segments.push((text, is_literal));
        }
        Some(spelled)
    }

    /// The path as declared.
    pub(super) fn path(&self) -> String {
        self.joined(|_, segment| segment.to_owned(), |_| "/".to_owned())
    }

    /// The path with changed segments, and with other separators in front of them.
    fn joined(&self, segment: impl Fn(usize, &str) -> String, before: impl Fn(usize) -> String) -> String {
        let mut path = String::new();
        for (index, (text, _)) in self.segments.iter().enumerate() {
            path += &before(index);
            path += &segment(index, text);
        }
        if self.trailing_slash || path.is_empty() {
            path.push('/');
        }
        path
    }

    /// The path with one changed segment.
    pub(super) fn with_segment(&self, at: usize, change: impl Fn(&str) -> String) -> String {
        self.joined(|index, text| if index == at { change(text) } else { text.to_owned() }, |_| "/".to_owned())
    }

    /// The path with every segment changed.
    pub(super) fn with_segments(&self, change: impl Fn(&str) -> String) -> String {
        self.joined(|_, text| change(text), |_| "/".to_owned())
    }

    /// The path with another separator than `/` in front of one segment.
    pub(super) fn with_separator(&self, at: usize, separator: &str) -> String {
        self.joined(|_, text| text.to_owned(), |index| if index == at { separator } else { "/" }.to_owned())
    }

    /// The index of the tenant's segment, and its value.
    pub(super) fn tenant(&self) -> Option<(usize, &str)> {
        let at = self.tenant?;
        Some((at, &self.segments.get(at)?.0))
    }

    /// How many segments there are.
    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    /// The indices of the first and the last literal, which stand for all literals.
    pub(super) fn outer_literals(&self) -> Vec<usize> {
        let literals = || self.segments.iter().enumerate().filter(|(_, (_, is_literal))| *is_literal).map(|(at, _)| at);
        let mut ends: Vec<usize> = literals().next().into_iter().chain(literals().next_back()).collect();
        ends.dedup();
        ends
    }
}
