//! Route attributes of web frameworks below `#[requires]`, such as `#[get("/users")]`.

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

use crate::requires::cursor::{Cursor, is_ident, is_punct};
use crate::requires::tokens::{string, ungrouped, unraw};
use crate::requires::wire::question::{HandlerRoute, Text};

/// The names of methods as attributes, or in the arguments of attributes.
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// The routes that an attribute registers, read from the content of its brackets. Empty for other
/// attributes.
pub(super) fn routes(attribute: &Group) -> Vec<HandlerRoute> {
    let Some((name, arguments)) = name_and_arguments(attribute) else { return Vec::new() };
    let arguments = AttributeArguments::read(arguments);
    let methods = match &*name {
        name if METHODS.contains(&name) => vec![name.to_owned()],
        // actix-web and rocket; utoipa; poem-openapi; dropshot.
        "route" | "path" | "oai" | "endpoint" => arguments.methods,
        _ => return Vec::new(),
    };
    let Some(path) = arguments.path else { return Vec::new() };
    let route = |method: String| HandlerRoute {
        // The error about the route points at the path, because the method may be the name of the
        // attribute.
        method: Text { value: method.to_ascii_uppercase(), span: path.span },
        path: path.clone(),
        prefix: None,
    };
    methods.into_iter().map(route).collect()
}

/// The name of a route attribute of actix-web or Rocket, whose handlers take parameters in any
/// order.
pub(super) fn of_any_order(attribute: &Group) -> Option<String> {
    let (name, _) = name_and_arguments(attribute)?;
    (METHODS.contains(&&*name) || name == "route").then_some(name)
}

/// Whether the attribute is `#[utoipa::path(..)]`. It reads the types of all parameters and refuses
/// a macro call in them, although it does not use a permit.
pub(super) fn is_utoipa(attribute: &Group) -> bool {
    name_and_arguments(attribute).is_some_and(|(name, _)| name == "path")
}

/// Whether the attribute is known to ignore the types of parameters, so that a type may be a macro
/// call. salvo's `#[handler]` distinguishes parameters by the paths of their types.
pub(super) fn reads_no_types(attribute: &Group) -> bool {
    const THEY_DO_NOT: [&str; 13] = [
        "allow",
        "cfg",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "inline",
        "instrument",
        "must_use",
        "requires",
        "warn",
    ];
    let tokens = ungrouped(attribute.stream());
    let is_path = |token: &&TokenTree| !matches!(token, TokenTree::Group(_)) && !is_punct(token, '=');
    let last = tokens.iter().take_while(is_path).last();
    last.is_some_and(|last| THEY_DO_NOT.iter().any(|word| is_ident(last, word)))
}

/// Splits `web::get("/x")` into `get` and `"/x"`.
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

/// The arguments of a route attribute of any framework.
#[derive(Default)]
struct AttributeArguments {
    methods: Vec<String>,
    path: Option<Text>,
    /// utoipa's `context_path`, a prefix of the path.
    context: Option<String>,
}

impl AttributeArguments {
    fn read(tokens: TokenStream) -> Self {
        let tokens = ungrouped(tokens);
        let mut cursor = Cursor::new(&tokens);
        let mut arguments = Self::default();
        let mut first = true;
        while !cursor.is_empty() {
            match cursor.up_to_comma() {
                [TokenTree::Literal(path)] if first => arguments.path(path),
                [TokenTree::Ident(word)] => arguments.method(word),
                [TokenTree::Ident(word), TokenTree::Group(list), ..] if word == "method" => arguments.methods(list),
                [TokenTree::Ident(word), equals, value] if is_punct(equals, '=') => arguments.assigned(word, value),
                _ => {}
            }
            cursor.skip(1);
            first = false;
        }
        if let (Some(context), Some(path)) = (&arguments.context, &mut arguments.path) {
            path.value.insert_str(0, context);
        }
        arguments
    }

    /// Reads `"/users"`. The last path counts, even if it is not a string, so that it is unknown.
    fn path(&mut self, literal: &Literal) {
        self.path = string(literal).map(|value| Text { value, span: literal.span() });
    }

    /// Reads `get` or `PUT`.
    fn method(&mut self, word: &Ident) {
        let text = unraw(word);
        if METHODS.contains(&text.to_ascii_lowercase().as_str()) {
            self.methods.push(text);
        }
    }

    /// Reads `method(get, head)`.
    fn methods(&mut self, list: &Group) {
        for token in ungrouped(list.stream()) {
            if let TokenTree::Ident(word) = token {
                self.method(&word);
            }
        }
    }

    /// Reads `path = "/users"` or `method = "GET"`.
    fn assigned(&mut self, word: &Ident, value: &TokenTree) {
        match (unraw(word).as_str(), value) {
            ("path" | "uri", TokenTree::Literal(literal)) => self.path(literal),
            ("context_path", TokenTree::Literal(literal)) => self.context = string(literal),
            ("method", TokenTree::Literal(literal)) => self.methods.extend(string(literal)),
            ("method", TokenTree::Ident(word)) => self.methods.push(unraw(word)),
            _ => {}
        }
    }
}

/// Whether another `#[requires]` is among these attributes.
pub(super) fn has_requires(attributes: &[Group]) -> bool {
    attributes.iter().any(|attribute| {
        let tokens = ungrouped(attribute.stream());
        let path = tokens.iter().take_while(|token| !matches!(token, TokenTree::Group(_)));
        path.last().is_some_and(|last| is_ident(last, "requires"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(attribute: &str) -> String {
        let tokens: TokenStream = attribute.parse().unwrap();
        let routes = routes(&Group::new(Delimiter::Bracket, tokens));
        routes
            .iter()
            .map(|route| format!("{} {:?}", route.method.value, route.path.value))
            .collect::<Vec<_>>()
            .join(" + ")
    }

    #[test]
    fn attributes() {
        for (attribute, expected) in [
            ("get(\"/users\")", "GET \"/users\""),
            ("actix_web::post(\"/users\", wrap = \"X\")", "POST \"/users\""),
            ("delete(\"/users/<id>\", data = \"<b>\")", "DELETE \"/users/<id>\""),
            ("route(\"/x\", method = \"GET\", method = \"HEAD\")", "GET \"/x\" + HEAD \"/x\""),
            ("route(PUT, uri = \"/x\")", "PUT \"/x\""),
            ("utoipa::path(get, path = \"/x\", responses((status = 200)))", "GET \"/x\""),
            ("utoipa::path(path = \"/x\", method(get, head))", "GET \"/x\" + HEAD \"/x\""),
            ("utoipa::path(get, context_path = \"/api\", path = \"/x\")", "GET \"/api/x\""),
            ("utoipa::path(get)", ""),
            ("utoipa::path(get, path = PATH)", ""),
            ("oai(path = \"/x\", method = \"get\")", "GET \"/x\""),
            ("endpoint(method = PUT, path = \"/x\")", "PUT \"/x\""),
            ("get", ""),
            ("get()", ""),
            ("getter(\"/x\")", ""),
            ("doc = \"get\"", ""),
            ("tracing::instrument(skip(a))", ""),
        ] {
            assert_eq!(found(attribute), expected, "{attribute}");
        }
    }

    /// In `#[get($path)]` and `#[$attribute]`, the arguments of `macro_rules!` arrive in groups.
    #[test]
    fn attributes_from_macros() {
        let wrapped = |text: &str| TokenTree::Group(Group::new(Delimiter::None, text.parse().unwrap())).into();
        let path: TokenStream = wrapped("\"/users\"");
        for attribute in
            [quote::quote!(get(#path)), quote::quote!(route(#path, method = "GET")), wrapped("get(\"/users\")")]
        {
            let routes = routes(&Group::new(Delimiter::Bracket, attribute.clone()));
            let found: Vec<_> =
                routes.iter().map(|route| format!("{} {:?}", route.method.value, route.path.value)).collect();
            assert_eq!(found, ["GET \"/users\""], "{attribute}");
        }
    }

    #[test]
    fn another_requires() {
        for (attribute, expected) in [
            ("requires(a.b)", true),
            ("scopes::requires(a.b)", true),
            ("requires_x(a)", false),
            ("doc = \"requires\"", false),
        ] {
            let tokens: TokenStream = attribute.parse().unwrap();
            assert_eq!(has_requires(&[Group::new(Delimiter::Bracket, tokens)]), expected, "{attribute}");
        }
    }
}
