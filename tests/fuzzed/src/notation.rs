//! Catalogues and requests as short lines of text, so that seeds are readable and mutations keep
//! their meaning.
//!
//! ```text
//! base /api
//! tenant env
//! scope users.read includes other.read
//! was users.view people:read
//! title Read users
//! deprecated since=2026-11-01 sunset=2027-05-01 use=other.read
//! under /envs/:env
//! GET /users/{id} raw=id as=get_user slash global unbound
//! all users.read other.read
//! public why
//! holds users.read
//! for E1 E2
//! mount /v1
//! limit 100
//! > GET /envs/E1/users/7?x
//! ```
//!
//! `deprecated` is about the route before it, or about its scope if there is none. A line that does
//! not begin with one of these words is a route. `\xNN` in a target is a byte.

use scopes_core::declaration::{
    At, BlockDeclaration, BlockKind, Declaration, DeprecationDeclaration, Item, Place, RouteDeclaration,
    ScopeDeclaration, TenancyDeclaration,
};
use scopes_core::target::DEFAULT_TARGET_LIMIT;

/// The longest input. Longer ones do not find more.
pub(crate) const LONGEST: usize = 16 * 1024;

pub(crate) struct Input {
    pub(crate) declaration: Declaration,
    pub(crate) requests: Vec<(String, Vec<u8>)>,
    /// Scopes of the caller.
    pub(crate) holds: Vec<String>,
    /// Tenants of the caller; `*` for any.
    pub(crate) tenants: Vec<String>,
    pub(crate) mount: Option<String>,
    pub(crate) limit: usize,
}

pub(crate) fn read(data: &[u8]) -> Input {
    let mut reader = Reader {
        input: Input {
            declaration: Declaration::new("api"),
            requests: Vec::new(),
            holds: Vec::new(),
            tenants: Vec::new(),
            mount: None,
            limit: DEFAULT_TARGET_LIMIT,
        },
        places: 0,
        under: None,
    };
    let data = data.get(..LONGEST).unwrap_or(data);
    for line in data.split(|&byte| byte == b'\n') {
        reader.line(line);
    }
    reader.input
}

struct Reader {
    input: Input,
    places: u32,
    under: Option<At<String>>,
}

impl Reader {
    fn at<T>(&mut self, value: T) -> At<T> {
        self.places += 1;
        At::new(value, Place::new(self.places))
    }

    fn line(&mut self, line: &[u8]) {
        if let Some(request) = line.strip_prefix(b"> ") {
            let end = request.iter().position(|&byte| byte == b' ').unwrap_or(request.len());
            let method = String::from_utf8_lossy(&request[..end]).into_owned();
            self.input.requests.push((method, unescaped(request.get(end + 1..).unwrap_or_default())));
            return;
        }
        let line = String::from_utf8_lossy(line);
        let mut words = line.split(' ');
        let first = words.next().unwrap_or_default();
        let words: Vec<String> = words.map(str::to_owned).collect();
        match (first, words.as_slice()) {
            ("", _) => {}
            ("base", [base]) => self.input.declaration.base = Some(self.at(base.clone())),
            ("tenant", [tenant]) => self.input.declaration.tenant = Some(self.at(tenant.clone())),
            ("strict", []) => self.input.declaration.strict = true,
            ("under", [prefix]) => self.under = Some(self.at(prefix.clone())),
            ("under", []) => self.under = None,
            ("mount", [base]) => self.input.mount = Some(base.clone()),
            ("mount", []) => self.input.mount = Some(String::new()),
            ("limit", [limit]) => self.input.limit = limit.parse().unwrap_or(DEFAULT_TARGET_LIMIT),
            ("holds", names) => self.input.holds.extend_from_slice(names),
            ("for", tenants) => self.input.tenants.extend_from_slice(tenants),
            ("global" | "unbound", []) => self.block_tenancy(first),
            ("scope", [name, rest @ ..]) => self.scope(name, rest),
            ("was", names) => self.was(names),
            ("title", words) => self.title(&words.join(" ")),
            ("deprecated", arguments) => self.deprecated(arguments),
            ("all", names) => {
                let names = names.iter().map(|name| self.at(name.clone())).collect();
                self.block(BlockKind::All(names));
            }
            ("public" | "authenticated" | "external", reason) => {
                let reason = self.at(reason.join(" "));
                self.block(match first {
                    "public" => BlockKind::Public(reason),
                    "authenticated" => BlockKind::Authenticated(reason),
                    _ => BlockKind::External(reason),
                });
            }
            (method, [path, flags @ ..]) => self.route(method, path, flags),
            (_, []) => {}
        }
    }

    fn scope(&mut self, name: &str, rest: &[String]) {
        self.under = None;
        let mut scope = ScopeDeclaration::new(self.at(name.to_owned()));
        let mut rest = rest;
        if let [word, dotted, more @ ..] = rest
            && word == "as"
        {
            scope.dotted = Some(self.at(dotted.clone()));
            rest = more;
        }
        if let [word, patterns @ ..] = rest
            && word == "includes"
        {
            scope.includes = patterns.iter().map(|pattern| self.at(pattern.clone())).collect();
        }
        self.input.declaration.items.push(Item::Scope(scope));
    }

    fn was(&mut self, names: &[String]) {
        let names: Vec<_> = names.iter().map(|name| self.at(name.clone())).collect();
        if let Some(Item::Scope(scope)) = self.input.declaration.items.last_mut() {
            scope.was.extend(names);
        }
    }

    fn title(&mut self, title: &str) {
        let title = self.at(title.to_owned());
        if let Some(Item::Scope(scope)) = self.input.declaration.items.last_mut() {
            scope.title = Some(title);
        }
    }

    fn deprecated(&mut self, arguments: &[String]) {
        let mut deprecated = DeprecationDeclaration::from("why");
        for argument in arguments {
            match argument.split_once('=') {
                Some(("since", date)) => deprecated.since = Some(self.at(date.to_owned())),
                Some(("sunset", date)) => deprecated.sunset = Some(self.at(date.to_owned())),
                Some(("use", name)) => deprecated.successor = Some(self.at(name.to_owned())),
                _ => {}
            }
        }
        let (scope, routes) = match self.input.declaration.items.last_mut() {
            Some(Item::Scope(scope)) => (Some(&mut scope.deprecated), &mut scope.routes),
            Some(Item::Block(block)) => (None, &mut block.routes),
            _ => return,
        };
        let of = routes.last_mut().map(|route| &mut route.deprecated).or(scope);
        if let Some(of) = of {
            *of = Some(deprecated);
        }
    }

    fn block(&mut self, kind: BlockKind) {
        self.under = None;
        let place = self.at(()).place;
        let block = BlockDeclaration::new(kind, place);
        self.input.declaration.items.push(Item::Block(block));
    }

    fn tenancy(&mut self, word: &str) -> At<TenancyDeclaration> {
        self.at(match word {
            "global" => TenancyDeclaration::Global("why".to_owned()),
            _ => TenancyDeclaration::Unbound("why".to_owned()),
        })
    }

    fn block_tenancy(&mut self, word: &str) {
        let tenancy = Some(self.tenancy(word));
        match self.input.declaration.items.last_mut() {
            Some(Item::Scope(scope)) => scope.tenancy = tenancy,
            Some(Item::Block(block)) => block.tenancy = tenancy,
            _ => {}
        }
    }

    fn route(&mut self, method: &str, path: &str, flags: &[String]) {
        let mut route = RouteDeclaration::at(self.at(method.to_owned()), self.at(path.to_owned()));
        route.under.clone_from(&self.under);
        for flag in flags {
            match flag.split_once('=') {
                Some(("raw", name)) => route.raw.push(self.at(name.to_owned())),
                Some(("as", name)) => route.name = Some(self.at(name.to_owned())),
                None if flag == "slash" => route.trailing_slash = Some(self.at(()).place),
                None if flag == "global" || flag == "unbound" => route.tenancy = Some(self.tenancy(flag)),
                _ => {}
            }
        }
        if self.input.declaration.items.is_empty() {
            let name = self.at("s".to_owned());
            self.input.declaration.items.push(Item::Scope(ScopeDeclaration::new(name)));
        }
        match self.input.declaration.items.last_mut() {
            Some(Item::Scope(scope)) => scope.routes.push(route),
            Some(Item::Block(block)) => block.routes.push(route),
            _ => {}
        }
    }
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let hex = rest.strip_prefix(b"\\x").and_then(|hex| std::str::from_utf8(hex.get(..2)?).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[4..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    bytes
}
