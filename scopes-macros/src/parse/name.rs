//! Names of scopes and the patterns after `includes`.

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Lit, LitBool, LitStr, Token};

use super::recover;
use crate::places::Extent;

/// A dotted name such as `environment.users.read`.
pub(crate) struct Dotted {
    /// At least one segment. Keywords are kept as the user wrote them, raw or not.
    pub(crate) segments: Vec<Ident>,
}

impl Dotted {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut segments: Vec<Ident> = Vec::new();
        loop {
            if input.peek(Lit) && (!input.peek(LitStr) || !segments.is_empty()) {
                return Err(number(input, &segments));
            }
            if input.peek(Token![.]) && !segments.is_empty() {
                return Err(recover::expected(input, "one dot stands between two segments of a scope's name"));
            }
            if input.peek(Token![*]) {
                return Err(recover::expected(
                    input,
                    "a name has no `*`: declare each scope by its name; a scope that includes others is written `all.read includes *.read;`",
                ));
            }
            if !input.peek(Ident::peek_any) {
                return Err(match segments.last() {
                    None => recover::expected(input, "expected a scope name such as `a.b.read`"),
                    Some(last) => syn::Error::new(
                        last.span(),
                        format_args!("expected the next part of the scope's name after `{}.`", joined(&segments)),
                    ),
                });
            }
            segments.push(input.call(Ident::parse_any)?);
            if input.parse::<Option<Token![.]>>()?.is_none() {
                return Ok(Self { segments });
            }
        }
    }

    /// The name as text, without `r#`.
    pub(crate) fn text(&self) -> String {
        joined(&self.segments)
    }

    pub(crate) fn extent(&self) -> Extent {
        match &*self.segments {
            [] => Span::call_site().into(),
            [only] => only.span().into(),
            [first, .., last] => Extent { start: first.span(), end: last.span() },
        }
    }

    /// The position of each segment in [`text`](Self::text), and its token.
    pub(crate) fn offsets(&self) -> Vec<(usize, Span)> {
        let mut offset = 0;
        let mut offsets = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            offsets.push((offset, segment.span()));
            offset += segment.unraw().to_string().len() + 1;
        }
        offsets
    }
}

fn joined(segments: &[Ident]) -> String {
    let mut text = String::new();
    for segment in segments {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(&segment.unraw().to_string());
    }
    text
}

/// The error for `a.0.1`, which contains the number `0.1`. Reads up to the end of the name, so that
/// the message can show the correct form.
fn number(input: ParseStream<'_>, segments: &[Ident]) -> syn::Error {
    let span = input.span();
    let why = match input.fork().parse::<LitBool>() {
        Ok(word) => format!("`{}` is not a word of a name", word.value),
        Err(_) => "a part of a name must not begin with a digit".to_owned(),
    };
    let mut name = joined(segments);
    let piece = || -> Option<String> {
        if input.peek(Lit) {
            let literal: Lit = input.parse().ok()?;
            return Some(match literal {
                Lit::Str(text) => text.value(),
                other => quote::ToTokens::to_token_stream(&other).to_string(),
            });
        }
        Some(input.call(Ident::parse_any).ok()?.unraw().to_string())
    };
    while let Some(piece) = piece() {
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&piece);
        if !matches!(input.parse::<Option<Token![.]>>(), Ok(Some(_))) {
            break;
        }
    }
    syn::Error::new(span, format_args!("{why}, write the name as a string: `{name:?}`"))
}

/// A scope's name, where it is declared or in `all(..)`.
pub(crate) enum ScopeName {
    /// A dotted name such as `environment.users.read`.
    Dotted(Dotted),
    /// A wire name such as `"legacy:status"`, optionally with `as legacy.status`.
    Quoted(LitStr, Option<Dotted>),
}

impl ScopeName {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(LitStr) {
            return Dotted::parse(input).map(Self::Dotted);
        }
        let wire = input.parse()?;
        let dotted = if input.parse::<Option<Token![as]>>()?.is_some() { Some(Dotted::parse(input)?) } else { None };
        Ok(Self::Quoted(wire, dotted))
    }

    /// The wire name.
    pub(crate) fn wire(&self) -> String {
        match self {
            Self::Dotted(dotted) => dotted.text(),
            Self::Quoted(wire, _) => wire.value(),
        }
    }

    /// The name as the user wrote it, in quotes or without.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Dotted(dotted) => dotted.text(),
            Self::Quoted(wire, _) => format!("{:?}", wire.value()),
        }
    }

    /// The tokens of the wire name.
    pub(crate) fn extent(&self) -> Extent {
        match self {
            Self::Dotted(dotted) => dotted.extent(),
            Self::Quoted(wire, _) => wire.span().into(),
        }
    }

    /// The tokens of the dotted name; `None` if the name is derived.
    pub(crate) fn dotted(&self) -> Option<&Dotted> {
        match self {
            Self::Dotted(dotted) => Some(dotted),
            Self::Quoted(_, dotted) => dotted.as_ref(),
        }
    }
}

/// A pattern after `includes`: `*.read` or `environment.users.read`.
pub(crate) struct Pattern {
    star: Option<Span>,
    dotted: Dotted,
}

impl Pattern {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let expected = "expected a scope name or a pattern such as `*.read` after `includes`";
        let star = input.parse::<Option<Token![*]>>()?;
        if star.is_some() && input.parse::<Option<Token![.]>>()?.is_none() {
            return Err(recover::expected(
                input,
                "expected `.` and the last segments of a name after `*`, such as `*.read`",
            ));
        }
        if input.peek(LitStr) || !(input.peek(Ident::peek_any) || input.peek(Lit)) {
            return Err(recover::expected(input, expected));
        }
        let ahead = input.fork();
        let dotted = Dotted::parse(input);
        if dotted.is_err()
            && let Some(error) = star_not_first(&ahead)
        {
            return Err(error);
        }
        Ok(Self { star: star.map(|star| star.spans[0]), dotted: dotted? })
    }

    /// The pattern as text: `*.read` or `environment.users.read`.
    pub(crate) fn text(&self) -> String {
        let name = self.dotted.text();
        if self.star.is_some() { format!("*.{name}") } else { name }
    }

    pub(crate) fn extent(&self) -> Extent {
        let extent = self.dotted.extent();
        self.star.map_or(extent, |star| Extent { start: star, end: extent.end })
    }
}

/// Reports `users.*` and `users.*.read` at the `*`.
fn star_not_first(input: ParseStream<'_>) -> Option<syn::Error> {
    let mut segments = Vec::new();
    while let Ok(segment) = input.call(Ident::parse_any) {
        segments.push(segment);
        input.parse::<Token![.]>().ok()?;
    }
    let message = format!(
        "`*` stands only at the beginning of a pattern, such as `*.read`: name the scopes under `{}` one by one",
        joined(&segments)
    );
    input.peek(Token![*]).then(|| syn::Error::new(input.span(), message))
}
