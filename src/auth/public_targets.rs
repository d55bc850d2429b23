//! Targets that lead to public routes only, whichever route a router matches.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use scopes_core::demands::Demands;
use scopes_core::template::{Piece, pieces};
use scopes_core::{Access, Route, UntypedCatalogue};

/// Remembers which routes share no path with a route that needs a caller. For frameworks whose
/// permits cannot wait for the verifier.
///
/// actix-web's router takes the first pattern that fits, so it may match `/users/{id}` for a target
/// that the catalogue reads as `/users/me`. A target counts as public only if no route that needs a
/// caller fits any path of the target's route. This is computed once per route.
#[derive(Debug, Default)]
pub(super) struct PublicTargets(OnceLock<Box<[AtomicU8]>>);

const ALONE: u8 = 1;
const SHARED: u8 = 2;

impl PublicTargets {
    /// Whether these routes of a target need no caller, whichever route the router takes.
    pub(super) fn contain(&self, catalogue: &UntypedCatalogue, method: &str, demands: &Demands<'static, '_>) -> bool {
        let route = demands.own().route();
        matches!(route.access(), Access::Public(_)) && !demands.need_caller() && self.is_alone(catalogue, method, route)
    }

    fn is_alone(&self, catalogue: &UntypedCatalogue, method: &str, route: Route<'static>) -> bool {
        let search = || {
            let needs_caller =
                |other: &Route<'_>| !matches!(other.access(), Access::Public(_)) && other.answers(method);
            !catalogue.routes().filter(needs_caller).any(|other| may_share_a_path(route.path(), other.path()))
        };
        // A route of `GET` answers `HEAD` as well, but `HEAD` may have routes of its own. Then the
        // remembered result does not apply.
        if route.method() != method {
            return search();
        }
        let known = self.0.get_or_init(|| catalogue.routes().map(|_| AtomicU8::default()).collect());
        let Some(known) = known.get(route.id().index()) else { return false };
        match known.load(Ordering::Relaxed) {
            ALONE => true,
            SHARED => false,
            _ => {
                let is_alone = search();
                known.store(if is_alone { ALONE } else { SHARED }, Ordering::Relaxed);
                is_alone
            }
        }
    }
}

/// Whether some path may fit both templates, with any values of their parameters.
fn may_share_a_path(left: &str, right: &str) -> bool {
    // A slash at the end makes no difference to some routers.
    let segments = |template| pieces(template).filter(|piece| !matches!(piece, Piece::Literal("")));
    let (mut left, mut right) = (segments(left), segments(right));
    loop {
        match (left.next(), right.next()) {
            (None, None) | (Some(Piece::Rest(_)), _) | (_, Some(Piece::Rest(_))) => return true,
            (Some(Piece::Literal(left)), Some(Piece::Literal(right))) if left != right => return false,
            (Some(_), Some(_)) => {}
            (None, Some(_)) | (Some(_), None) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_share_a_path;

    #[test]
    fn templates_that_share_a_path() {
        for (left, right, expected) in [
            ("/users/me", "/users/{id}", true),
            ("/users/me", "/users/me", true),
            ("/users/me", "/users/you", false),
            ("/users/me", "/users", false),
            ("/users/me", "/users/{id}/tags", false),
            ("/users/me", "/{*rest}", true),
            ("/files/{*rest}", "/files/{id}/tags", true),
            ("/files/{*rest}", "/users/{id}", false),
            ("/{a}/b", "/a/{b}", true),
            ("/v{n}/b", "/w/b", true),
            ("/users/", "/users", true),
            ("/", "/", true),
            ("/", "/users", false),
        ] {
            assert_eq!(may_share_a_path(left, right), expected, "{left} {right}");
            assert_eq!(may_share_a_path(right, left), expected, "{right} {left}");
        }
    }
}
