//! The headers by which an answer tells clients that its route is deprecated: `Deprecation` (RFC
//! 9745), `Sunset` (RFC 8594) and `Link` (RFC 8288).
//!
//! For a route that is not deprecated, a layer only reads the route's record. The values for other
//! routes are made for the first answer, and kept with the settings.

use std::collections::BTreeMap;
use std::fmt;
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use http::header::LINK;
use http::{HeaderMap, HeaderName, HeaderValue};
use scopes_core::{Anchor, Route};

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The headers of an answer, in the type of any framework.
pub(crate) trait AnswerHeaders {
    fn has(&self, name: &HeaderName) -> bool;

    /// Whether a value of a header that may occur several times passes a test.
    fn any(&self, name: &HeaderName, test: impl Fn(&str) -> bool) -> bool;

    /// Adds a value and keeps the existing ones.
    fn add(&mut self, name: &HeaderName, value: &HeaderValue);
}

impl AnswerHeaders for HeaderMap {
    fn has(&self, name: &HeaderName) -> bool {
        self.contains_key(name)
    }

    fn any(&self, name: &HeaderName, test: impl Fn(&str) -> bool) -> bool {
        self.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(test)
    }

    fn add(&mut self, name: &HeaderName, value: &HeaderValue) {
        self.append(name, value.clone());
    }
}

/// The announcements that were made so far. Copies of the settings share them.
#[derive(Default)]
pub(crate) struct Announcements(RwLock<BTreeMap<RouteKey, Arc<Announcement>>>);

/// The address of a catalogue, and the position of a route in it.
type RouteKey = (usize, usize);

impl Announcements {
    /// Returns the announcement of a route, and makes it if this is the first answer.
    /// `documentation` is the page that the settings name.
    pub(crate) fn of(&self, route: Route<'static>, documentation: Option<&str>) -> Arc<Announcement> {
        let key = (ptr::from_ref(route.catalogue()).addr(), route.id().index());
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        known.unwrap_or_else(|| {
            let made = Arc::new(Announcement::new(route, documentation));
            Arc::clone(self.0.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made))
        })
    }
}

impl fmt::Debug for Announcements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Announcements(..)")
    }
}

/// The header values of one deprecated route.
pub(crate) struct Announcement {
    deprecation: Option<HeaderValue>,
    sunset: Option<HeaderValue>,
    /// Values of `Link`, each with its relation.
    links: Vec<(&'static str, HeaderValue)>,
}

impl Announcement {
    fn new(route: Route<'_>, documentation: Option<&str>) -> Self {
        let mut made = Self { deprecation: None, sunset: None, links: Vec::new() };
        let Some(deprecation) = route.effective_deprecation() else { return made };
        let since = deprecation.since().map(|date| format!("@{}", date.unix_seconds()));
        made.deprecation = since.and_then(|value| value.try_into().ok());
        made.sunset = deprecation.sunset().and_then(|date| date.http_date().to_string().try_into().ok());
        if let Some(page) = documentation {
            let mut link = |anchor: Anchor, relation| {
                let value = format!("<{page}{anchor}>; rel=\"{relation}\"").try_into();
                made.links.extend(value.ok().map(|value| (relation, value)));
            };
            if let Some(successor) = deprecation.successor() {
                link(successor.anchor(), "successor-version");
            }
            link(route.anchor(), "deprecation");
        }
        made
    }

    /// Adds the headers, unless the application has set them.
    pub(crate) fn add_to(&self, headers: &mut impl AnswerHeaders) {
        for (name, value) in [(DEPRECATION, &self.deprecation), (SUNSET, &self.sunset)] {
            if let Some(value) = value
                && !headers.has(&name)
            {
                headers.add(&name, value);
            }
        }
        for (relation, link) in &self.links {
            if !headers.any(&LINK, |value| has_relation(value, relation)) {
                headers.add(&LINK, link);
            }
        }
    }
}

/// Whether a value of `Link` has a link of this relation.
fn has_relation(value: &str, relation: &str) -> bool {
    value.split([';', ',']).any(|parameter| {
        let Some((name, relations)) = parameter.split_once('=') else { return false };
        name.trim().eq_ignore_ascii_case("rel")
            && relations
                .trim()
                .trim_matches('"')
                .split_ascii_whitespace()
                .any(|found| found.eq_ignore_ascii_case(relation))
    })
}

/// Whether a text may be the address of a page: an absolute URL or an absolute path, in the
/// characters of a URI, without a fragment.
pub(crate) fn is_page(address: &str) -> bool {
    let is_uri = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%[]".contains(&byte);
    let is_absolute = ["https://", "http://", "/"].iter().any(|start| {
        address.strip_prefix(start).is_some_and(|rest| *start == "/" && !rest.starts_with('/') || !rest.is_empty())
    });
    is_absolute && !address.starts_with("//") && address.bytes().all(is_uri)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::settings::Settings;
    use scopes_core::UntypedCatalogue;
    use scopes_core::declaration::{Declaration, DeprecationDeclaration, RouteDeclaration};

    static CATALOGUE: LazyLock<UntypedCatalogue> = LazyLock::new(|| {
        let mut declaration = Declaration::new("api");
        declaration.base = Some("/v1".into());
        declaration.scope("users:read");
        let old = declaration.scope("people.read");
        for (path, since, sunset, successor) in [
            ("/all/{id}", "2026-11-01", "2027-05-01", "users:read"),
            ("/since", "1970-01-01", "", ""),
            ("/sunset", "", "2027-05-01", ""),
            ("/successor", "", "", "users:read"),
        ] {
            let written = |text: &str| (!text.is_empty()).then(|| text.into());
            let mut deprecated = DeprecationDeclaration::from("why");
            deprecated.since = written(since);
            deprecated.sunset = written(sunset);
            deprecated.successor = written(successor);
            let mut route = RouteDeclaration::new("GET", path);
            route.deprecated = Some(deprecated);
            old.routes.push(route);
        }
        UntypedCatalogue::from_declaration(&declaration).unwrap()
    });

    fn announced(settings: &Settings, path: &str, own: &[(HeaderName, &'static str)]) -> Vec<String> {
        let route = CATALOGUE.route_by_template("GET", path).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in own {
            headers.append(name, HeaderValue::from_static(value));
        }
        settings.announce(route, &mut headers);
        // A second layer adds nothing.
        let once = headers.clone();
        settings.announce(route, &mut headers);
        assert_eq!(headers, once);
        let mut lines: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        lines.sort();
        lines
    }

    #[test]
    fn values() {
        let plain = Settings::new();
        let linked = Settings::new().documentation("https://example.com/permissions?v=1").unwrap();
        assert_eq!(
            announced(&linked, "/v1/all/{id}", &[]),
            [
                "deprecation: @1793491200",
                "link: <https://example.com/permissions?v=1#GET-/v1/all/%7Bid%7D>; rel=\"deprecation\"",
                "link: <https://example.com/permissions?v=1#scope-users:read>; rel=\"successor-version\"",
                "sunset: Sat, 01 May 2027 00:00:00 GMT",
            ]
        );
        assert_eq!(
            announced(&plain, "/v1/all/{id}", &[]),
            ["deprecation: @1793491200", "sunset: Sat, 01 May 2027 00:00:00 GMT"]
        );
        assert_eq!(announced(&plain, "/v1/since", &[]), ["deprecation: @0"]);
        assert_eq!(announced(&plain, "/v1/sunset", &[]), ["sunset: Sat, 01 May 2027 00:00:00 GMT"]);
        assert_eq!(announced(&plain, "/v1/successor", &[]), [""; 0]);
        // Other settings for the same catalogue have their own values.
        let other = linked.clone().documentation("/docs").unwrap();
        assert_eq!(
            announced(&other, "/v1/successor", &[]),
            [
                "link: </docs#GET-/v1/successor>; rel=\"deprecation\"",
                "link: </docs#scope-users:read>; rel=\"successor-version\"",
            ]
        );
        assert_eq!(announced(&linked, "/v1/successor", &[]).len(), 2);
    }

    #[test]
    fn what_the_application_has_set_stays() {
        let settings = Settings::new().documentation("/docs").unwrap();
        let own = [(DEPRECATION, "@1"), (SUNSET, "Sun, 06 Nov 1994 08:49:37 GMT")];
        let lines = announced(&settings, "/v1/all/{id}", &own);
        assert_eq!(lines[0], "deprecation: @1");
        assert_eq!(lines[3], "sunset: Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, added) in [
            ("</users?page=2>; rel=\"next\"", 2),
            ("</successor-version>; rel=next; title=\"deprecation\"", 2),
            ("</v2>; rel=\"successor-version\"", 1),
            ("</v2>; rel=next, </v3>;REL = \"latest SUCCESSOR-VERSION\"", 1),
            ("</v2>; rel=successor-version, </why>; rel=deprecation", 0),
        ] {
            let lines = announced(&settings, "/v1/all/{id}", &[(LINK, value)]);
            assert_eq!(lines.iter().filter(|line| line.starts_with("link: ")).count(), 1 + added, "{value}");
        }
    }

    #[test]
    fn pages() {
        for (address, good) in [
            ("https://example.com", true),
            ("http://localhost:3000/docs?v=1", true),
            ("/docs/permissions.html", true),
            ("/", true),
            ("", false),
            ("docs", false),
            ("//example.com", false),
            ("https://", false),
            ("https://example.com/#top", false),
            ("https://example.com/a>b", false),
            ("https://example.com/a b", false),
            ("https://example.com/\r\nx", false),
            ("https://example.com/ä", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(Settings::new().documentation(address).is_ok(), good, "{address:?}");
        }
    }
}
