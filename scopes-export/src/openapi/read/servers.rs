//! The path below which the API is served: `servers`, or the `basePath` of version 2.0.

use std::collections::HashSet;
use std::rc::Rc;

use super::documents::{At, Documents, Place};
use super::fault::Fault;
use super::node::{Node, Object};
use super::paths::group;
use super::version::Version;

/// The rule of the findings.
const RULE: &str = "servers";

/// What the user can do.
pub(super) const ADVICE: &str = "name the path with --base";

/// What a list of servers says.
#[derive(Debug, Default)]
pub(super) struct Servers {
    /// The path that counts, if there is one.
    pub(super) path: Option<String>,
    /// What is not exact.
    pub(super) notes: Vec<Fault>,
}

impl Servers {
    fn note(&mut self, rule: &'static str, place: Place, message: impl Into<String>) {
        self.notes.push(Fault::new(rule, place, message, ADVICE));
    }

    fn form(&mut self, at: &At, what: &str, expected: &str) {
        self.notes.push(Fault { rule: RULE, ..Fault::form(at, what, expected) });
    }
}

/// Reads a list of servers. The first one counts.
pub(super) fn read(documents: &mut Documents<'_>, servers: &At) -> Servers {
    let mut found = Servers::default();
    let servers = match documents.resolve(servers) {
        Ok(servers) => servers,
        Err(message) => {
            found.notes.push(Fault::reference(servers, message));
            return found;
        }
    };
    let Some(list) = servers.node.list() else {
        found.form(&servers, "`servers`", "an array of objects with a `url`");
        return found;
    };
    if let Err(message) = documents.spend(list.len()) {
        found.notes.push(Fault::reference(&servers, message));
        return found;
    }
    let mut others: Vec<String> = Vec::new();
    let mut place = servers.place();
    for server in list {
        let server = servers.within(server);
        let server = match documents.resolve(&server) {
            Ok(server) => server,
            Err(message) => {
                found.notes.push(Fault::reference(&server, message));
                continue;
            }
        };
        if server.node.object().is_none() {
            found.form(&server, "a server", "an object with a `url`");
            continue;
        }
        if let Some(fault) = Fault::repeated(&server) {
            found.notes.push(fault);
            continue;
        }
        let url = server.get("url");
        let Some((url, text)) = url.as_ref().and_then(|url| Some((url, url.node.text()?))) else {
            found.form(url.as_ref().unwrap_or(&server), "the `url` of a server", "a text");
            continue;
        };
        let address = address(text, &server, &mut found);
        if is_relative(&address) {
            let counts = shown(&path(&address));
            let message = format!("the URL is relative to where the document is, which is not known: {counts} counts");
            found.note(RULE, url.place(), message);
        }
        let path = path(&address);
        match &found.path {
            None => {
                found.path = Some(path);
                place = url.place();
            }
            Some(first) if *first != path && others.is_empty() => others.push(path),
            Some(_) => {}
        }
    }
    if let (Some(first), Some(other)) = (&found.path, others.first()) {
        let (first, other) = (shown(first), shown(other));
        let message = format!("the servers have several paths, and the first one counts: {first}, not {other}");
        found.note(RULE, place, message);
    }
    found
}

/// The `basePath` of version 2.0.
pub(super) fn base_path(root: &At) -> Servers {
    let mut found = Servers::default();
    if let Some(host) = root.get("host")
        && host.node.text().is_some_and(|text| text.contains('/'))
    {
        found.note(RULE, host.place(), "a `host` has no path, so the one that is written there does not count");
    }
    if let Some(at) = root.get("x-ms-parameterized-host").and_then(|at| at.get("hostTemplate"))
        && at.node.text().is_some_and(|text| text.trim_end_matches('/').contains('/'))
    {
        found.note(RULE, at.place(), "the path in `x-ms-parameterized-host` does not count");
    }
    let Some(at) = root.get("basePath") else { return found };
    match at.node.text() {
        Some(text) => {
            if group(text).is_some() {
                let message = "`basePath` has no variables in version 2.0: braces became a parameter of each path";
                found.note(RULE, at.place(), message);
            }
            found.path = Some(path(text));
        }
        None => found.form(&at, "`basePath`", "a text"),
    }
    found
}

/// Members that readers ignore, although they may have been meant as the place of the API: those of
/// another version, and those of other tools.
pub(super) fn ignored(object: &At, version: Version) -> Vec<Fault> {
    let members = object.node.object().map(Object::members).unwrap_or_default();
    let ignored = members.iter().filter(|member| match &*member.key {
        "servers" => version == Version::Two,
        "basePath" => version != Version::Two,
        key => is_of_other_tools(key),
    });
    let fault = |member: &super::node::Member| {
        let place = Place { file: object.file, spot: member.spot };
        let message =
            format!("`{}` is not a member of version {} here: it changes no path", member.key, version.as_str());
        Fault::new(RULE, place, message, ADVICE)
    };
    ignored.map(fault).collect()
}

fn is_of_other_tools(key: &str) -> bool {
    const NAMES: [&str; 8] =
        ["server", "servers", "baseurl", "basepath", "basepaths", "pathprefix", "routeprefix", "urlprefix"];
    key.len() < 24
        && key.strip_prefix("x-").is_some_and(|name| {
            let word: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            NAMES.contains(&word.to_ascii_lowercase().as_str())
        })
}

/// The URL with the defaults of its variables. A variable without one becomes a parameter. `found`
/// gets a note for each variable with which the path may be another one.
fn address(url: &str, server: &At, found: &mut Servers) -> String {
    let variables = server.get("variables");
    // Where the path begins: before that is the host, whose variables seldom change the path.
    let host = url.find("//").map_or(0, |at| at + 2);
    let path_start =
        if host == 0 { 0 } else { url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at) };
    let mut text = String::with_capacity(url.len());
    let mut rest = url;
    let mut noted: HashSet<&str> = HashSet::new();
    while let Some((before, (name, after))) = group(rest) {
        let at = url.len() - rest.len() + before.len();
        text.push_str(before);
        rest = after;
        let variable = variables.as_ref().and_then(|variables| variables.get(name));
        let default =
            variable.as_ref().and_then(|variable| variable.node.get("default")).and_then(|node| node.scalar());
        match default {
            Some(default) => text.push_str(default),
            None => text.extend(["{", name, "}"]),
        }
        let values = variable.as_ref().and_then(|variable| variable.node.get("enum")).and_then(|node| node.list());
        if !noted.contains(name) && changes_path(at >= path_start, default, values) {
            noted.insert(name);
            let message = match default {
                Some(default) => {
                    format!(
                        "the path of the server depends on its variable `{name}`, and only the default `{default}` counts"
                    )
                }
                None => format!("the server's variable `{name}` has no default, so it became a parameter of each path"),
            };
            found.note("server-variable", variable.as_ref().unwrap_or(server).place(), message);
        }
    }
    text + rest
}

/// Whether another value of a variable leads to another path.
fn changes_path(is_in_path: bool, default: Option<&str>, values: Option<&[Rc<Node>]>) -> bool {
    let ends_host = |value: &str| value.contains(['/', '?', '#']);
    let Some(default) = default else { return is_in_path };
    match values {
        None => is_in_path || ends_host(default),
        Some(values) => values.iter().any(|value| {
            let value = value.scalar().unwrap_or_default();
            value != default && (is_in_path || ends_host(value) || ends_host(default))
        }),
    }
}

/// Whether the URL has neither a host nor a path of its own from the root on.
fn is_relative(url: &str) -> bool {
    !url.starts_with('/') && after_host(url).is_none()
}

/// What follows the scheme, if the URL has a host.
fn after_host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("//")?;
    (scheme.is_empty() || scheme.ends_with(':')).then_some(rest)
}

/// The path of a URL, without a slash at its end.
pub(super) fn path(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let path = match after_host(url) {
        Some(rest) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        // Relative to where the document is: only the path itself is known.
        None => url,
    };
    // Clients resolve these segments (RFC 3986, section 5.2.4).
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.trim_matches('/').split('/') {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let path = segments.join("/");
    if path.is_empty() { path } else { format!("/{path}") }
}

fn shown(path: &str) -> String {
    if path.is_empty() { "`/`".to_owned() } else { format!("`{path}`") }
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
            ("../v1", "/v1"),
            ("https://api.example.com/a/../v1/./", "/v1"),
            ("https://api.example.com/..", ""),
            ("", ""),
            ("/", ""),
        ] {
            assert_eq!(path(url), expected, "{url}");
        }
    }
}
