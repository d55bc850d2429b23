//! Route attributes of web frameworks below `#[requires]`, such as `#[get("/users")]`.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use scopes_core::template::Template;

use crate::requires::cursor::Cursor;
use crate::requires::tokens::{string, ungrouped, unraw};

/// The words that are a method as an attribute or in one.
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// One method and path that a framework's attribute names.
pub(in crate::requires) struct Sibling {
    pub(in crate::requires) method: String,
    pub(in crate::requires) path: Literal,
}

/// The routes that an attribute, given as the content of its brackets, registers; none for other attributes.
pub(in crate::requires) fn routes(attribute: &Group) -> Vec<Sibling> {
    let Some((name, arguments)) = name_and_arguments(attribute) else { return Vec::new() };
    let written = Written::read(arguments);
    let methods = match &*name {
        name if METHODS.contains(&name) => vec![name.to_owned()],
        // actix-web and rocket; utoipa; poem-openapi; dropshot.
        "route" | "path" | "oai" | "endpoint" => written.methods,
        _ => return Vec::new(),
    };
    let Some(path) = written.path else { return Vec::new() };
    methods.into_iter().map(|method| Sibling { method: method.to_ascii_uppercase(), path: path.clone() }).collect()
}

/// Whether it is `#[utoipa::path(..)]`. It reads the types of all parameters and refuses a macro call in them, although it has no
/// use for a permit.
pub(in crate::requires) fn is_utoipa(attribute: &Group) -> bool {
    name_and_arguments(attribute).is_some_and(|(name, _)| name == "path")
}

/// `get` and `"/x"` of `web::get("/x")`.
fn name_and_arguments(attribute: &Group) -> Option<(String, TokenStream)> {
    let tokens = ungrouped(attribute.stream());
    let mut cursor = Cursor::new(&tokens);
    let mut name = None;
    while let Some(segment) = cursor.ident() {
        name = Some(unraw(segment));
        cursor.skip(1);
        if !cursor.is_path_separator_at(0) {
            break;
        }
        cursor.skip(2);
    }
    Some((name?, cursor.group_at(0, Delimiter::Parenthesis)?.stream()))
}

/// What a route attribute says, whatever its framework.
#[derive(Default)]
struct Written {
    methods: Vec<String>,
    path: Option<Literal>,
}

impl Written {
    fn read(arguments: TokenStream) -> Self {
        let tokens = ungrouped(arguments);
        let mut cursor = Cursor::new(&tokens);
        let mut written = Self::default();
        let mut context = None;
        let mut first = true;
        while !cursor.is_empty() {
            let argument = Cursor::new(cursor.up_to_comma());
            cursor.skip(1);
            match (argument.peek(), argument.peek_at(1)) {
                (Some(TokenTree::Literal(literal)), None) if first => written.path = Some(literal.clone()),
                (Some(TokenTree::Ident(word)), None) => written.method(word),
                (Some(TokenTree::Ident(word)), Some(TokenTree::Group(group))) if word == "method" => {
                    for token in ungrouped(group.stream()) {
                        if let TokenTree::Ident(word) = token {
                            written.method(&word);
                        }
                    }
                }
                (Some(TokenTree::Ident(word)), Some(_)) if argument.is_punct_at(1, '=') => {
                    match (unraw(word).as_str(), argument.peek_at(2), argument.peek_at(3)) {
                        ("path" | "uri", Some(TokenTree::Literal(literal)), None) => {
                            written.path = Some(literal.clone());
                        }
                        ("context_path", Some(TokenTree::Literal(literal)), None) => context = string(literal),
                        ("method", Some(TokenTree::Literal(literal)), None) => written.methods.extend(string(literal)),
                        ("method", Some(TokenTree::Ident(word)), None) => written.methods.push(unraw(word)),
                        _ => {}
                    }
                }
                _ => {}
            }
            first = false;
        }
        if let (Some(context), Some(path)) = (context, &mut written.path)
            && let Some(text) = string(path)
        {
            let span = path.span();
            *path = crate::requires::tokens::literal(&format!("{context}{text}"), span);
        }
        written.path = written.path.filter(|path| string(path).is_some());
        written
    }

    fn method(&mut self, word: &Ident) {
        let text = unraw(word);
        if METHODS.contains(&text.to_ascii_lowercase().as_str()) {
            self.methods.push(text);
        }
    }
}

/// Where to point at if there is no such attribute.
pub(in crate::requires) fn has_requires(attributes: &[Group]) -> Option<Span> {
    attributes.iter().find_map(|attribute| {
        let tokens = ungrouped(attribute.stream());
        let path = tokens.iter().take_while(|token| !matches!(token, TokenTree::Group(_)));
        match path.last() {
            Some(TokenTree::Ident(last)) if last == "requires" => Some(last.span()),
            _ => None,
        }
    })
}

/// A framework's path in the grammar of the catalogue: parameters in braces and without patterns, no query.
pub(in crate::requires) fn translate(path: &str) -> Result<Template, String> {
    let mut text = String::new();
    for segment in segments(path) {
        text.push('/');
        text.push_str(&translate_segment(segment));
    }
    let slash = path.len() > 1 && cut_query(path).ends_with('/');
    if text.is_empty() || slash {
        text.push('/');
    }
    Template::parse(&text).map_err(|mistakes| mistakes.first().map(ToString::to_string).unwrap_or_default())
}

/// Rocket's routes may end in `?<query>`.
fn cut_query(path: &str) -> &str {
    let mut depth = 0_usize;
    for (at, character) in path.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => return &path[..at],
            _ => {}
        }
    }
    path
}

/// The non-empty texts between slashes; a slash in a pattern (`{tail:a/.*}`) separates nothing.
fn segments(path: &str) -> Vec<&str> {
    let path = cut_query(path);
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, character) in path.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                found.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&path[start..]);
    found.retain(|segment| !segment.is_empty());
    found
}

fn translate_segment(segment: &str) -> String {
    // rocket: `<id>`, `<path..>`; poem: `<id:regex>`
    if let Some(inner) = segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        return match inner.strip_suffix("..") {
            Some(rest) => format!("{{*{}}}", name_or(rest, "rest")),
            None => format!("{{{}}}", name_or(inner.split(':').next().unwrap_or_default(), "parameter")),
        };
    }
    // poem: `*rest`
    if let Some(rest) = segment.strip_prefix('*') {
        return format!("{{*{}}}", name_or(rest, "rest"));
    }
    let Some((before, rest)) = segment.split_once('{') else { return segment.to_owned() };
    let Some((inner, after)) = rest.rsplit_once('}') else { return segment.to_owned() };
    let (name, pattern) = match inner.split_once([':', '|']) {
        Some((name, pattern)) => (name, Some(pattern)),
        None => (inner, None),
    };
    // axum `{*rest}`, salvo `{**rest}`, actix-web `{tail:.*}`
    if let Some(rest) = name.strip_prefix('*') {
        return format!("{before}{{*{}}}{after}", name_or(rest.trim_start_matches(['*', '+', '?']), "rest"));
    }
    match pattern {
        Some(".*" | ".+") => format!("{before}{{*{name}}}{after}"),
        Some(_) => format!("{before}{{{name}}}{after}"),
        None => segment.to_owned(),
    }
}

/// `<_>` and `<_..>` have no name worth the name.
fn name_or<'t>(name: &'t str, other: &'t str) -> &'t str {
    if name.is_empty() || name == "_" { other } else { name }
}

#[cfg(test)]
mod tests;
