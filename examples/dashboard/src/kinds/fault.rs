//! What is wrong with a value that a client sent, and in which field.

use core::fmt;

/// A rule that a value breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path of the field: `rules[1].chain`; empty for the whole body.
    field: String,
    why: String,
}

impl Fault {
    /// A fault of the value itself. The value that contains it adds the path.
    #[must_use]
    pub fn new(why: impl Into<String>) -> Self {
        Self { field: String::new(), why: why.into() }
    }

    /// A fault of a field.
    #[must_use]
    pub fn of(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }

    /// The same fault, seen from the object that has the value in this field.
    #[must_use]
    pub fn in_field(self, name: &str) -> Self {
        let field = match self.field.as_str() {
            "" => name.to_owned(),
            inner if inner.starts_with('[') => format!("{name}{inner}"),
            inner => format!("{name}.{inner}"),
        };
        Self { field, ..self }
    }

    /// The same fault, seen from the list that has the value at this position.
    #[must_use]
    pub fn in_item(self, position: usize) -> Self {
        self.in_field(&format!("[{position}]"))
    }

    /// The path of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => write!(f, "the body {}", self.why),
            field => write!(f, "`{field}` {}", self.why),
        }
    }
}

impl core::error::Error for Fault {}

/// The beginning of a name that the client has sent. It is long enough to find the mistake.
pub(crate) fn shown(name: &str) -> &str {
    match name.char_indices().nth(40) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_grows_from_the_inside() {
        let fault = Fault::new("must be a text");
        assert_eq!(fault.to_string(), "the body must be a text");
        let fault = fault.in_field("chain").in_item(1).in_field("rules");
        assert_eq!(fault.to_string(), "`rules[1].chain` must be a text");
        assert_eq!(fault.in_field("policy").field(), "policy.rules[1].chain");
        assert_eq!(shown(&"é".repeat(50)), "é".repeat(40));
    }
}
