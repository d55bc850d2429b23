//! Attributes, including doc comments.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token, token};

use super::deprecation::{Deprecation, Mistake};
use super::recover;
use crate::errors::Errors;
use crate::places::Extent;

/// One attribute: `#[name arguments]` or `#![name arguments]`.
pub(super) struct Attribute {
    /// The path as text.
    pub(super) name: String,
    pub(super) extent: Extent,
    /// All its tokens, to be forwarded.
    pub(super) tokens: TokenStream,
    arguments: TokenStream,
}

impl Attribute {
    pub(super) fn parse_outer(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Self>> {
        let mut attributes = Vec::new();
        while input.peek(Token![#]) {
            let is_inner = input.peek2(Token![!]);
            let attribute = Self::parse(input)?;
            if !is_inner {
                attributes.push(attribute);
                continue;
            }
            // An inner attribute is read, and then ignored.
            errors.at(
                attribute.extent,
                match attribute.name.as_str() {
                    "strict" => "`#![strict]` stands before the `mod` line".to_owned(),
                    "doc" => "write `///` before what this text describes, or `//` for a comment".to_owned(),
                    name => format!(
                        "`#![{name}]` stands before the `mod` line only; before a scope or a route write `#[{name}]`"
                    ),
                },
            );
        }
        Ok(attributes)
    }

    pub(super) fn parse_inner(input: ParseStream<'_>) -> syn::Result<Vec<Self>> {
        let mut attributes = Vec::new();
        while input.peek(Token![#]) && input.peek2(Token![!]) {
            attributes.push(Self::parse(input)?);
        }
        Ok(attributes)
    }

    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let pound: Token![#] = input.parse()?;
        let bang: Option<Token![!]> = input.parse()?;
        if !input.peek(token::Bracket) {
            return Err(syn::Error::new(pound.span, "a comment begins with `//`, an attribute with `#[`"));
        }
        let mut tokens = pound.to_token_stream();
        bang.to_tokens(&mut tokens);
        tokens.extend(input.fork().parse::<TokenTree>());
        let content;
        let bracket = syn::bracketed!(content in input);
        let name = Self::path(&content);
        let arguments = content.parse()?;
        let name = name?;
        Ok(Self { name, extent: Extent { start: pound.span, end: bracket.span.close() }, tokens, arguments })
    }

    fn path(input: ParseStream<'_>) -> syn::Result<String> {
        let mut name = String::new();
        loop {
            if !input.peek(Ident::peek_any) {
                return Err(recover::expected(input, "expected an attribute such as `deprecated = \"use another\"`"));
            }
            name.push_str(&input.call(Ident::parse_any)?.to_string());
            if input.parse::<Option<Token![::]>>()?.is_none() {
                return Ok(name);
            }
            name.push_str("::");
        }
    }

    pub(super) fn has_no_arguments(&self) -> bool {
        self.arguments.is_empty()
    }

    /// Reads `= "text"`.
    pub(super) fn text(&self) -> Option<String> {
        self.literal().map(|text| text.value())
    }

    /// Reads `= "text"`, with its place.
    fn literal(&self) -> Option<LitStr> {
        let text = |input: ParseStream<'_>| {
            input.parse::<Token![=]>()?;
            input.parse::<LitStr>()
        };
        text.parse2(self.arguments.clone()).ok()
    }

    /// Reads `("text", "text")`, at least one.
    fn literals(&self) -> Option<Punctuated<LitStr, Token![,]>> {
        let texts = |input: ParseStream<'_>| {
            let content;
            syn::parenthesized!(content in input);
            Punctuated::<LitStr, Token![,]>::parse_terminated(&content)
        };
        texts.parse2(self.arguments.clone()).ok().filter(|texts| !texts.is_empty())
    }

    /// Reads `("text")`.
    fn reason(&self) -> Option<String> {
        let text = |input: ParseStream<'_>| {
            let content;
            syn::parenthesized!(content in input);
            content.parse::<LitStr>()
        };
        text.parse2(self.arguments.clone()).ok().map(|text| text.value())
    }

    /// Reads `(name, "other-name")`.
    fn names(&self) -> Option<Vec<(String, Extent)>> {
        let names = |input: ParseStream<'_>| {
            let content;
            syn::parenthesized!(content in input);
            Punctuated::<(String, Extent), Token![,]>::parse_terminated_with(&content, |input| {
                if input.peek(LitStr) {
                    let name: LitStr = input.parse()?;
                    return Ok((name.value(), name.span().into()));
                }
                let name = input.call(Ident::parse_any)?;
                Ok((name.unraw().to_string(), name.span().into()))
            })
        };
        let names = names.parse2(self.arguments.clone()).ok()?;
        (!names.is_empty()).then(|| names.into_iter().collect())
    }
}

/// Joins the lines of doc comments to one text.
pub(super) fn joined(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
    }
    text.trim_end().to_owned()
}

/// The attribute `#[global("why")]` or `#[unbound("why")]`.
pub(crate) enum Tenancy {
    Global(String),
    Unbound(String),
}

/// The attributes of a scope, a block or a route.
#[derive(Default)]
pub(crate) struct Annotations {
    pub(crate) description: String,
    /// The span where the description begins.
    pub(crate) text: Option<Span>,
    pub(crate) deprecated: Option<Deprecation>,
    /// The names of `#[was("users.view")]`, which may be written several times.
    pub(crate) was: Vec<LitStr>,
    pub(crate) title: Option<LitStr>,
    pub(crate) tenancy: Option<(Tenancy, Extent)>,
    pub(crate) raw: Vec<(String, Extent)>,
    pub(crate) trailing_slash: Option<Extent>,
    /// The reasons of `#[overlaps("why")]`, which may be written several times.
    pub(crate) overlaps: Vec<(String, Extent)>,
}

/// The kind of item that has the attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearer {
    Scope,
    Block,
    Route,
}

impl Bearer {
    fn possible(self) -> &'static [&'static str] {
        match self {
            Self::Scope => &["doc", "title", "was", "deprecated", "global", "unbound"],
            Self::Block => &["global", "unbound"],
            Self::Route => &["doc", "deprecated", "global", "unbound", "raw", "trailing_slash", "overlaps"],
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Scope => "a scope",
            Self::Block => "a block of routes",
            Self::Route => "a route",
        }
    }
}

impl Annotations {
    pub(super) fn read(attributes: &[Attribute], bearer: Bearer, errors: &mut Errors) -> Self {
        let mut annotations = Self::default();
        let mut lines = Vec::new();
        for attribute in attributes {
            let name = attribute.name.as_str();
            if !bearer.possible().contains(&name) {
                errors.at(attribute.extent, unknown(name, bearer));
                continue;
            }
            match annotations.take(attribute, &mut lines) {
                Ok(()) => {}
                Err(Mistake::Whole(message)) => errors.at(attribute.extent, message),
                Err(Mistake::Token(error)) => errors.syntax(&error),
            }
        }
        annotations.description = joined(&lines);
        annotations
    }

    fn take(&mut self, attribute: &Attribute, lines: &mut Vec<String>) -> Result<(), Mistake> {
        let extent = attribute.extent;
        let twice = || Err(format!("`#[{}]` is written twice", attribute.name).into());
        match attribute.name.as_str() {
            "doc" => {
                let text = attribute.text();
                lines
                    .push(text.ok_or("the text goes into tables, so it must be a doc comment or `#[doc = \"text\"]`")?);
                self.text.get_or_insert(extent.start);
            }
            "deprecated" => {
                // A deprecation with a mistake still counts as one.
                let (deprecation, mistake) = match Deprecation::parse(&attribute.arguments) {
                    Ok(deprecation) => (deprecation, None),
                    Err(mistake) => (Deprecation::default(), Some(mistake)),
                };
                if self.deprecated.replace(deprecation).is_some() {
                    return twice();
                }
                return mistake.map_or(Ok(()), Err);
            }
            "was" => self
                .was
                .extend(attribute.literals().ok_or("write the name that tokens had before: `#[was(\"users.view\")]`")?),
            "title" => {
                let title = attribute.literal().ok_or("write the title as a string: `#[title = \"Read users\"]`")?;
                if self.title.replace(title).is_some() {
                    return twice();
                }
            }
            name @ ("global" | "unbound") => {
                let reason = attribute.reason();
                let missing = reason.is_none();
                // Without a reason, the attribute still counts as present. Otherwise the compiler
                // would also report that it is missing.
                let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
                let tenancy = if name == "global" { Tenancy::Global(reason) } else { Tenancy::Unbound(reason) };
                if self.tenancy.replace((tenancy, extent)).is_some() {
                    return Err("one `#[global(..)]` or one `#[unbound(..)]`, not more".into());
                }
                if missing {
                    return Err(format!("say why: `#[{name}(\"reason\")]`").into());
                }
            }
            "overlaps" => match attribute.reason() {
                Some(reason) => self.overlaps.push((reason, extent)),
                None => {
                    // Without a reason, the attribute still counts. Otherwise the overlap would be
                    // a second mistake.
                    self.overlaps.push(("no reason given".to_owned(), extent));
                    return Err("say why: `#[overlaps(\"reason\")]`".into());
                }
            },
            "raw" => self.raw.extend(attribute.names().ok_or("name the parameters: `#[raw(name)]`")?),
            _ => {
                if self.trailing_slash.replace(extent).is_some() {
                    return twice();
                }
                if !attribute.has_no_arguments() {
                    return Err(format!("`#[{}]` takes no arguments", attribute.name).into());
                }
            }
        }
        Ok(())
    }
}

fn unknown(name: &str, bearer: Bearer) -> String {
    if bearer == Bearer::Block && name == "doc" {
        return "a block of routes has no text of its own, document its routes, or write `//`".to_owned();
    }
    if name == "strict" {
        return "write `#![strict]`, before the `mod` line".to_owned();
    }
    if matches!(name, "description" | "summary" | "title" | "text") {
        return format!("the text of {} is a doc comment: write `/// text` before it", bearer.noun());
    }
    if matches!(name, "cfg" | "cfg_attr") {
        return format!(
            "`#[{name}]` is not possible on {}: put it on the whole `scopes!`, or let this be declared in every build",
            bearer.noun()
        );
    }
    let suggestion = suggest::nearest(name, bearer.possible().iter().copied());
    let suggestion = suggestion.map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default();
    let possible = bearer.possible().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    format!("`#[{name}]` is not possible on {}{suggestion}\npossible are: {possible}", bearer.noun())
}

/// Reports attributes at a place that takes none.
pub(super) fn refuse(attributes: &[Attribute], on: &str, errors: &mut Errors) {
    for attribute in attributes {
        errors.at(attribute.extent, format_args!("`{on}` takes no attributes"));
    }
}

/// Reads attributes. If one cannot be read, the attributes before it are lost and the item is
/// skipped.
pub(super) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> Option<Vec<Attribute>> {
    match Attribute::parse_outer(input, errors) {
        Ok(attributes) => Some(attributes),
        Err(error) => {
            errors.syntax(&error);
            errors.lose_scope();
            recover::skip_item(input);
            None
        }
    }
}
