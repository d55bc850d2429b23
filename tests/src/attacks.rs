//! The attack corpus: requests that try to make guard and router read a path differently.
//!
//! [`ATTACKS`] holds one request per line, with the verdict that the core must give on the small
//! catalogue of [`declaration`]. A framework's own router may refuse in another way. There, one
//! rule must hold: a handler runs only if the token holds the route's scopes and its tenant is the
//! path's tenant.

use scopes_conformance::ATTACKS;
use scopes_core::declaration::{At, Declaration, Place, TenancyDeclaration};

/// One line of the corpus.
#[derive(Clone, Debug)]
pub struct Attack {
    /// Stable number, for messages.
    pub id: u32,
    /// The kind of trick.
    pub group: &'static str,
    /// The method, exactly as sent.
    pub method: &'static str,
    /// The raw request target.
    pub target: Vec<u8>,
    /// An extra header line, or nothing.
    pub header: &'static str,
    /// The scope names of the stored token. Some are unknown.
    pub scopes: Vec<String>,
    /// Whether a token is sent.
    pub authenticated: bool,
    /// The path below which the catalogue is mounted.
    pub base: String,
    /// `ALLOW`, a status, `403s` (scope) or `403e` (other tenant).
    pub expected: &'static str,
}

/// The whole corpus.
///
/// # Panics
/// If a line is malformed.
#[must_use]
pub fn corpus() -> Vec<Attack> {
    ATTACKS.lines().filter(|line| !line.starts_with('#')).map(parse).collect()
}

fn parse(line: &'static str) -> Attack {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[id, group, method, target, header, token, expected] = &*fields else { panic!("seven fields: {line}") };
    let token: serde_json::Value = serde_json::from_str(token).expect("a token is JSON");
    let scopes = token["scopes"].as_array().map_or_else(
        || vec!["environment.users.read".to_owned()],
        |names| names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
    );
    Attack {
        id: id.parse().expect("an id is a number"),
        group,
        method,
        target: unescape(target),
        header,
        scopes,
        authenticated: token["auth"].as_bool().unwrap_or(true),
        base: token["base"].as_str().unwrap_or("").to_owned(),
        expected,
    }
}

/// `\xNN` is a raw byte, `<n*text>` is the text n times.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(hex) = rest.strip_prefix("\\x") {
            bytes.push(u8::from_str_radix(&hex[..2], 16).expect("two hexadecimal digits"));
            rest = &hex[2..];
        } else if let Some((count, piece, after)) = repetition(rest) {
            bytes.extend(piece.repeat(count).into_bytes());
            rest = after;
        } else {
            let mut buffer = [0; 4];
            bytes.extend(first.encode_utf8(&mut buffer).bytes());
            rest = &rest[first.len_utf8()..];
        }
    }
    bytes
}

fn repetition(text: &str) -> Option<(usize, &str, &str)> {
    let (inside, after) = text.strip_prefix('<')?.split_once('>')?;
    let (count, piece) = inside.split_once('*')?;
    Some((count.parse().ok()?, piece, after))
}

/// The catalogue that the corpus is written for.
#[must_use]
pub fn declaration(base: &str) -> Declaration {
    let mut declaration = Declaration::new("attacks");
    declaration.base = (!base.is_empty()).then(|| base.into());
    declaration.tenant = Some("environmentId".into());
    let e = "/environments/:environmentId";
    let routes: [(&str, &[(&str, String)]); 8] = [
        ("environment.users.read", &[("GET", format!("{e}/users")), ("GET", format!("{e}/users/:userId"))]),
        ("environment.users.write", &[("DELETE", format!("{e}/users/:userId"))]),
        ("environment.balances.read", &[("POST", format!("{e}/users/:userId/balances"))]),
        ("environment.apiTokens.read", &[("GET", format!("{e}/tokens"))]),
        ("environment.apiTokens.write", &[("POST", format!("{e}/tokens")), ("DELETE", format!("{e}/tokens/:tokenId"))]),
        ("environment.events.read", &[("GET", "/eventTypes".into()), ("GET", format!("{e}/events"))]),
        ("waas.authenticate", &[("POST", format!("{e}/waas/authenticate"))]),
        ("waas.delegatedAccess.signMessage", &[("POST", format!("{e}/waas/:walletId/delegatedAccess/signMessage"))]),
    ];
    for (name, routes) in routes {
        let scope = declaration.scope(name);
        for (method, path) in routes {
            scope.route(method, path);
            if path == "/eventTypes" {
                let unbound = TenancyDeclaration::Unbound("event types belong to no tenant".into());
                scope.tenancy = Some(At::new(unbound, Place::default()));
            }
        }
    }
    declaration
}
