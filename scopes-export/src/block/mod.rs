//! The text of a `scopes!` block that declares a catalogue.
//!
//! [`to_block`] writes the formatted text, with doc comments, `under` blocks, titles and
//! deprecations. It compiles and declares the same catalogue: every text is escaped where it must
//! be. Two things are different where the grammar cannot say them: white space at the end of
//! descriptions is lost, and a catalogue whose name is not an identifier is called `api`.

use std::collections::HashMap;

use scopes_core::name::{identifier, route_name};
use scopes_core::template::Template;
use scopes_core::{Access, Deprecation, Route, ScopeInfo, Tenancy, UntypedCatalogue, method};

use self::text::{attribute_name, description, literal, scope_name};

mod text;
mod under;

/// How a block is written.
///
/// ```
/// use scopes_export::block::Options;
/// assert!(Options::new().routes().has_routes());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    routes: bool,
}

impl Options {
    /// Without `routes;`.
    ///
    /// ```
    /// assert!(!scopes_export::block::Options::new().has_routes());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { routes: false }
    }

    /// With `routes;`, so that a router can be built from the catalogue.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::block::{Options, to_block};
    /// # let catalogue = UntypedCatalogue::from_declaration(&Declaration::new("api")).unwrap();
    /// assert!(to_block(&catalogue, &Options::new().routes()).contains("    routes;\n"));
    /// ```
    #[must_use]
    pub const fn routes(self) -> Self {
        Self { routes: true }
    }

    /// Whether the block has `routes;`.
    ///
    /// ```
    /// assert!(scopes_export::block::Options::new().routes().has_routes());
    /// ```
    #[must_use]
    pub const fn has_routes(self) -> bool {
        self.routes
    }
}

/// Writes the block of a catalogue.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::block::{Options, to_block};
///
/// let mut declaration = Declaration::new("api");
/// declaration.base = Some("/v1".into());
/// let scope = declaration.scope("users.read").route("GET", "/users/{id}");
/// scope.description = "Read users.".into();
/// scope.routes[0].name = Some("get_user".into());
/// declaration.scope("legacy:status");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(
///     to_block(&catalogue, &Options::new()),
///     r#"scopes::scopes! {
///     pub mod api;
///
///     base "/v1";
///
///     /// Read users.
///     users.read {
///         GET "/users/{id}" as get_user;
///     }
///
///     "legacy:status";
/// }
/// "#
/// );
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[must_use]
pub fn to_block(catalogue: &UntypedCatalogue, options: &Options) -> String {
    let mut writer = Writer { text: String::from("scopes::scopes! {\n"), depth: 1 };
    writer.head(catalogue, *options);
    let sections = Sections::of(catalogue);
    for (scope, routes) in catalogue.scopes().zip(&sections.scopes) {
        writer.scope(scope, routes);
    }
    for (names, routes) in &sections.all {
        let names: Vec<String> = names.iter().map(|scope| scope_name(*scope)).collect();
        writer.block(&format!("all({})", names.join(", ")), routes);
    }
    for (head, routes) in &sections.others {
        writer.block(head, routes);
    }
    writer.text.push_str("}\n");
    writer.text
}

/// A route in one of the places where it is listed.
#[derive(Clone, Copy)]
struct Listed<'c> {
    route: Route<'c>,
    /// The texts stand in the first place only.
    is_first: bool,
}

/// The routes of each scope and each block, in the order of the block's text.
struct Sections<'c> {
    scopes: Vec<Vec<Listed<'c>>>,
    all: Vec<(Vec<ScopeInfo<'c>>, Vec<Listed<'c>>)>,
    others: Vec<(String, Vec<Listed<'c>>)>,
}

impl<'c> Sections<'c> {
    fn of(catalogue: &'c UntypedCatalogue) -> Self {
        let mut sections =
            Self { scopes: vec![Vec::new(); catalogue.scopes().len()], all: Vec::new(), others: Vec::new() };
        let mut all: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut others: HashMap<String, usize> = HashMap::new();
        for route in catalogue.routes() {
            let head = match route.access() {
                Access::Public(reason) => format!("public({})", literal(reason)),
                Access::Authenticated(reason) => format!("authenticated({})", literal(reason)),
                Access::External(reason) => format!("external({})", literal(reason)),
                Access::Scoped => {
                    sections.scoped(route, &mut all);
                    continue;
                }
            };
            let at = *others.entry(head).or_insert_with_key(|head| {
                sections.others.push((head.clone(), Vec::new()));
                sections.others.len() - 1
            });
            if let Some((_, routes)) = sections.others.get_mut(at) {
                routes.push(Listed { route, is_first: true });
            }
        }
        sections
    }

    fn scoped(&mut self, route: Route<'c>, all: &mut HashMap<Vec<usize>, usize>) {
        let mut alternatives: Vec<Vec<usize>> =
            route.requirement().iter().map(|term| term.ids().map(scopes_core::ScopeId::index).collect()).collect();
        // In the order in which the sections are written.
        alternatives.sort_by_key(|ids| (ids.len() > 1, ids.clone()));
        let mut is_first = true;
        for ids in alternatives {
            let listed = Listed { route, is_first };
            is_first = false;
            if let [only] = ids.as_slice() {
                if let Some(routes) = self.scopes.get_mut(*only) {
                    routes.push(listed);
                }
                continue;
            }
            let at = *all.entry(ids).or_insert_with_key(|ids| {
                let names = route.catalogue().scopes().enumerate().filter(|(index, _)| ids.contains(index));
                self.all.push((names.map(|(_, scope)| scope).collect(), Vec::new()));
                self.all.len() - 1
            });
            if let Some((_, routes)) = self.all.get_mut(at) {
                routes.push(listed);
            }
        }
    }
}

struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", self.depth));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    fn lines(&mut self, lines: Vec<String>) {
        for line in lines {
            self.line(&line);
        }
    }

    fn head(&mut self, catalogue: &UntypedCatalogue, options: Options) {
        self.lines(description(catalogue.description()));
        let name =
            Some(catalogue.name()).filter(|name| text::is_word(name) && scopes_core::name::check_dotted(name).is_ok());
        self.line(&format!("pub mod {};", identifier(name.unwrap_or("api"))));
        let base =
            Some(catalogue.base()).filter(|base| !base.is_empty()).map(|base| format!("base {};", literal(base)));
        let tenant = catalogue.tenant().map(|tenant| format!("tenant {};", attribute_name(tenant)));
        let routes = options.routes.then(|| "routes;".to_owned());
        let settings: Vec<String> = [base, tenant, routes].into_iter().flatten().collect();
        if !settings.is_empty() {
            self.line("");
            self.lines(settings);
        }
    }

    fn scope(&mut self, scope: ScopeInfo<'_>, routes: &[Listed<'_>]) {
        self.line("");
        self.lines(description(scope.description()));
        if let Some(title) = scope.title() {
            self.line(&format!("#[title = {}]", literal(title)));
        }
        let old: Vec<String> = scope.old_names().map(literal).collect();
        if !old.is_empty() {
            self.line(&format!("#[was({})]", old.join(", ")));
        }
        if let Some(deprecation) = scope.deprecation() {
            self.line(&deprecated(deprecation));
        }
        let mut head = scope_name(scope);
        if head.starts_with('"') && scopes_core::name::dotted(scope.name()).as_deref() != Some(scope.dotted()) {
            head = format!("{head} as {}", scope.dotted());
        }
        let includes: Vec<&str> = scope.includes().collect();
        if !includes.is_empty() {
            head = format!("{head} includes {}", includes.join(", "));
        }
        if routes.is_empty() {
            self.line(&format!("{head};"));
        } else {
            self.body(&head, routes);
        }
    }

    fn block(&mut self, head: &str, routes: &[Listed<'_>]) {
        self.line("");
        self.body(head, routes);
    }

    fn body(&mut self, head: &str, routes: &[Listed<'_>]) {
        let mut routes = routes.to_vec();
        routes.sort_by(|a, b| a.route.path().cmp(b.route.path()));
        let paths: Vec<&str> = routes.iter().map(|listed| listed.route.path()).collect();
        self.line(&format!("{head} {{"));
        self.depth += 1;
        for (prefix, range) in under::groups(&paths) {
            let group = routes.get(range).unwrap_or_default();
            if let Some(prefix) = prefix {
                self.line(&format!("under {} {{", literal(prefix)));
                self.depth += 1;
            }
            for listed in group {
                self.route(*listed, prefix.unwrap_or_default());
            }
            if prefix.is_some() {
                self.depth -= 1;
                self.line("}");
            }
        }
        self.depth -= 1;
        self.line("}");
    }

    fn route(&mut self, Listed { route, is_first }: Listed<'_>, prefix: &str) {
        if is_first {
            self.lines(description(route.description()));
            if let Some(deprecation) = route.deprecation() {
                self.line(&deprecated(deprecation));
            }
            let raw = route.parameters().filter(|parameter| parameter.is_raw());
            let raw: Vec<String> = raw.map(|parameter| attribute_name(parameter.name())).collect();
            if !raw.is_empty() {
                self.line(&format!("#[raw({})]", raw.join(", ")));
            }
        }
        match route.tenancy() {
            Tenancy::Global(reason) => self.line(&format!("#[global({})]", literal(reason))),
            Tenancy::Unbound(reason) => self.line(&format!("#[unbound({})]", literal(reason))),
            Tenancy::NotApplicable | Tenancy::Bound => {}
        }
        if route.has_trailing_slash() {
            self.line("#[trailing_slash]");
        }
        let method = route.method();
        let method = if method::is_standard(method) { method.to_owned() } else { literal(method) };
        let path = literal(route.path().get(prefix.len()..).unwrap_or_default());
        let derived = Template::parse(route.path()).map(|template| route_name(route.method(), &template));
        let is_derived = derived.is_ok_and(|derived| derived == route.name());
        let name = if is_first && !is_derived { format!(" as {}", identifier(route.name())) } else { String::new() };
        self.line(&format!("{method} {path}{name};"));
    }
}

fn deprecated(deprecation: Deprecation<'_>) -> String {
    let mut arguments = Vec::new();
    for (key, date) in [("since", deprecation.since()), ("sunset", deprecation.sunset())] {
        arguments.extend(date.map(|date| format!("{key} = {}", literal(&date.to_string()))));
    }
    arguments.extend(deprecation.successor().map(|scope| format!("use = {}", scope_name(scope))));
    match (arguments.is_empty(), deprecation.reason()) {
        (true, "") => "#[deprecated]".to_owned(),
        (true, reason) => format!("#[deprecated = {}]", literal(reason)),
        (false, reason) => {
            if !reason.is_empty() {
                arguments.push(format!("note = {}", literal(reason)));
            }
            format!("#[deprecated({})]", arguments.join(", "))
        }
    }
}
