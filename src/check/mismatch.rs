//! The sentence for the log where handler and catalogue demand different scopes.

use std::fmt;

use scopes_core::{Access, Requirement, Route};

/// The sentence for a handler that demands something else than its route.
pub(super) struct Mismatch<'a> {
    pub(super) required: &'a Requirement,
    pub(super) route: Route<'static>,
}

impl fmt::Display for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (route, catalogue) = (self.route, self.route.catalogue());
        write!(f, "the handler of `{route}` requires `{}`, but the catalogue ", self.required.display(catalogue))?;
        match route.access() {
            Access::Scoped => write!(
                f,
                "requires `{}`: write the same in both places, or `stricter` if the handler is to ask for more",
                route.requirement().display(catalogue)
            ),
            Access::Public(_) => f.write_str("says that it is public: remove the permit or declare the route's scope"),
            Access::Authenticated(_) => f.write_str(
                "says that any valid grant will do: take the `Grant` instead of the permit, write `stricter`, or declare \
                 the route's scope",
            ),
            Access::External(_) => {
                f.write_str("says that something else checks it: remove the permit or declare the route's scope")
            }
        }
    }
}
