//! Arguments that exclude each other, or need one another.

use super::Arguments;
use crate::errors::Errors;

impl Arguments {
    /// Reports combinations of arguments that are not allowed.
    pub(super) fn check_combinations(&mut self, errors: &mut Errors) {
        if let Some(prefix) = &self.prefix {
            let text = &prefix.text.value;
            if !text.starts_with('/') || text.ends_with('/') {
                errors.at(
                    prefix.text.span,
                    format!("a prefix begins with `/` and does not end with one: `/{}`", text.trim_matches('/')),
                );
                self.prefix = None;
            }
        }
        if let (Some(via), Some(_)) = (&self.via, &self.from) {
            errors.at(
                via.span,
                "`via` names the type of the parameter, and with `from` there is none: remove one of them",
            );
            self.via = None;
        }
        if let (Some(second), Some(_)) = (self.second, &self.from) {
            errors.at(
                second,
                "`second` places the permit's parameter, and with `from` there is none: remove one of them",
            );
            self.second = None;
        }
        if let (Some(_), Some(unbound)) = (&self.tenant, &self.unbound) {
            errors.at(
                unbound.span,
                "`tenant` says which tenant it is, `unbound` that there is none yet: remove one of them",
            );
            self.unbound = None;
        }
        if self.from.is_none() && !self.unread {
            for (word, span) in [
                ("tenant", self.tenant.as_ref().map(|it| it.span)),
                ("unbound", self.unbound.as_ref().map(|it| it.span)),
            ] {
                if let Some(span) = span {
                    errors
                        .at(span, format!("`{word}` belongs to `from`: otherwise the request's path names the tenant"));
                }
            }
        }
    }
}
