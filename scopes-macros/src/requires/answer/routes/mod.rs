//! `requires_route!`: whether the routes that a handler is known to serve demand what its annotation demands.
//!
//! ```text
//! requires_route! { "NAMES" "ROUTES" "a.b,c.d;e.f" [stricter?] ["GET" "/path"] [("GET" "/users/<id>" "/prefix")] }
//! // => nothing, or compile_error! for each route that does not fit
//! ```

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use scopes_core::suggest::nearest;
use scopes_core::template::{Segment, Template};

use crate::errors::{Errors, compile_error};
use crate::places::Extent;
use crate::requires::answer::fast;
use crate::requires::answer::names::{Names, groups, listed};
use crate::requires::ask::route_attribute::translate;
use crate::requires::cursor::Cursor;
use crate::requires::tokens::string;

/// An OR of ANDs over positions in the catalogue.
type Alternatives = Vec<Vec<usize>>;

/// The routes of a catalogue, as its hidden macro hands them over.
struct Routes {
    base: Option<Template>,
    routes: Vec<Route>,
}

/// One line: method, template with base, what it demands.
struct Route {
    method: String,
    text: String,
    template: Template,
    demand: Demand,
}

/// What a route demands of the caller.
enum Demand {
    Scopes(Alternatives),
    Public,
    Authenticated,
    External,
}

/// A method and a path in the user's code.
struct Written {
    method: String,
    path: String,
    method_span: Span,
    span: Span,
    /// What is mounted before it, if that was said.
    prefix: Option<String>,
}

/// What the handler's annotation says.
struct Annotation {
    alternatives: Alternatives,
    stricter: bool,
}

/// See the module.
pub(crate) fn requires_route(input: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    let mut cursor = Cursor::new(&tokens);
    let mut literal = || match cursor.next() {
        Some(TokenTree::Literal(literal)) => Some(literal),
        _ => None,
    };
    let tables = (literal(), literal(), literal().and_then(string));
    let groups = groups(&cursor);
    let ((Some(names), Some(routes), Some(alternatives)), [stricter, tie, siblings]) = (tables, &*groups) else {
        return compile_error(Span::call_site(), "this macro is called by `#[requires]` only");
    };
    if let Some(tie) = Written::read(tie.stream())
        && siblings.stream().is_empty()
        && fast::is_tied(names, routes, &alternatives, &tie.method, &tie.path)
    {
        return TokenStream::new();
    }
    let names = Names::read(&string(names).unwrap_or_default());
    // The mistake is in the catalogue and reported there: the route may be written, and could not be read.
    if names.incomplete {
        return TokenStream::new();
    }
    // An unknown name has been reported in its place.
    let Some(alternatives) = named(&names, &alternatives) else { return TokenStream::new() };
    let routes = Routes::read(&string(routes).unwrap_or_default());
    let annotation = Annotation { alternatives, stricter: !stricter.stream().is_empty() };
    let mut errors = Errors::default();
    let tied = Written::read(tie.stream()).and_then(|tie| routes.tied(&tie, &names, &annotation, &mut errors));
    // Where the tied route is wrong already, more about the same route helps nobody.
    if errors.is_empty() {
        for token in siblings.stream() {
            if let TokenTree::Group(group) = token
                && group.delimiter() == Delimiter::Parenthesis
                && let Some(sibling) = Written::read(group.stream())
            {
                routes.sibling(&sibling, tied, &names, &annotation, &mut errors);
            }
        }
    }
    errors.each().collect()
}

impl Routes {
    fn read(text: &str) -> Self {
        let mut routes = Self { base: None, routes: Vec::new() };
        for line in text.lines() {
            let mut words = line.split(' ');
            let (Some(method), Some(template)) = (words.next(), words.next()) else { continue };
            let text = template.to_owned();
            let Ok(template) = Template::parse(template) else { continue };
            if method == "base" {
                routes.base = Some(template);
                continue;
            }
            let demand = match words.next() {
                Some("public") => Demand::Public,
                Some("authenticated") => Demand::Authenticated,
                Some("external") => Demand::External,
                requirement => Demand::Scopes(numbered(requirement.unwrap_or_default())),
            };
            routes.routes.push(Route { method: method.to_owned(), text, template, demand });
        }
        routes
    }

    /// The routes that requests of this method reach: those of `GET` for `HEAD`, unless there is one of its own.
    fn of_method<'r>(&'r self, method: &str) -> impl Iterator<Item = &'r Route> + Clone {
        let own = method.to_owned();
        let head = method == "HEAD";
        self.routes.iter().filter(move |route| {
            let is_own = |other: &&Self| {
                other.routes.iter().any(|other| other.method == own && other.template.same_shape(&route.template))
            };
            route.method == own || head && route.method == "GET" && !is_own(&self)
        })
    }

    /// Whether a path as written, with or without the base, is this route's.
    fn is_at(&self, route: &Route, path: &Template) -> bool {
        let with_base = |base: &Template| base.join(path).same_shape(&route.template);
        route.template.same_shape(path) || self.base.as_ref().is_some_and(with_base)
    }

    /// `GET "/path"`: the route, unless there is an error.
    fn tied(&self, tie: &Written, names: &Names, annotation: &Annotation, errors: &mut Errors) -> Option<&Route> {
        let path = Template::parse(&tie.path).ok()?;
        let Some(route) = self.of_method(&tie.method).find(|route| self.is_at(route, &path)) else {
            errors.at(tie.span, self.missing(tie, &path));
            return None;
        };
        if let Some(message) = annotation.mismatch(route, names) {
            errors.at(Extent::new(tie.method_span, tie.span), message);
            return None;
        }
        Some(route)
    }

    /// `#[get("/path")]` below.
    fn sibling(
        &self,
        sibling: &Written,
        tied: Option<&Route>,
        names: &Names,
        annotation: &Annotation,
        errors: &mut Errors,
    ) {
        let Written { method, path: text, span, .. } = sibling;
        let joined = sibling.prefix.clone().unwrap_or_default() + text;
        let path = match translate(if sibling.prefix.is_some() { &joined } else { text }) {
            Ok(path) => path,
            Err(mistake) => {
                let message = format!(
                    "this path cannot be compared with the catalogue, say so with `unchecked_route(\"why\")`: {mistake}"
                );
                return errors.at(*span, message);
            }
        };
        let fits = |route: &&Route| {
            if sibling.prefix.is_some() { self.is_at(route, &path) } else { is_suffix(&path, &route.template) }
        };
        if let Some(tied) = tied {
            let same = (tied.method == *method || tied.method == "GET" && method == "HEAD") && fits(&tied);
            if !same {
                errors.at(
                    *span,
                    format!("`{method} {joined}` is not the route of this handler, `{} {}`", tied.method, tied.text),
                );
            }
            return;
        }
        let candidates: Vec<&Route> = self.of_method(method).filter(fits).collect();
        match &*candidates {
            [] => errors.at(*span, self.missing_suffix(sibling, &path)),
            [route] => {
                if let Some(message) = annotation.mismatch(route, names) {
                    errors.at(*span, message);
                }
            }
            several if several.iter().any(|route| annotation.mismatch(route, names).is_none()) => {}
            several => {
                let list: Vec<String> = several
                    .iter()
                    .take(6)
                    .map(|route| format!("`{} {}` ({})", route.method, route.text, route.demand.display(names)))
                    .collect();
                let more = if several.len() > 6 { ", .." } else { "" };
                let own = display(&annotation.alternatives, names);
                errors.at(
                    *span,
                    format!(
                        "this handler demands {own}, and no route that ends in `{text}` does\nthere are: {}{more}",
                        list.join(", ")
                    ),
                );
            }
        }
    }

    /// No route has this method and path.
    fn missing(&self, tie: &Written, path: &Template) -> String {
        let Written { method, path: text, .. } = tie;
        let mut methods: Vec<String> =
            self.routes.iter().filter(|route| self.is_at(route, path)).map(|route| route.method.clone()).collect();
        methods.dedup();
        if !methods.is_empty() {
            return format!("`{text}` has no `{method}` in this catalogue, it has: {}", listed(&methods));
        }
        let base = self.base.as_ref();
        let whole = |route: &Route| {
            vec![shape(&route.template), base.map(|base| shape(&without(&route.template, base))).unwrap_or_default()]
        };
        format!("no route `{method} {text}` in this catalogue{}", self.suggestion(method, &shape(path), whole))
    }

    /// No route of this method ends in this path.
    fn missing_suffix(&self, sibling: &Written, path: &Template) -> String {
        let Written { method, path: text, prefix, .. } = sibling;
        let length = path.segments().len();
        if let Some(prefix) = prefix {
            return format!(
                "no route `{method} {prefix}{text}` in this catalogue{}",
                self.suggestion(method, &shape(path), |route| vec![shape(&route.template)])
            );
        }
        let mut methods: Vec<String> = self
            .routes
            .iter()
            .filter(|route| is_suffix(path, &route.template))
            .map(|route| route.method.clone())
            .collect();
        methods.sort_unstable();
        methods.dedup();
        if !methods.is_empty() {
            return format!("no route of `{method}` ends in `{text}`, routes with this end have: {}", listed(&methods));
        }
        // One segment more or less may be what is wrong.
        let ends = |route: &Route| {
            let all = route.template.segments();
            let tails = [length, length + 1, length.saturating_sub(1)].map(|length| all.len().saturating_sub(length));
            tails.map(|start| shape_of(&all[start..], route.template.trailing_slash())).to_vec()
        };
        format!("no route of `{method}` ends in `{text}`{}", self.suggestion(method, &shape(path), ends))
    }

    /// `, did you mean ..?`, or what there is.
    fn suggestion(&self, method: &str, wanted: &str, texts: impl Fn(&Route) -> Vec<String>) -> String {
        let routes: Vec<&Route> = self.of_method(method).collect();
        let texts: Vec<Vec<String>> = routes.iter().map(|route| texts(route)).collect();
        let near = nearest(wanted, texts.iter().flatten().map(String::as_str));
        if let Some(at) = near.and_then(|near| texts.iter().position(|texts| texts.iter().any(|text| text == near))) {
            return format!(", did you mean `{} {}`?", routes[at].method, routes[at].text);
        }
        if routes.is_empty() {
            let mut methods: Vec<String> = self.routes.iter().map(|route| route.method.clone()).collect();
            methods.sort_unstable();
            methods.dedup();
            return format!("\nits methods are: {}", listed(&methods));
        }
        format!(
            "\nits routes of `{method}` are: {}",
            listed(&routes.iter().map(|route| route.text.clone()).collect::<Vec<_>>())
        )
    }
}

impl Written {
    /// `"GET" "/path"`, or `"GET" "/path" "/prefix"`.
    fn read(tokens: TokenStream) -> Option<Self> {
        let mut literals = tokens.into_iter().filter_map(|token| match token {
            TokenTree::Literal(literal) => Some((string(&literal)?, literal.span())),
            _ => None,
        });
        let ((method, method_span), (path, span)) = (literals.next()?, literals.next()?);
        Some(Self { method, path, method_span, span, prefix: literals.next().map(|(prefix, _)| prefix) })
    }
}

impl Annotation {
    /// Why it cannot stand on a handler of this route.
    fn mismatch(&self, route: &Route, names: &Names) -> Option<String> {
        let Route { method, text, demand, .. } = route;
        let demanded = match demand {
            Demand::Scopes(demanded) => demanded,
            Demand::Public => {
                return Some(format!("`{method} {text}` is public, nobody is asked for a scope: remove `#[requires]`"));
            }
            Demand::Authenticated => {
                return Some(format!(
                    "`{method} {text}` demands a valid grant and no scope: take the `Grant` as a parameter, without `#[requires]`"
                ));
            }
            Demand::External => {
                return Some(format!("`{method} {text}` is checked outside of this catalogue: remove `#[requires]`"));
            }
        };
        let own = &self.alternatives;
        let enough = implies(own, demanded);
        if enough && (self.stricter || implies(demanded, own)) {
            return None;
        }
        let (own, demanded) = (display(own, names), display(demanded, names));
        Some(if self.stricter {
            format!("`{method} {text}` demands {demanded}, which this handler's {own} does not imply")
        } else if enough {
            format!(
                "`{method} {text}` demands {demanded}, this handler demands {own}, which is more: write `stricter` if that is meant"
            )
        } else {
            format!("`{method} {text}` demands {demanded}, this handler demands {own}")
        })
    }
}

impl Demand {
    fn display(&self, names: &Names) -> String {
        match self {
            Self::Scopes(alternatives) => display(alternatives, names),
            Self::Public => "public".to_owned(),
            Self::Authenticated => "any valid grant".to_owned(),
            Self::External => "external".to_owned(),
        }
    }
}

/// `a.b,c.d;e.f` as positions. `None` if a name is unknown.
fn named(names: &Names, text: &str) -> Option<Alternatives> {
    let term = |term: &str| term.split(',').map(|name| names.position(name)).collect();
    text.split(';').map(term).collect()
}

/// `0,3;5`. What cannot be read is a demand that no annotation meets.
fn numbered(text: &str) -> Alternatives {
    let term = |term: &str| term.split(',').map(|id| id.parse().unwrap_or(usize::MAX)).collect();
    text.split(';').map(term).collect()
}

/// Whether whoever satisfies `these` satisfies `those` too.
fn implies(these: &Alternatives, those: &Alternatives) -> bool {
    these.iter().all(|this| those.iter().any(|that| that.iter().all(|scope| this.contains(scope))))
}

/// `` `a.b` ``, `` `any(a.b, all(c.d, e.f))` ``
fn display(alternatives: &Alternatives, names: &Names) -> String {
    let combined = |word: &str, parts: Vec<String>| match &*parts {
        [part] => part.clone(),
        parts => format!("{word}({})", parts.join(", ")),
    };
    let term =
        |term: &Vec<usize>| combined("all", term.iter().map(|&id| names.get(id).unwrap_or("?").to_owned()).collect());
    format!("`{}`", combined("any", alternatives.iter().map(term).collect()))
}

/// Whether a template ends in this path. A framework's path of `/` ends everything.
fn is_suffix(path: &Template, template: &Template) -> bool {
    let (part, whole) = (path.segments(), template.segments());
    let Some(start) = whole.len().checked_sub(part.len()) else { return false };
    let same = part.iter().zip(&whole[start..]).all(|(a, b)| a.same_shape(b));
    same && (part.is_empty() || path.trailing_slash() == template.trailing_slash())
}

/// The template below the base.
fn without(template: &Template, base: &Template) -> Template {
    let text =
        shape_of(template.segments().get(base.segments().len()..).unwrap_or_default(), template.trailing_slash());
    Template::parse(&text).unwrap_or_else(|_| template.clone())
}

/// A template as text in which the parameters' names do not count; it can be parsed again.
fn shape(template: &Template) -> String {
    shape_of(template.segments(), template.trailing_slash())
}

fn shape_of(segments: &[Segment], trailing_slash: bool) -> String {
    let mut text = String::new();
    for (index, segment) in segments.iter().enumerate() {
        text.push('/');
        match segment {
            Segment::Literal(literal) => text.push_str(literal),
            Segment::Parameter { prefix, suffix, .. } => text.push_str(&format!("{prefix}{{{index}}}{suffix}")),
            Segment::Rest { .. } => text.push_str(&format!("{{*{index}}}")),
        }
    }
    if trailing_slash || text.is_empty() {
        text.push('/');
    }
    text
}

#[cfg(test)]
mod tests;
