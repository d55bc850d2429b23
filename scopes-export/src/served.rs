//! The routes that a program serves, read from its `OpenAPI` document, for
//! [`UntypedCatalogue::uncovered`](scopes_core::UntypedCatalogue::uncovered).
//!
//! Some routers cannot list their routes (axum, poem, warp). Tools beside them write an `OpenAPI`
//! document of the handlers (aide, utoipa, poem-openapi), and that document lists the routes.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// The members of a path item that are operations. `query` is new in `OpenAPI` 3.2.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The other members of a path item.
const BESIDE_METHODS: [&str; 4] = ["summary", "description", "servers", "parameters"];

/// Lists method and path of each operation in an `OpenAPI` document (2.0 to 3.2) in JSON.
///
/// The paths have the path of the document's `servers` in front (`basePath` in 2.0). The document
/// that the program itself generates is the best one: utoipa's `to_json()`, or
/// `serde_json::to_string` of aide's and poem-openapi's documents. A document that people maintain
/// says what they believe about the program.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::served;
///
/// let mut declaration = Declaration::new("api");
/// declaration.base = Some("/v1".into());
/// declaration.scope("users.read").route("GET", "/users/{id}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
///
/// let document = r#"{
///     "openapi": "3.1.0",
///     "servers": [{ "url": "https://api.example.com/v1" }],
///     "paths": { "/users/{user}": { "get": {}, "delete": {} } }
/// }"#;
/// let found = catalogue.uncovered(served::by_openapi(document)?);
/// assert_eq!(found.undeclared().next().unwrap().method(), "DELETE");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the text is not such a document, and for every part whose operations cannot be listed: a
/// `$ref` in place of a path item, an unknown member, servers with different paths.
pub fn by_openapi(document: &str) -> Result<Vec<(String, String)>, ServedError> {
    Document::read(document)?.operations(None)
}

/// Like [`by_openapi`], but with `base` in place of the path of the document's servers.
///
/// ```
/// use scopes_export::served;
///
/// let document = r#"{ "paths": { "/users": { "get": {} } } }"#;
/// let served = served::by_openapi_at("/internal", document)?;
/// assert_eq!(served, [("GET".to_owned(), "/internal/users".to_owned())]);
/// # Ok::<(), served::ServedError>(())
/// ```
///
/// # Errors
/// Those of [`by_openapi`].
pub fn by_openapi_at(base: &str, document: &str) -> Result<Vec<(String, String)>, ServedError> {
    Document::read(document)?.operations(Some(base))
}

/// Why the operations of a document cannot be listed. `Display` has a line for each problem.
///
/// ```
/// let error = scopes_export::served::by_openapi("openapi: 3.1.0").unwrap_err();
/// println!("{error}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedError(Vec<String>);

impl fmt::Display for ServedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ServedError {}

/// The parts of a document that say which paths are served.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    servers: Vec<Server>,
    #[serde(rename = "basePath")]
    base_path: Option<String>,
    paths: Option<Members<Members<Value>>>,
}

#[derive(Deserialize)]
struct Server {
    url: String,
    #[serde(default)]
    variables: std::collections::BTreeMap<String, Variable>,
}

#[derive(Deserialize)]
struct Variable {
    default: String,
}

/// All members of a JSON object in their order, also those whose names are equal.
struct Members<T>(Vec<(String, T)>);

impl Document {
    fn read(document: &str) -> Result<Self, ServedError> {
        serde_json::from_str(document)
            .map_err(|error| ServedError(vec![format!("not an OpenAPI document in JSON: {error}")]))
    }

    fn operations(&self, base: Option<&str>) -> Result<Vec<(String, String)>, ServedError> {
        let Some(paths) = &self.paths else {
            return Err(ServedError(vec!["the document has no `paths`".to_owned()]));
        };
        let mut problems = Vec::new();
        let root = match (base, &self.base_path) {
            (Some(base), _) => base.to_owned(),
            (None, Some(base)) => base.clone(),
            (None, None) => one_path(&self.servers, "", "the document", &mut problems),
        };
        let (mut operations, mut seen) = (Vec::new(), BTreeSet::new());
        for (path, item) in paths.0.iter().filter(|(path, _)| !path.starts_with("x-")) {
            if !seen.insert(path) {
                problems.push(format!("`{}` is in `paths` twice", path.escape_debug()));
            }
            let item = PathItem { path, members: &item.0, base };
            item.operations(&root, &mut operations, &mut problems);
        }
        if problems.is_empty() { Ok(operations) } else { Err(ServedError(problems)) }
    }
}

/// A member of `paths`.
struct PathItem<'d> {
    path: &'d str,
    members: &'d [(String, Value)],
    /// What replaces the paths of servers.
    base: Option<&'d str>,
}

impl PathItem<'_> {
    fn operations(&self, root: &str, operations: &mut Vec<(String, String)>, problems: &mut Vec<String>) {
        let place = format!("`{}`", self.path.escape_debug());
        let servers = self.members.iter().find(|(name, _)| name == "servers");
        let root = self.root_of(servers.map(|(_, servers)| servers), root, &place, problems);
        let mut add = |method: &str, operation: &Value, problems: &mut Vec<String>| {
            let place = format!("`{} {}`", method.escape_debug(), self.path.escape_debug());
            let root = self.root_of(operation.get("servers"), &root, &place, problems);
            operations.push((method.to_owned(), [root.trim_end_matches('/'), self.path].concat()));
        };
        let mut seen = BTreeSet::new();
        for (name, value) in self.members {
            if !seen.insert(name) {
                problems.push(format!("{place} has the member `{}` twice", name.escape_debug()));
            }
            match &**name {
                method if METHODS.contains(&method) => add(&method.to_ascii_uppercase(), value, problems),
                "additionalOperations" => match value.as_object() {
                    Some(others) => others.iter().for_each(|(method, operation)| add(method, operation, problems)),
                    None => problems.push(format!("`additionalOperations` of {place} is not an object")),
                },
                "$ref" => problems.push(format!("{place} is a `$ref`: write the path item in its place")),
                other if BESIDE_METHODS.contains(&other) || other.starts_with("x-") => {}
                other => problems.push(format!("{place} has an unknown member: `{}`", other.escape_debug())),
            }
        }
    }

    /// The path of the servers in this place, which replace those of the place around it.
    fn root_of(&self, servers: Option<&Value>, root: &str, place: &str, problems: &mut Vec<String>) -> String {
        let (None, Some(servers)) = (self.base, servers) else { return root.to_owned() };
        match Vec::<Server>::deserialize(servers) {
            Ok(servers) => one_path(&servers, root, place, problems),
            Err(error) => {
                problems.push(format!("the `servers` of {place} cannot be read: {error}"));
                String::new()
            }
        }
    }
}

/// The path that all of these servers have.
fn one_path(servers: &[Server], otherwise: &str, place: &str, problems: &mut Vec<String>) -> String {
    let paths: BTreeSet<String> = servers.iter().map(Server::path).collect();
    let mut paths = paths.into_iter();
    let first = paths.next().unwrap_or_else(|| otherwise.to_owned());
    if paths.next().is_some() {
        problems.push(format!(
            "the servers of {place} have different paths: say with `by_openapi_at` below which base the program serves"
        ));
    }
    first
}

impl Server {
    /// The path of the server's address, with the default values of its variables.
    fn path(&self) -> String {
        let mut url = self.url.clone();
        for (name, variable) in &self.variables {
            url = url.replace(&format!("{{{name}}}"), &variable.default);
        }
        let address = url.split(['?', '#']).next().unwrap_or_default();
        let path = match address.split_once("://") {
            Some((_, after)) => after.find('/').map_or("", |at| &after[at..]),
            None => address,
        };
        path.trim_end_matches('/').to_owned()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Collect<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<T>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect(PhantomData))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;

    fn lines(document: &str) -> Vec<String> {
        by_openapi(document).unwrap().into_iter().map(|(method, path)| format!("{method} {path}")).collect()
    }

    #[test]
    fn operations_with_the_path_of_their_servers() {
        for (document, expected) in [
            (
                r#"{"paths": {"/a/{b}": {"get": {}, "summary": "s", "x-y": 1, "post": {}}, "x-z": {"get": {}}}}"#,
                &["GET /a/{b}", "POST /a/{b}"][..],
            ),
            (r#"{"swagger": "2.0", "basePath": "/v1", "paths": {"/a": {"get": {}}}}"#, &["GET /v1/a"]),
            (
                r#"{"servers": [{"url": "https://x/v1/"}, {"url": "http://y:80/v1"}], "paths": {"/a": {"get": {}}}}"#,
                &["GET /v1/a"],
            ),
            (r#"{"servers": [{"url": "/"}], "paths": {"/a": {"get": {}}}}"#, &["GET /a"]),
            (
                r#"{"servers": [{"url": "https://x/{v}", "variables": {"v": {"default": "v2"}}}], "paths": {"/a": {"get": {}}}}"#,
                &["GET /v2/a"],
            ),
            (
                r#"{"servers": [{"url": "/v1"}], "paths": {"/a": {"servers": [{"url": "/v2"}], "get": {},
                    "put": {"servers": [{"url": "/v3"}]}}, "/b": {"get": {"servers": []}}}}"#,
                &["GET /v2/a", "PUT /v3/a", "GET /v1/b"],
            ),
            (r#"{"paths": {"/a": {"query": {}, "additionalOperations": {"PURGE": {}}}}}"#, &["QUERY /a", "PURGE /a"]),
            (r#"{"paths": {}}"#, &[]),
        ] {
            assert_eq!(lines(document), expected, "{document}");
        }
    }

    #[test]
    fn nothing_is_dropped() {
        for (document, expected) in [
            ("openapi: 3.1.0", "not an OpenAPI document in JSON"),
            ("{}", "no `paths`"),
            (r#"{"paths": {}, "paths": {}}"#, "duplicate field"),
            (r#"{"paths": {"/a": {"get": {}}, "/a": {"put": {}}}}"#, "`/a` is in `paths` twice"),
            (r#"{"paths": {"/a": {"get": {}, "get": {}}}}"#, "`/a` has the member `get` twice"),
            (r#"{"paths": {"/a": {"gett": {}}}}"#, "unknown member: `gett`"),
            (r#"{"paths": {"/a": {"GET": {}}}}"#, "unknown member: `GET`"),
            (r##"{"paths": {"/a": {"$ref": "#/x"}}}"##, "is a `$ref`"),
            (r#"{"paths": {"/a": []}}"#, "an object"),
            (r#"{"paths": {"/a": {"additionalOperations": []}}}"#, "is not an object"),
            (r#"{"servers": [{"url": "/a"}, {"url": "/b"}], "paths": {}}"#, "the servers of the document"),
            (r#"{"paths": {"/a": {"get": {"servers": [{"url": "/a"}, {"url": "/b"}]}}}}"#, "the servers of `GET /a`"),
            (r#"{"paths": {"/a": {"servers": 1}}}"#, "the `servers` of `/a` cannot be read"),
        ] {
            let error = by_openapi(document).unwrap_err().to_string();
            assert!(error.contains(expected), "{document}: {error}");
        }
    }

    #[test]
    fn another_base_replaces_all_servers() {
        let document = r#"{"servers": [{"url": "/a"}, {"url": "/b"}], "paths": {"/a": {"servers": 1, "get": {}}}}"#;
        assert_eq!(by_openapi_at("/x", document).unwrap(), [("GET".to_owned(), "/x/a".to_owned())]);
    }
}
