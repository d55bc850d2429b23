//! Who the caller is, as it stands in a request: stored by the authentication layer, read by `Permit` and the gate.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use http::{Extensions, Method};
#[cfg(any(feature = "tower", feature = "actix-web", feature = "rocket"))]
use scopes_core::Caller;
use scopes_core::{Denial, Route, Scope};

use crate::denial::{JsonError, Renderer};
use crate::events::{Decided, Hook};
use crate::grant::Grant;

/// What is known of a request's credentials for one catalogue.
///
/// An authentication layer stores this with [`store`](Self::store) and answers nothing itself: whether anybody needs
/// credentials is known only to the route. It lies in [`http::Extensions`] by type, so that the layers of two catalogues
/// never see one another's callers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Authentication<S: Scope> {
    /// The credentials are good for this grant.
    Granted(Grant<S>),
    /// There are no credentials, or some of another scheme: 401.
    Absent,
    /// The credentials are sent twice or are not well-formed: 400.
    Malformed,
    /// The credentials are unknown, revoked or expired: 401.
    Invalid,
    /// The verifier could not say: 503.
    Unavailable,
    /// The verifier panicked: 500.
    Failed,
    /// There are credentials, and the verifier was not asked about them: the target is malformed or too long (400, 414), so
    /// that every route is refused whoever calls. It opens nothing.
    NotAsked,
}

impl<S: Scope> Authentication<S> {
    /// Puts the outcome into a request, in place of an older one and of all that was derived from it: a grant of an outer
    /// layer never survives.
    ///
    /// [`Authenticate`](crate::Authenticate) does this; call it for an authentication of your own.
    pub fn store(self, extensions: &mut Extensions, settings: &Arc<Settings>) {
        Stored::new(self, Arc::clone(settings)).insert(extensions);
    }

    /// The outcome that a request carries for this catalogue.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<Stored<S>>().map(|stored| &stored.authentication)
    }

    /// The grant, if the credentials are good.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant<S>> {
        if let Self::Granted(grant) = self { Some(grant) } else { None }
    }
}

/// The entry of [`http::Extensions`]: the outcome with all that answering needs.
#[derive(Clone, Debug)]
pub(crate) struct Stored<S: Scope> {
    pub(crate) authentication: Authentication<S>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) owner_check: Arc<OwnerCheck>,
    /// What the gate found, if there is one in front.
    pub(crate) matched: Option<MatchedRoute>,
    /// Why the verifier was not asked.
    refused: Option<Denial>,
}

impl<S: Scope> Stored<S> {
    pub(crate) fn new(authentication: Authentication<S>, settings: Arc<Settings>) -> Self {
        Self { authentication, settings, owner_check: Arc::default(), matched: None, refused: None }
    }

    /// There are credentials, and this denial made it needless to look at them.
    pub(crate) fn not_asked(refused: Denial, settings: Arc<Settings>) -> Self {
        Self { refused: Some(refused), ..Self::new(Authentication::NotAsked, settings) }
    }

    /// The caller's grant.
    ///
    /// # Errors
    /// What is answered where a caller is needed.
    pub(crate) fn granted(&self) -> Result<&Grant<S>, Denial> {
        Err(match &self.authentication {
            Authentication::Granted(grant) => return Ok(grant),
            Authentication::Absent => Denial::CredentialsAbsent,
            Authentication::Malformed => Denial::CredentialsMalformed,
            Authentication::Invalid => Denial::CredentialsInvalid,
            Authentication::Unavailable => Denial::VerifierUnavailable,
            Authentication::Failed => Denial::VerifierFailed,
            // Without a reason the application has stored it by itself.
            Authentication::NotAsked => self.refused.unwrap_or(Denial::CredentialsMalformed),
        })
    }

    /// The caller, as the catalogue's decision takes it. It has no word for credentials that were not looked at: what it says
    /// of these goes through [`denial`](Self::denial), without which they are malformed ones.
    #[cfg(any(feature = "tower", feature = "actix-web", feature = "rocket"))]
    pub(crate) fn caller(&self) -> Caller<'_> {
        match &self.authentication {
            Authentication::Granted(grant) => Caller::Granted(grant.holder()),
            Authentication::Absent => Caller::Absent,
            Authentication::Malformed | Authentication::NotAsked => Caller::Malformed,
            Authentication::Invalid => Caller::Invalid,
            Authentication::Unavailable => Caller::Unavailable,
            Authentication::Failed => Caller::Failed,
        }
    }

    /// What a denial of [`caller`](Self::caller) stands for.
    #[cfg(any(feature = "tower", feature = "actix-web", feature = "rocket"))]
    pub(crate) fn denial(&self, denial: Denial) -> Denial {
        match (denial, self.refused) {
            (Denial::CredentialsMalformed, Some(refused)) => refused,
            _ => denial,
        }
    }

    /// Gives what is to be looked at once the response is there.
    pub(crate) fn insert(self, extensions: &mut Extensions) -> Arc<OwnerCheck> {
        let owner_check = Arc::clone(&self.owner_check);
        extensions.insert(self);
        owner_check
    }
}

/// The catalogue's route of a request, found in front of the handlers.
#[derive(Clone, Debug)]
pub(crate) struct MatchedRoute {
    route: Route<'static>,
    method: Method,
    raw_target: Arc<str>,
}

impl MatchedRoute {
    #[cfg(any(test, feature = "tower"))]
    pub(crate) fn new(route: Route<'static>, method: Method, raw_target: &str) -> Self {
        Self { route, method, raw_target: raw_target.into() }
    }

    /// The route, unless method or target were rewritten since: then it is no statement about what will run.
    pub(crate) fn route_of(&self, method: &Method, raw_target: &str) -> Option<Route<'static>> {
        (self.method == *method && *self.raw_target == *raw_target).then_some(self.route)
    }
}

/// Whether the handler of an unbound route has compared the owner of what it touches with the caller's tenants.
///
/// Shared by the permit, which asks for it and makes it, and the layers, which look at it once the response is there.
#[derive(Debug, Default)]
pub(crate) struct OwnerCheck {
    state: AtomicU8,
    route: OnceLock<Route<'static>>,
    /// The route on which the handler had the permit that it asks for.
    permitted: OnceLock<Route<'static>>,
}

const UNNEEDED: u8 = 0;
const NEEDED: u8 = 1;
/// Needed, and every owner so far was refused.
const REFUSED: u8 = 2;
const PASSED: u8 = 3;
const REPORTED: u8 = 4;

impl OwnerCheck {
    /// The route leaves the comparison to its handler.
    pub(crate) fn require(&self, route: Route<'static>) {
        // Only the first one counts: a second permit of the same request must not undo a comparison.
        if self.state.compare_exchange(UNNEEDED, NEEDED, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            let _ = self.route.set(route);
        }
    }

    /// A permit for the route was given to the handler.
    pub(crate) fn permitted(&self, route: Route<'static>) {
        let _ = self.permitted.set(route);
    }

    /// Whether [`permitted`](Self::permitted) was called for this route.
    pub(crate) fn is_permitted(&self, route: Route<'static>) -> bool {
        self.permitted.get() == Some(&route)
    }

    /// The handler has compared an owner. Only an owner who is the caller's counts: a handler can ignore a refusal.
    ///
    /// An owner once found stays found: a handler that filters a list is refused for the rows that it leaves out.
    pub(crate) fn compared(&self, is_callers: bool) {
        if is_callers {
            self.state.store(PASSED, Ordering::Release);
        } else {
            let _ = self.state.compare_exchange(NEEDED, REFUSED, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    /// The comparison was needed, and none has found an owner who is the caller's.
    #[cfg(any(test, feature = "tower"))]
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.state.load(Ordering::Acquire), NEEDED | REFUSED | REPORTED)
    }

    /// The sentence for the log if the comparison is missing; only the first layer that asks gets it.
    pub(crate) fn report(&self) -> Option<String> {
        let takes = |state| self.state.compare_exchange(state, REPORTED, Ordering::AcqRel, Ordering::Acquire).is_ok();
        let mistake = if takes(NEEDED) {
            "answered without comparing the owner: call"
        } else if takes(REFUSED) {
            "answered although `same_tenant` has refused every owner: return its error with"
        } else {
            return None;
        };
        let route = self.route.get().map_or_else(|| "an unbound route".to_owned(), |route| format!("`{route}`"));
        Some(format!(
            "{route} is `#[unbound]`, but its handler {mistake} `permit.same_tenant(&owner)?` before anything of a tenant \
             is read or written"
        ))
    }
}

/// How denials of one API are worded, and how its requests are read.
///
/// ```
/// # fn main() -> Result<(), scopes::SettingsError> {
/// let settings = scopes::Settings::new().realm("dashboard")?.mounted_at("/v1")?.other_tenant_as_404();
/// # let _ = settings; Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Settings {
    pub(crate) realm: Arc<str>,
    pub(crate) renderer: Arc<dyn Renderer>,
    pub(crate) mounted_at: Option<Arc<str>>,
    pub(crate) target_limit: usize,
    pub(crate) method_not_allowed_as_404: bool,
    pub(crate) other_tenant_as_404: bool,
    pub(crate) on_decision: Option<Hook>,
}

/// The longest request target that [`Settings::target_limit`] can be set to.
pub const MAX_TARGET_LIMIT: usize = 65_535;

/// RFC 9112, section 3 recommends to support at least 8000 bytes.
const DEFAULT_TARGET_LIMIT: usize = 8192;

impl Settings {
    /// Realm `api`, JSON errors, the catalogue's own base, targets of at most 8192 bytes.
    #[must_use]
    pub fn new() -> Self {
        Self {
            realm: "api".into(),
            renderer: Arc::new(JsonError),
            mounted_at: None,
            target_limit: DEFAULT_TARGET_LIMIT,
            method_not_allowed_as_404: false,
            other_tenant_as_404: false,
            on_decision: None,
        }
    }

    /// The `realm` of every `WWW-Authenticate` header.
    ///
    /// # Errors
    /// [`SettingsError::Realm`] if it holds anything but printable ASCII without `"` and `\`: it stands in a quoted string
    /// (RFC 9110, section 11.5), and whatever needs an escape there is read differently by different clients.
    pub fn realm(mut self, realm: &str) -> Result<Self, SettingsError> {
        let is_plain = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if realm.is_empty() || !realm.bytes().all(is_plain) {
            return Err(SettingsError::Realm);
        }
        self.realm = realm.into();
        Ok(self)
    }

    /// What makes the bodies of denials; [`JsonError`] unless set.
    #[must_use]
    pub fn renderer(mut self, renderer: impl Renderer) -> Self {
        self.renderer = Arc::new(renderer);
        self
    }

    /// The path under which the API is served, in place of the catalogue's `base`; empty for the root. It is the path as clients send
    /// it to this server, all mounts together.
    ///
    /// Permits and gates hold their routers' templates against it; where it is wrong, permits answer 500 and gates refuse what
    /// looks like the API.
    ///
    /// # Errors
    /// [`SettingsError::Mount`] unless it is empty or made of `/segment`s that need no escape, without a slash at the end.
    pub fn mounted_at(mut self, base: &str) -> Result<Self, SettingsError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte);
        let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain);
        let sound = base.is_empty() || base.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment));
        if !sound {
            return Err(SettingsError::Mount);
        }
        self.mounted_at = Some(base.into());
        Ok(self)
    }

    /// The longest request target in bytes that is not answered with 414.
    ///
    /// # Errors
    /// [`SettingsError::TargetLimit`] for 0 and beyond [`MAX_TARGET_LIMIT`].
    pub fn target_limit(mut self, bytes: usize) -> Result<Self, SettingsError> {
        if bytes == 0 || bytes > MAX_TARGET_LIMIT {
            return Err(SettingsError::TargetLimit);
        }
        self.target_limit = bytes;
        Ok(self)
    }

    /// Answers 404 where 405 is due, without `Allow`.
    #[must_use]
    pub fn method_not_allowed_as_404(mut self) -> Self {
        self.method_not_allowed_as_404 = true;
        self
    }

    /// Answers 404 where another tenant's path would give 403, so that nobody learns which tenants exist
    /// (RFC 9110, section 15.5.4 allows it).
    #[must_use]
    pub fn other_tenant_as_404(mut self) -> Self {
        self.other_tenant_as_404 = true;
        self
    }

    /// Called with every decision, allowed or denied: for metrics and audit. It must be quick; it runs within the request.
    #[must_use]
    pub fn on_decision(mut self, hook: impl Fn(&Decided<'_>) + Send + Sync + 'static) -> Self {
        self.on_decision = Some(Arc::new(hook));
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("realm", &self.realm)
            .field("mounted_at", &self.mounted_at)
            .field("target_limit", &self.target_limit)
            .field("method_not_allowed_as_404", &self.method_not_allowed_as_404)
            .field("other_tenant_as_404", &self.other_tenant_as_404)
            .finish_non_exhaustive()
    }
}

/// Why a value is no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsError {
    /// The realm is empty or cannot stand in a quoted string.
    Realm,
    /// The mount is no path.
    Mount,
    /// The limit is out of range.
    TargetLimit,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Realm => "a realm is printable ASCII without `\"` and `\\`, and not empty",
            Self::Mount => "a mount is empty or made of `/segment`s that need no escape, without a slash at the end",
            Self::TargetLimit => "a target limit lies between 1 and 65535 bytes",
        })
    }
}

impl core::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realms() {
        for (realm, good) in [
            ("api", true),
            ("my API", true),
            ("", false),
            ("a\"b", false),
            ("a\\b", false),
            ("a\r\nb", false),
            ("é", false),
        ] {
            assert_eq!(Settings::new().realm(realm).is_ok(), good, "{realm:?}");
        }
    }

    #[test]
    fn mounts() {
        for (base, good) in [
            ("", true),
            ("/v1", true),
            ("/api/v0", true),
            ("/", false),
            ("v1", false),
            ("/v1/", false),
            ("/a//b", false),
            ("/a/..", false),
            ("/%61", false),
            ("/{a}", false),
            ("/a?b", false),
            ("/a;b", false),
        ] {
            assert_eq!(Settings::new().mounted_at(base).is_ok(), good, "{base:?}");
        }
    }

    #[test]
    fn limits() {
        for (bytes, good) in [(0, false), (1, true), (8192, true), (65_535, true), (65_536, false)] {
            assert_eq!(Settings::new().target_limit(bytes).is_ok(), good, "{bytes}");
        }
    }

    #[test]
    fn owner_check_is_missing_only_while_needed_and_is_reported_once() {
        let check = OwnerCheck::default();
        assert!(!check.is_missing());
        assert_eq!(check.report(), None);
        check.state.store(NEEDED, Ordering::Release);
        assert!(check.is_missing());
        assert!(check.report().is_some_and(|sentence| sentence.contains("same_tenant")));
        assert_eq!(check.report(), None);
        assert!(check.is_missing());
        check.compared(true);
        assert!(!check.is_missing());
        assert_eq!(check.report(), None);
    }

    #[test]
    fn only_an_owner_who_is_the_callers_counts() {
        for (compared, missing, told) in [
            (&[][..], true, Some("without comparing")),
            (&[false], true, Some("although `same_tenant` has refused")),
            (&[false, false], true, Some("although `same_tenant` has refused")),
            (&[true], false, None),
            (&[false, true], false, None),
            (&[true, false], false, None),
        ] {
            let check = OwnerCheck::default();
            check.state.store(NEEDED, Ordering::Release);
            compared.iter().for_each(|&is_callers| check.compared(is_callers));
            assert_eq!(check.is_missing(), missing, "{compared:?}");
            let sentence = check.report();
            assert_eq!(sentence.is_some(), told.is_some(), "{compared:?}");
            assert!(sentence.is_none_or(|sentence| sentence.contains(told.unwrap())), "{compared:?}");
        }
        // Where the route names the tenant, a refusal makes nothing needed.
        let bound = OwnerCheck::default();
        bound.compared(false);
        assert!(!bound.is_missing());
    }
}
