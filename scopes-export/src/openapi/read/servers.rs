//! The path below which the API is served: `servers`, or the `basePath` of version 2.0.

use super::documents::{At, Documents, Place};
use super::node::Object;

/// The path of a list of servers.
#[derive(Clone, Debug)]
pub(super) struct Prefix {
    pub(super) path: String,
    pub(super) place: Place,
    /// The path of another server in the list, if it differs.
    pub(super) other: Option<String>,
}

/// Reads a list of servers. `None` if there is none.
pub(super) fn prefix(documents: &mut Documents<'_>, servers: &At) -> Option<Prefix> {
    let servers = documents.resolve(servers).ok()?;
    let mut paths = Vec::new();
    for server in servers.node.list()? {
        let server = servers.within(server);
        let Ok(server) = documents.resolve(&server) else { continue };
        let Some(url) = server.get("url") else { continue };
        let Some(text) = url.node.text() else { continue };
        let path = path(&with_variables(text, &server));
        if !paths.iter().any(|(known, _)| *known == path) {
            paths.push((path, url.place()));
        }
    }
    let mut paths = paths.into_iter();
    let (path, place) = paths.next()?;
    Some(Prefix { path, place, other: paths.next().map(|(path, _)| path) })
}

/// The `basePath` of version 2.0.
pub(super) fn base_path(root: &At) -> Option<Prefix> {
    let at = root.get("basePath")?;
    Some(Prefix { path: path(at.node.text()?), place: at.place(), other: None })
}

/// Replaces the variables by their defaults. A variable without one becomes a parameter.
fn with_variables(url: &str, server: &At) -> String {
    let variables = server.get("variables");
    let variables = variables.as_ref().and_then(|at| at.node.object()).map(Object::members).unwrap_or_default();
    let mut text = url.to_owned();
    for variable in variables {
        if let Some(default) = variable.value.get("default").and_then(|node| node.scalar()) {
            text = text.replace(&format!("{{{}}}", variable.key), default);
        }
    }
    text
}

/// The path of a URL, without a slash at its end.
pub(super) fn path(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let after_host = url.split_once("//").filter(|(scheme, _)| scheme.is_empty() || scheme.ends_with(':'));
    let path = match after_host {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        // Relative to where the document is: only the path itself is known.
        None => url.trim_start_matches("./"),
    };
    let path = path.trim_matches('/');
    if path.is_empty() || path == "." { String::new() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_of_urls() {
        for (url, expected) in [
            ("https://api.example.com", ""),
            ("https://api.example.com/", ""),
            ("https://api.example.com/v1/", "/v1"),
            ("https://{host}:8443/a/b?x=/y#/z", "/a/b"),
            ("//example.com/v1", "/v1"),
            ("/v1", "/v1"),
            ("v1/", "/v1"),
            ("./v1", "/v1"),
            (".", ""),
            ("", ""),
            ("/", ""),
        ] {
            assert_eq!(path(url), expected, "{url}");
        }
    }
}
