//! A match that outlives its request. Permits return its parts, and a gate keeps it for later
//! permits.

use std::ptr;
use std::sync::{Arc, OnceLock};

use http::uri::PathAndQuery;
use scopes_core::{Route, RouteMatch, path_rules};

use super::facts::Facts;

/// A route of the catalogue and the target of one request, which holds its parameters.
#[derive(Clone)]
pub(crate) struct KeptMatch {
    route: Route<'static>,
    target: KeptTarget,
    /// Start and end of the path below the base.
    path: (u32, u32),
    tenant: Option<KeptTenant>,
}

/// A target. It is not copied if the request can share it.
#[derive(Clone)]
enum KeptTarget {
    Shared(PathAndQuery),
    Copied(Arc<str>),
}

/// The position of the tenant in the path below the base.
#[derive(Clone)]
struct KeptTenant {
    start: u32,
    end: u32,
    /// The decoded value, if it has an escape and was requested.
    decoded: OnceLock<Box<str>>,
}

impl KeptMatch {
    #[inline]
    pub(crate) fn new(facts: Facts<'_>, matched: &RouteMatch<'static, '_>) -> Self {
        let (target, path) = match facts.path_and_query {
            Some(shared) => (KeptTarget::Shared(shared.clone()), ending_at(shared.path().len(), matched)),
            None => (KeptTarget::Copied(facts.raw_target.into()), place_in(facts.raw_target, matched)),
        };
        let (start, end) = path;
        Self { route: matched.route(), target, path: (position(start), position(end)), tenant: tenant(matched) }
    }

    #[inline]
    pub(crate) const fn route(&self) -> Route<'static> {
        self.route
    }

    /// The tenant that the path names, decoded.
    pub(crate) fn tenant(&self) -> Option<&str> {
        let KeptTenant { start, end, decoded } = self.tenant.as_ref()?;
        let raw = self.path().get(*start as usize..*end as usize)?;
        if !raw.contains('%') {
            return Some(raw);
        }
        let decode = || path_rules::decode(raw.as_bytes()).unwrap_or_default().into_owned().into();
        Some(decoded.get_or_init(decode)).map(|tenant| &**tenant).filter(|tenant| !tenant.is_empty())
    }

    /// Makes the match again.
    pub(crate) fn matched(&self) -> Option<RouteMatch<'static, '_>> {
        self.route.at_path(self.path().as_bytes())
    }

    /// Whether the request's target is in the same memory as this one.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn shares(&self, target: Option<&PathAndQuery>) -> bool {
        match (&self.target, target) {
            (KeptTarget::Shared(kept), Some(target)) => ptr::eq(kept.as_str(), target.as_str()),
            _ => false,
        }
    }

    /// Whether a request still has this target.
    #[inline]
    pub(crate) fn is_for(&self, raw_target: &str) -> bool {
        let kept = self.target.as_str();
        ptr::eq(kept, raw_target) || kept == raw_target
    }

    fn path(&self) -> &str {
        self.target.as_str().get(self.path.0 as usize..self.path.1 as usize).unwrap_or_default()
    }
}

impl KeptTarget {
    #[inline]
    fn as_str(&self) -> &str {
        match self {
            Self::Shared(target) => target.as_str(),
            Self::Copied(target) => target,
        }
    }
}

/// Start and end of the path below the base, if the target's path ends here. The root below a base
/// has neither a slash of its own in the target nor any parameter.
#[inline]
fn ending_at(end: usize, matched: &RouteMatch<'_, '_>) -> (usize, usize) {
    (end.saturating_sub(matched.raw_path().len()), end)
}

/// Start and end of the path below the base. It is a part of the target, unless it is the root.
#[inline]
fn place_in(target: &str, matched: &RouteMatch<'_, '_>) -> (usize, usize) {
    let path = matched.raw_path();
    let start = path.as_ptr().addr().wrapping_sub(target.as_ptr().addr());
    match start.checked_add(path.len()) {
        Some(end) if end <= target.len() => (start, end),
        _ => ending_at(target.find('?').unwrap_or(target.len()), matched),
    }
}

/// A position in a target, which has at most 65,535 bytes.
const fn position(position: usize) -> u32 {
    position as u32
}

#[inline]
fn tenant(matched: &RouteMatch<'_, '_>) -> Option<KeptTenant> {
    let (start, end) = matched.tenant_range()?;
    Some(KeptTenant { start: position(start), end: position(end), decoded: OnceLock::new() })
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::*;
    use crate::fixture::TestScope;
    use scopes_core::Scope;

    /// A kept match returns the same as the original one.
    #[test]
    fn what_is_kept_is_what_was_matched() {
        let catalogue = TestScope::catalogue();
        for target in [
            "/api/environments/e1/users",
            "/api/environments/e1/users?x=/a/b?c",
            "/api/environments/%65%31/users/7",
            "/api/environments/e1/files/a/b/c",
            "/api/users/7?",
            "/api/eventTypes",
            "/api/health",
        ] {
            let matched = catalogue.at_mounted("/api", 8192, "GET", target.as_bytes()).unwrap();
            let uri: Uri = target.parse().unwrap();
            let copied = Facts::new(&Method::GET, target);
            for facts in [copied, Facts { path_and_query: uri.path_and_query(), ..copied }] {
                let kept = KeptMatch::new(facts, &matched);
                assert_eq!(kept.tenant(), matched.tenant().as_deref(), "{target}");
                let again = kept.matched().unwrap();
                assert_eq!(again.raw_path(), matched.raw_path(), "{target}");
                assert!(again.parameters().eq(matched.parameters()), "{target}");
                assert!(kept.is_for(target) && !kept.is_for("/api/health/"));
            }
        }
    }
}
