//! The bodies of answers to authorized callers. If handlers do not name themselves, a body can tell
//! which route answered.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use scopes_core::RouteId;

use super::classes;
use super::client::Answer;
use super::plan::Planned;

/// The length of a body and its hash. The bodies themselves are not stored, because they may be
/// large and many.
type Digest = (usize, u64);

/// For each body, the routes that answered with it to authorized callers.
#[derive(Debug, Default)]
pub(super) struct Bodies(HashMap<Digest, HashSet<RouteId>>);

impl Bodies {
    /// Keeps the body of a route's answer, unless it is empty.
    pub(super) fn keep(&mut self, route: RouteId, answer: &Answer) {
        if let Some(digest) = digest(answer) {
            self.0.entry(digest).or_default().insert(route);
        }
    }

    /// Returns why an answer to an escaped literal is a breach: only the narrower route has
    /// answered with this body.
    ///
    /// A body that several routes share proves nothing.
    pub(super) fn judge(&self, planned: &Planned, answer: &Answer) -> Option<String> {
        if planned.trick.class != classes::ESCAPED || !answer.is_success() {
            return None;
        }
        let routes = self.0.get(&digest(answer)?)?;
        let is_its_own = routes.len() == 1 && routes.contains(&planned.route.id());
        let lacks = planned.lacks.as_ref().filter(|_| is_its_own)?;
        Some(lacks.replacen("the path is also", "the answer is", 1))
    }
}

fn digest(answer: &Answer) -> Option<Digest> {
    let mut hasher = DefaultHasher::new();
    answer.body.hash(&mut hasher);
    (!answer.body.is_empty()).then(|| (answer.body.len(), hasher.finish()))
}
