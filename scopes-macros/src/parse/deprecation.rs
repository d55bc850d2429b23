//! The attribute `#[deprecated]` of scopes and routes.

use proc_macro2::{Ident, TokenStream, TokenTree};
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use super::name::ScopeName;
use super::recover;

/// What `#[deprecated]` says. The core checks the dates and the name.
#[derive(Default)]
pub(crate) struct Deprecation {
    pub(crate) note: String,
    pub(crate) since: Option<LitStr>,
    pub(crate) sunset: Option<LitStr>,
    /// The scope after `use`.
    pub(crate) successor: Option<ScopeName>,
}

/// The possible keys, in the order in which an error lists them.
const KEYS: [&str; 4] = ["since", "sunset", "use", "note"];

impl Deprecation {
    /// Reads the arguments: none, `= "text"`, or `(since = "2026-11-01", use = other.scope)`.
    pub(super) fn parse(arguments: &TokenStream) -> Result<Self, Mistake> {
        if arguments.is_empty() {
            return Ok(Self::default());
        }
        let text = |input: ParseStream<'_>| {
            input.parse::<Token![=]>()?;
            input.parse::<LitStr>()
        };
        if let Ok(text) = text.parse2(arguments.clone()) {
            return Ok(Self { note: text.value(), ..Self::default() });
        }
        if is_of_another_form(arguments) {
            return Err(as_meant(arguments).into());
        }
        let pairs = |input: ParseStream<'_>| {
            let content;
            syn::parenthesized!(content in input);
            Punctuated::<Pair, Token![,]>::parse_terminated_with(&content, Pair::parse)
        };
        let mut deprecation = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for pair in pairs.parse2(arguments.clone())? {
            let key = pair.key.to_string();
            if seen.contains(&key) {
                return Err(syn::Error::new(pair.key.span(), format_args!("`{key}` is written twice")).into());
            }
            match (&*key, pair.value) {
                ("since", Value::Text(text)) => deprecation.since = Some(text),
                ("sunset", Value::Text(text)) => deprecation.sunset = Some(text),
                (_, Value::Text(text)) => deprecation.note = text.value(),
                (_, Value::Scope(name)) => deprecation.successor = Some(name),
            }
            seen.push(key);
        }
        deprecation.version_to_note();
        Ok(deprecation)
    }

    /// Rust's own attribute has a version in `since`, which becomes part of the note.
    fn version_to_note(&mut self) {
        if let Some(version) = self.since.as_ref().map(LitStr::value).filter(|text| is_version(text)) {
            self.since = None;
            self.note = match &*self.note {
                "" => format!("since {version}"),
                note => format!("{note} (since {version})"),
            };
        }
    }
}

/// A mistake in an attribute.
pub(super) enum Mistake {
    /// The attribute as a whole is wrong.
    Whole(String),
    /// One of its tokens is wrong.
    Token(syn::Error),
}

impl From<String> for Mistake {
    fn from(message: String) -> Self {
        Self::Whole(message)
    }
}

impl From<&str> for Mistake {
    fn from(message: &str) -> Self {
        Self::Whole(message.to_owned())
    }
}

impl From<syn::Error> for Mistake {
    fn from(error: syn::Error) -> Self {
        Self::Token(error)
    }
}

/// One argument: `since = "2026-11-01"`.
struct Pair {
    key: Ident,
    value: Value,
}

enum Value {
    Text(LitStr),
    Scope(ScopeName),
}

impl Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let word = key.to_string();
        if !KEYS.contains(&&*word) {
            return Err(syn::Error::new(key.span(), unknown(&word)));
        }
        let example = match &*word {
            "use" => "use = users.read",
            "note" => "note = \"why\"",
            "sunset" => "sunset = \"2027-05-01\"",
            _ => "since = \"2026-11-01\"",
        };
        if input.parse::<Token![=]>().is_err() {
            return Err(syn::Error::new(key.span(), format_args!("expected `=` after `{word}`, such as `{example}`")));
        }
        let value = match &*word {
            "use" if input.peek(LitStr) || input.peek(Ident::peek_any) => Value::Scope(ScopeName::parse(input)?),
            "since" | "sunset" | "note" if input.peek(LitStr) => Value::Text(input.parse()?),
            "use" => {
                return Err(recover::expected(
                    input,
                    format_args!("expected the name of a scope, such as `{example}`"),
                ));
            }
            _ => return Err(recover::expected(input, format_args!("expected a string, such as `{example}`"))),
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(recover::expected(input, format_args!("expected `,` after the value of `{word}`")));
        }
        Ok(Self { key, value })
    }
}

fn unknown(word: &str) -> String {
    let meant = match word {
        "until" | "removed" | "end" | "expires" => Some("sunset"),
        "replacement" | "successor" | "instead" | "suggestion" => Some("use"),
        "reason" | "message" | "text" | "description" => Some("note"),
        "date" | "from" | "start" => Some("since"),
        _ => suggest::nearest(word, KEYS),
    };
    let meant = meant.map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
    let possible = KEYS.map(|key| format!("`{key}`")).join(", ");
    format!("`{word}` is not possible in `#[deprecated(..)]`{meant}\npossible are: {possible}")
}

/// Whether the arguments are in another language's form: one text, or one argument of another name.
fn is_of_another_form(arguments: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
    let [TokenTree::Group(group)] = &*tokens else { return true };
    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
    let names_a_key = |token: &TokenTree| {
        matches!(token, TokenTree::Ident(word) if KEYS.contains(&&*word.to_string())
            || suggest::nearest(&word.to_string(), KEYS).is_some())
    };
    !inside.is_empty() && !inside.iter().any(names_a_key)
}

/// The advice for `#[deprecated("text")]`.
fn as_meant(arguments: &TokenStream) -> String {
    let text = arguments.clone().into_iter().find_map(|token| match token {
        TokenTree::Group(group) => {
            group.stream().into_iter().find_map(|token| syn::parse2::<LitStr>(token.into()).ok())
        }
        _ => None,
    });
    match text {
        Some(text) => format!("write `#[deprecated = {:?}]`", text.value()),
        None => "write `#[deprecated = \"what to use instead\"]`".to_owned(),
    }
}

/// Whether a text is a version such as `2.0` or `1.4.0-beta.1`, and not a misspelt date.
fn is_version(text: &str) -> bool {
    let numbers = match text.find(['-', '+']) {
        Some(end) if text.get(..end).is_some_and(|numbers| numbers.matches('.').count() == 2) => text.get(..end),
        _ => Some(text),
    };
    let mut numbers = numbers.unwrap_or_default().split('.');
    let is_number = |number: &str| (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    numbers.clone().count() <= 3 && numbers.all(is_number)
}
