//! Where a Rust file declares a route or a scope.

use scopes_core::Route;

/// A Rust file with a `scopes!` block.
pub(crate) struct RustSource {
    pub(crate) label: String,
    text: String,
}

impl RustSource {
    pub(crate) const fn new(label: String, text: String) -> Self {
        Self { label, text }
    }

    /// The line and column of the route's path, or of the scope's name.
    pub(crate) fn position(&self, route: Option<Route<'_>>, scope: Option<&str>) -> Option<(usize, usize)> {
        let offset = match (route, scope) {
            (Some(route), _) => self.route(route),
            (None, Some(scope)) => self.scope(scope),
            (None, None) => None,
        }?;
        let before = self.text.get(..offset)?;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        Some((before.matches('\n').count() + 1, before.get(start..)?.chars().count() + 1))
    }

    /// The path after the route's method. Within `under` it is only the end of the route's path, so
    /// the longest one wins.
    fn route(&self, route: Route<'_>) -> Option<usize> {
        let mut best: Option<(usize, usize)> = None;
        for (at, _) in self.text.match_indices(route.method()) {
            let rest = self.text.get(at + route.method().len()..)?;
            let rest = rest.strip_prefix('"').unwrap_or(rest);
            let path = rest.trim_start();
            let Some(written) = path.strip_prefix('"').and_then(|path| path.split('"').next()) else { continue };
            let braced = braced(written);
            if written.starts_with('/')
                && route.path().ends_with(&braced)
                && braced.len() > best.map_or(0, |(length, _)| length)
            {
                best = Some((braced.len(), self.text.len() - path.len()));
            }
        }
        best.map(|(_, at)| at)
    }

    fn scope(&self, name: &str) -> Option<usize> {
        let is_part = |character: char| character.is_alphanumeric() || character == '.' || character == '_';
        let found = self.text.match_indices(name).find(|(at, _)| {
            let (before, after) = (self.text.get(..*at), self.text.get(at + name.len()..));
            let is_whole = !before.is_some_and(|text| text.ends_with(is_part))
                && !after.is_some_and(|text| text.starts_with(is_part));
            let after = after.map(|text| text.trim_start_matches('"').trim_start()).unwrap_or_default();
            is_whole
                && (after.starts_with('{')
                    || after.starts_with("includes")
                    || after.starts_with("as ")
                    || after.starts_with(';'))
        });
        found.map(|(at, _)| at)
    }
}

/// `/users/:id` as `/users/{id}`.
fn braced(path: &str) -> String {
    let segment = |segment: &str| segment.strip_prefix(':').map_or(segment.to_owned(), |name| format!("{{{name}}}"));
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::RustSource;
    use scopes_core::UntypedCatalogue;

    #[test]
    fn finds_routes_and_scopes() {
        let text = "scopes! {\n    pub mod api;\n    users.read {\n        GET \"/users\";\n        under \"/users/:id\" { GET \"/keys\"; }\n    }\n    users.read.all includes users.read;\n}\n";
        let source = RustSource::new("api.rs".into(), text.into());
        let catalogue = UntypedCatalogue::from_json(
            r#"{"name": "api", "scopes": [{"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/users/{id}/keys"], ["PUT", "/users"]]}]}"#,
        )
        .unwrap();
        let positions: Vec<_> = catalogue.routes().map(|route| source.position(Some(route), None)).collect();
        assert_eq!(positions, [Some((4, 13)), Some((5, 34)), None]);
        assert_eq!(source.position(None, Some("users.read")), Some((3, 5)));
        assert_eq!(source.position(None, Some("users.read.all")), Some((7, 5)));
        assert_eq!(source.position(None, Some("none")), None);
    }
}
