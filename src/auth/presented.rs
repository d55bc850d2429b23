//! Chooses the source that decides about a request, and returns what it has found.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};
use scopes_core::{Denial, Scope};

use super::credentials::Credentials;
use super::guarded::Panicked;
use super::kept_token::KeptToken;
use super::origin::OriginCheck;
use super::outcome::Authentication;
use super::sources::request_headers::RequestHeaders;
use super::sources::{TokenSource, bearer_in};
use super::stored::Identity;
#[cfg(feature = "_late")]
use super::unverified::Unverified;
use super::verification::Verification;
use super::verifier::DynVerifier;
use crate::denial::challenge::{Challenges, Scheme};
use crate::grant::Grant;
use crate::log;
use crate::settings::Settings;

/// The token sources and their verifiers.
pub(crate) struct Sources<S: Scope> {
    first: Entry<S>,
    others: Vec<Entry<S>>,
    origin_check: OriginCheck,
    /// The grant of callers who present nothing.
    anonymous: Option<Grant<S>>,
    /// Whether only the default source is configured.
    is_bearer: bool,
}

/// One source and its verifier.
pub(crate) struct Entry<S: Scope> {
    index: SourceIndex,
    source: TokenSource,
    verifier: Arc<dyn DynVerifier<S>>,
    /// The settings, with challenges that say what is wrong with these credentials.
    settings: Arc<Settings>,
}

/// What a request presents.
pub(crate) enum Presented<'a, 'h, S: Scope> {
    /// Nothing at all.
    Nothing,
    /// An `Authorization` header that no source reads.
    OtherScheme,
    /// Credentials of this source that are refused without the verifier.
    Refused(&'a Entry<S>, Refusal),
    /// A token.
    Token(Token<'a, 'h, S>),
}

/// A token, and the source that has found it.
pub(crate) struct Token<'a, 'h, S: Scope> {
    entry: &'a Entry<S>,
    text: Cow<'h, str>,
    /// The header value that holds it.
    header: Option<&'h HeaderValue>,
}

/// The place of a source in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SourceIndex(usize);

/// Why credentials are refused without the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Malformed,
    CrossSite,
    /// A function of the application has panicked.
    Failed,
}

impl<S: Scope> Sources<S> {
    pub(super) fn new(source: TokenSource, verifier: Arc<dyn DynVerifier<S>>) -> Self {
        let first = Entry { index: SourceIndex(0), source, verifier, settings: Arc::default() };
        Self { first, others: Vec::new(), origin_check: OriginCheck::default(), anonymous: None, is_bearer: true }
    }

    /// Replaces the first source.
    pub(super) fn replace_first(&mut self, source: TokenSource) {
        self.first.source = source;
    }

    pub(super) fn add(&mut self, source: TokenSource, verifier: Arc<dyn DynVerifier<S>>) {
        let index = SourceIndex(self.others.len() + 1);
        self.others.push(Entry { index, source, verifier, settings: Arc::default() });
    }

    pub(super) fn set_anonymous(&mut self, grant: Option<Grant<S>>) {
        self.anonymous = grant;
    }

    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) const fn has_anonymous(&self) -> bool {
        self.anonymous.is_some()
    }

    /// The outcome for callers who present nothing.
    pub(crate) fn of_nothing(&self) -> Authentication<S> {
        match &self.anonymous {
            Some(grant) => Authentication::Anonymous(grant.clone()),
            None => Authentication::Absent,
        }
    }

    pub(super) const fn origin_check_mut(&mut self) -> &mut OriginCheck {
        &mut self.origin_check
    }

    /// Gives each source its settings. Called after each change.
    pub(super) fn configure(&mut self, settings: &Arc<Settings>) {
        self.is_bearer = self.first.source.is_bearer() && self.others.is_empty();
        let schemes: Vec<Scheme> = self.iter().map(|entry| entry.source.scheme()).collect();
        self.hidden().for_each(|name| settings.credential_headers.add(name));
        let is_default = schemes == [Scheme::Bearer];
        for (index, entry) in std::iter::once(&mut self.first).chain(&mut self.others).enumerate() {
            entry.settings = if is_default {
                Arc::clone(settings)
            } else {
                Arc::new(Settings { challenges: Challenges::new(&schemes, index), ..Settings::clone(settings) })
            };
        }
    }

    /// Logs which sources can never decide, because an earlier one finds the same.
    pub(super) fn report_repeated(&self) {
        let entries: Vec<&Entry<S>> = self.iter().collect();
        let Some((last, earlier)) = entries.split_last() else { return };
        if earlier.iter().any(|entry| entry.source.is_same(&last.source)) {
            log::error(format_args!(
                "`Authenticate` of `{}` has the token source {:?} twice: the first one decides, and the second verifier is never asked",
                S::catalogue().name(),
                last.source
            ));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<S>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The settings for a caller who has not used any source.
    #[inline]
    pub(crate) const fn settings(&self) -> &Arc<Settings> {
        &self.first.settings
    }

    /// The settings for a caller who has used this source.
    #[inline]
    #[cfg(feature = "_axum")]
    pub(crate) fn settings_of(&self, SourceIndex(index): SourceIndex) -> &Arc<Settings> {
        let other = index.checked_sub(1).and_then(|other| self.others.get(other));
        &other.unwrap_or(&self.first).settings
    }

    /// The first source that finds something decides alone, even if it finds invalid credentials.
    /// The next source is never tried.
    #[inline]
    pub(crate) fn presented<'a, 'h>(&'a self, method: &str, headers: RequestHeaders<'h>) -> Presented<'a, 'h, S> {
        let entry = &self.first;
        match headers.as_http() {
            Some(headers) if self.is_bearer => {
                let (credentials, header) = bearer_in(headers);
                match credentials {
                    Credentials::Absent => Presented::Nothing,
                    Credentials::OtherScheme => Presented::OtherScheme,
                    Credentials::Malformed => Presented::Refused(entry, Refusal::Malformed),
                    Credentials::Token(text) => Presented::Token(Token { entry, text, header }),
                }
            }
            _ => self.searched(method, headers),
        }
    }

    #[inline(never)]
    fn searched<'a, 'h>(&'a self, method: &str, headers: RequestHeaders<'h>) -> Presented<'a, 'h, S> {
        for entry in self.iter() {
            let source = &entry.source;
            let text = match source.read(headers) {
                Ok(Credentials::Absent | Credentials::OtherScheme) => continue,
                Ok(Credentials::Malformed) => return Presented::Refused(entry, Refusal::Malformed),
                Err(Panicked) => {
                    reader_panicked::<S>();
                    return Presented::Refused(entry, Refusal::Failed);
                }
                Ok(Credentials::Token(text)) => text,
            };
            if self.origin_check.refuses(source.origin_rule(), method, headers) {
                return Presented::Refused(entry, Refusal::CrossSite);
            }
            let header = match (source.headers(), headers.as_http()) {
                ([name], Some(headers)) => headers.get(name),
                _ => None,
            };
            return Presented::Token(Token { entry, text, header });
        }
        if headers.has(AUTHORIZATION.as_str()) { Presented::OtherScheme } else { Presented::Nothing }
    }

    /// The caller of a request without a token that a verifier could be asked about.
    #[inline(never)]
    pub(crate) fn without_token(&self, presented: &Presented<'_, '_, S>) -> Identity<S> {
        let known = |authentication| Identity::new(authentication, Arc::clone(self.settings()));
        match presented {
            Presented::Nothing => known(self.of_nothing()),
            Presented::OtherScheme => known(Authentication::OtherScheme),
            Presented::Refused(entry, refusal) => entry.refused(*refusal),
            Presented::Token(token) => Identity::new(Authentication::NotAsked, Arc::clone(token.settings())),
        }
    }

    /// Marks the headers of tokens as sensitive, so that `HeaderValue` does not print them.
    #[inline]
    pub(crate) fn hide(&self, headers: &mut HeaderMap) {
        if self.is_bearer {
            return hide(headers, &AUTHORIZATION);
        }
        self.hidden().for_each(|name| hide(headers, name));
    }

    /// The headers that hold tokens.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = &HeaderName> {
        self.iter().flat_map(|entry| entry.source.headers())
    }
}

impl<S: Scope> Entry<S> {
    pub(super) const fn source(&self) -> &TokenSource {
        &self.source
    }

    fn refused(&self, refusal: Refusal) -> Identity<S> {
        let settings = Arc::clone(&self.settings);
        match refusal {
            Refusal::Malformed => Identity::new(Authentication::Malformed, settings),
            Refusal::CrossSite => Identity::not_asked(Denial::CrossSite, settings),
            Refusal::Failed => Identity::new(Authentication::Failed, settings),
        }
    }
}

impl<S: Scope> Token<'_, '_, S> {
    /// The settings for the caller who has sent this token.
    #[inline]
    pub(crate) const fn settings(&self) -> &Arc<Settings> {
        &self.entry.settings
    }

    #[cfg(feature = "_axum")]
    pub(crate) const fn source(&self) -> SourceIndex {
        self.entry.index
    }

    /// Asks the verifier.
    #[inline]
    pub(crate) fn verify(&self) -> Verification<S> {
        // A verifier that has to wait outlives the request. It shares the header's memory where it
        // can.
        let keep = || {
            self.header.map_or_else(|| KeptToken::copied(&self.text), |value| KeptToken::in_header(&self.text, value))
        };
        Verification::start(&self.entry.verifier, &self.text, keep)
    }

    /// The caller whose token is verified only if a handler asks for the caller.
    #[cfg(feature = "_late")]
    pub(crate) fn postponed(&self) -> Identity<S> {
        let unverified = Unverified::new(Arc::clone(&self.entry.verifier), KeptToken::copied(&self.text));
        Identity::postponed(unverified, Arc::clone(self.settings()))
    }
}

fn hide(headers: &mut HeaderMap, name: &HeaderName) {
    let set_sensitive = |value: &mut HeaderValue| value.set_sensitive(true);
    let Some(first) = headers.get_mut(name) else { return };
    set_sensitive(first);
    // A header was sent more than once.
    if headers.len() != headers.keys_len()
        && let http::header::Entry::Occupied(mut values) = headers.entry(name)
    {
        values.iter_mut().for_each(set_sensitive);
    }
}

#[cold]
fn reader_panicked<S: Scope>() {
    // The panic's message is left out, because it may hold the token.
    log::error(format_args!(
        "the token source of `{}` panicked; the request is answered with 500",
        S::catalogue().name()
    ));
}

impl<S: Scope> Clone for Sources<S> {
    fn clone(&self) -> Self {
        let Self { first, others, origin_check, anonymous, is_bearer } = self;
        Self {
            first: first.clone(),
            others: others.clone(),
            origin_check: origin_check.clone(),
            anonymous: anonymous.clone(),
            is_bearer: *is_bearer,
        }
    }
}

impl<S: Scope> Clone for Entry<S> {
    fn clone(&self) -> Self {
        let Self { index, source, verifier, settings } = self;
        Self { index: *index, source: source.clone(), verifier: Arc::clone(verifier), settings: Arc::clone(settings) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::sources::basic::BasicVerifier;
    use crate::fixture::TestScope;
    use crate::{Authenticate, Password, VerifyError, verifier_fn};

    type Verdict = Result<Option<Grant<TestScope>>, VerifyError>;

    async fn unknown(_: String) -> Verdict {
        Ok(None)
    }

    /// Bearer, header, custom, cookie, Basic.
    fn all() -> Authenticate<TestScope> {
        let custom = TokenSource::custom(&["x-custom", "x-more"], |headers| match headers.values("x-custom").next() {
            None => Credentials::Absent,
            Some(b"panic") => panic!("the token is secret"),
            Some(value) => Credentials::Token(String::from_utf8_lossy(value)),
        });
        Authenticate::new(verifier_fn(unknown))
            .or(TokenSource::header("x-api-key").unwrap(), verifier_fn(unknown))
            .or(custom.unwrap(), verifier_fn(unknown))
            .or(TokenSource::cookie("s"), verifier_fn(unknown))
            .or(TokenSource::basic(), BasicVerifier(|_: String, _: Password| async { Ok(None) as Verdict }))
    }

    fn found(method: &str, lines: &[(&'static str, &'static str)]) -> String {
        let mut map = HeaderMap::new();
        for &(name, value) in lines {
            map.append(name, HeaderValue::from_static(value));
        }
        let all = all();
        match all.sources().presented(method, (&map).into()) {
            Presented::Nothing => "nothing".into(),
            Presented::OtherScheme => "other scheme".into(),
            Presented::Refused(entry, refusal) => format!("{} {refusal:?}", entry.index.0),
            Presented::Token(token) => format!("{} {}", token.entry.index.0, token.text),
        }
    }

    #[test]
    fn the_first_source_that_finds_something_decides() {
        let (bearer, key, custom) = (("authorization", "Bearer b"), ("x-api-key", "k"), ("x-custom", "c"));
        let (cookie, basic) = (("cookie", "s=t"), ("authorization", "Basic dTpw"));
        for (lines, expected) in [
            (&[][..], "nothing"),
            (&[bearer], "0 b"),
            (&[key], "1 k"),
            (&[custom], "2 c"),
            (&[cookie], "3 t"),
            (&[basic], "4 dTpw"),
            (&[cookie, custom, key, bearer], "0 b"),
            (&[cookie, custom, key, basic], "1 k"),
            (&[cookie, basic], "3 t"),
            // A later source with a valid token is not tried.
            (&[("authorization", "Bearer a b"), key], "0 Malformed"),
            (&[bearer, basic], "0 Malformed"),
            (&[("x-api-key", ""), cookie], "1 Malformed"),
            (&[key, key, basic], "1 Malformed"),
            (&[("x-custom", "panic"), cookie], "2 Failed"),
            (&[("cookie", "s=a; s=b"), basic], "3 Malformed"),
            (&[("authorization", "Basic !"), ("cookie", "s=")], "4 Malformed"),
            // Credentials that no source reads.
            (&[("authorization", "DPoP t")], "other scheme"),
            (&[("authorization", "")], "other scheme"),
            (&[("authorization", "DPoP t"), key], "1 k"),
            (&[("cookie", "s=; other=1")], "nothing"),
        ] {
            assert_eq!(found("GET", lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn another_site_may_have_caused_it() {
        const ELSEWHERE: (&str, &str) = ("sec-fetch-site", "cross-site");
        let (cookie, basic) = (("cookie", "s=t"), ("authorization", "Basic dTpw"));
        for (lines, expected) in [
            (&[cookie][..], "3 CrossSite"),
            (&[cookie, ELSEWHERE], "3 CrossSite"),
            (&[cookie, ("sec-fetch-site", "same-origin")], "3 t"),
            (&[basic], "4 dTpw"),
            (&[basic, ELSEWHERE], "4 CrossSite"),
            // Browsers do not send the credentials of the deciding source by themselves.
            (&[("authorization", "Bearer b"), cookie, ELSEWHERE], "0 b"),
            (&[("x-api-key", "k"), cookie, ELSEWHERE], "1 k"),
            (&[ELSEWHERE], "nothing"),
            (&[("cookie", "s=a; s=b"), ELSEWHERE], "3 Malformed"),
        ] {
            assert_eq!(found("POST", lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn each_token_is_hidden() {
        let lines = ["authorization", "x-api-key", "x-custom", "x-more", "cookie"];
        let mut map = HeaderMap::new();
        for name in lines.into_iter().chain(["x-other"]) {
            map.append(name, HeaderValue::from_static("secret"));
            map.append(name, HeaderValue::from_static("secret"));
        }
        all().sources().hide(&mut map);
        for (name, value) in &map {
            assert_eq!(value.is_sensitive(), lines.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn only_what_was_set_counts() {
        let challenges = |authenticate: &Authenticate<TestScope>| {
            let settings = authenticate.sources().settings();
            settings.challenges.to_headers(crate::denial::challenge::Challenge::Absent, "r", &[])
        };
        let plain = Authenticate::new(verifier_fn(unknown));
        assert_eq!(challenges(&plain), [r#"Bearer realm="r""#]);
        let basic = Authenticate::basic(|_: String, _: Password| async { Ok(None) as Verdict });
        assert_eq!(challenges(&basic.settings(Settings::new())), [r#"Basic realm="r", charset="UTF-8""#]);
        assert_eq!(challenges(&all()).len(), 5);
    }
}
