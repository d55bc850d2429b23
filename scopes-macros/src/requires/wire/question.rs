//! The questions of the first run: the tokens after the tables in a call of the second run.
//!
//! ```text
//! requires_type!  { "NAMES" [api ::] "environment.users.read      " [. . .] [from?] }
//! requires_route! {
//!     "NAMES" "ROUTES" "a.b,c.d;e.f"
//!     [stricter?] ["GET" "/path"] [("GET" "/users/<id>" "/prefix")]
//! }
//! ```
//!
//! A name is a text of constant length, with one dot for each of its segments, so that an error can
//! point at the segment. No token of the question is a segment that the user wrote. To complete a
//! segment, rust-analyzer expands the attribute twice, with a marker word in it and without. It
//! looks for the word in the first expansion, and for the same place in the second. So the word
//! must not occur before the path that [`navigation`] prints, and everything before that path must
//! have the same length in both.
//!
//! [`navigation`]: crate::requires::ask::navigation

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use scopes_core::name::identifier;

use crate::requires::tokens::{literal, punct, string};

/// The length of a name in a question. With a longer name the question is longer, and an IDE may
/// not complete the name.
const WIDTH: usize = 128;

/// The question "What is the type of this scope?".
pub(in crate::requires) struct NameQuestion {
    /// The path with its last `::`, such as `crate::auth::api::`; empty for an imported name.
    pub(in crate::requires) root: Vec<TokenTree>,
    pub(in crate::requires) segments: Vec<Segment>,
    /// The dot or `::` at the end, after which a segment is missing.
    pub(in crate::requires) open: Option<Span>,
    /// A span inside the name that belongs to no identifier. Generated tokens get it, so that an
    /// IDE does not take them for one of the identifiers.
    pub(in crate::requires) seat: Span,
    /// If the permit is made without a request and without a tenant: the span for an error about
    /// that.
    pub(in crate::requires) from: Option<Span>,
}

/// A segment of a name.
#[derive(Clone)]
pub(in crate::requires) struct Segment {
    /// The text of the segment without `r#`.
    pub(in crate::requires) text: String,
    pub(in crate::requires) span: Span,
}

/// The question "Does this handler demand the same as the routes that it is known to serve?".
pub(in crate::requires) struct RouteQuestion {
    /// The handler's demand, with dotted names: `a.b,c.d;e.f`.
    pub(in crate::requires) alternatives: Text,
    pub(in crate::requires) stricter: Option<Span>,
    /// The route in the arguments of `#[requires]`.
    pub(in crate::requires) argument: Option<HandlerRoute>,
    /// The routes in attributes of a framework.
    pub(in crate::requires) attributes: Vec<HandlerRoute>,
}

/// A method and a path that the user wrote.
#[derive(Clone)]
pub(in crate::requires) struct HandlerRoute {
    pub(in crate::requires) method: Text,
    pub(in crate::requires) path: Text,
    /// The mount prefix of the path, if the user declared one.
    pub(in crate::requires) prefix: Option<Text>,
}

/// The value of a string literal, and its place.
#[derive(Clone)]
pub(in crate::requires) struct Text {
    pub(in crate::requires) value: String,
    pub(in crate::requires) span: Span,
}

impl NameQuestion {
    /// The name without its path: `environment.users.read`, with a dot at its end if it is
    /// incomplete.
    pub(in crate::requires) fn text(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push_str(&segment.text);
            text.push('.');
        }
        if self.open.is_none() {
            text.pop();
        }
        text
    }

    pub(in crate::requires) fn write(&self) -> TokenStream {
        let name = TokenTree::Literal(literal(&format!("{:WIDTH$}", self.text()), self.seat));
        let places = self.segments.iter().map(|segment| segment.span).chain(self.open).map(|span| punct('.', span));
        let root = &self.root;
        let from = self.from.map(|span| Ident::new("from", span));
        quote! { [#(#root)*] #name [#(#places)*] [#from] }
    }

    pub(in crate::requires) fn read(tokens: &[TokenTree]) -> Option<Self> {
        let [root, places, from] = &*brackets(tokens) else { return None };
        let name: &Literal = tokens.iter().find_map(|token| match token {
            TokenTree::Literal(literal) => Some(literal),
            _ => None,
        })?;
        // Segments contain no characters that are escaped.
        let text = name.to_string();
        let text = text.strip_prefix('"')?.strip_suffix('"')?.trim_end();
        let mut places = places.stream().into_iter().map(|place| place.span());
        let texts = text.strip_suffix('.').unwrap_or(text).split('.').filter(|text| !text.is_empty());
        if !texts.clone().all(is_segment) {
            return None;
        }
        let segments = texts.zip(&mut places).map(|(text, span)| Segment { text: text.to_owned(), span }).collect();
        Some(Self {
            root: root.stream().into_iter().collect(),
            segments,
            open: places.next(),
            seat: name.span(),
            from: first_span(from),
        })
    }
}

impl Segment {
    /// The segment for a path, raw if it is a keyword.
    pub(in crate::requires) fn placed(&self, place: Span) -> Ident {
        match identifier(&self.text).strip_prefix("r#") {
            Some(keyword) => Ident::new_raw(keyword, place),
            None => Ident::new(&self.text, place),
        }
    }
}

impl RouteQuestion {
    pub(in crate::requires) fn write(&self) -> TokenStream {
        let alternatives = self.alternatives.write();
        let stricter = self.stricter.map(|span| Ident::new("stricter", span));
        let argument = self.argument.as_ref().map(HandlerRoute::write);
        let attributes = self.attributes.iter().map(HandlerRoute::write);
        quote! { #alternatives [#stricter] [#argument] [#((#attributes))*] }
    }

    pub(in crate::requires) fn read(tokens: &[TokenTree]) -> Option<Self> {
        let (alternatives, rest) = tokens.split_first()?;
        let [stricter, argument, attributes] = &*brackets(rest) else { return None };
        let attribute = |token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                HandlerRoute::read(group.stream())
            }
            _ => None,
        };
        Some(Self {
            alternatives: Text::read(alternatives)?,
            stricter: first_span(stricter),
            argument: HandlerRoute::read(argument.stream()),
            attributes: attributes.stream().into_iter().filter_map(attribute).collect(),
        })
    }
}

impl HandlerRoute {
    /// Writes `"GET" "/path"`, or `"GET" "/path" "/prefix"`.
    fn write(&self) -> TokenStream {
        let texts = [&self.method, &self.path].into_iter().chain(&self.prefix);
        texts.map(Text::write).collect()
    }

    fn read(tokens: TokenStream) -> Option<Self> {
        let mut texts = tokens.into_iter().filter_map(|token| Text::read(&token));
        Some(Self { method: texts.next()?, path: texts.next()?, prefix: texts.next() })
    }
}

impl Text {
    pub(in crate::requires) fn write(&self) -> TokenTree {
        TokenTree::Literal(literal(&self.value, self.span))
    }

    fn read(token: &TokenTree) -> Option<Self> {
        match token {
            TokenTree::Literal(literal) => Some(Self { value: string(literal)?, span: literal.span() }),
            _ => None,
        }
    }
}

/// Whether a text can be an identifier.
fn is_segment(text: &str) -> bool {
    let is_ascii_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_ascii_word(text) {
        return !text.starts_with(|first: char| first.is_ascii_digit());
    }
    syn::parse_str::<Ident>(text).is_ok()
}

/// The groups in brackets.
fn brackets(tokens: &[TokenTree]) -> Vec<Group> {
    let bracket = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Some(group.clone()),
        _ => None,
    };
    tokens.iter().filter_map(bracket).collect()
}

fn first_span(group: &Group) -> Option<Span> {
    group.stream().into_iter().next().map(|token| token.span())
}
