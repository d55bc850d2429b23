//! Notations of other languages in a requirement, and what to write instead.

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenTree};
use quote::ToTokens as _;

use crate::errors::Errors;
use crate::places::Extent;
use crate::requires::cursor::{Cursor, is_ident, is_punct};
use crate::requires::tokens::unraw;

pub(super) const NEGATED: &str = "a requirement cannot be negated: a grant of fewer scopes would then be allowed more";

const CONDITION: &str = "a requirement has no conditions: it must hold for every call of the handler";

/// The message for routes that demand no scope, by the word of their block.
pub(in crate::requires) fn open_route(word: &str) -> Option<&'static str> {
    Some(match word {
        "public" | "none" | "anyone" | "anonymous" => {
            "a public route is declared as `public(\"why\") { .. }` in `scopes!`, and its handler has no `#[requires]`"
        }
        "authenticated" => {
            "a route for every caller with a grant is declared as `authenticated(\"why\") { .. }` in `scopes!`, and its handler takes the catalogue's `Grant` instead of `#[requires]`"
        }
        "external" => {
            "a route with credentials of its own is declared as `external(\"why\") { .. }` in `scopes!`, and its handler has no `#[requires]`"
        }
        _ => return None,
    })
}

/// Refuses a single word without a path if it is more likely a word of another language than an
/// imported scope.
pub(super) fn check_word(word: &Ident) -> Result<(), String> {
    let text = unraw(word);
    if let Some(message) = open_route(&text) {
        return Err(message.to_owned());
    }
    if matches!(&*text, "any" | "all") {
        return Err(format!("`{text}` names its scopes: `{text}(api::users.read, api::users.write)`"));
    }
    let is_constant = text.chars().any(|character| character.is_ascii_uppercase())
        && !text.chars().any(|character| character.is_ascii_lowercase());
    if is_constant {
        return Err(format!(
            "a scope's name is written, not a value: `api::users.read`; a scope of the name `{text}` is written after its catalogue's path, `api::{text}`"
        ));
    }
    Ok(())
}

/// Reports tokens that cannot begin a requirement. Returns whether a requirement may follow.
pub(super) fn before_a_name(cursor: &mut Cursor<'_>, errors: &mut Errors) -> bool {
    let span = cursor.span();
    let Some(token) = cursor.peek() else { return true };
    if is_punct(token, '&') {
        errors.at(span, "a scope is a name and not a value: remove `&`");
        cursor.skip(1);
        return true;
    }
    let Some(word) = cursor.ident().map(unraw) else { return true };
    let next = cursor.peek_at(1);
    let is_followed_by_word = matches!(next, Some(TokenTree::Ident(after)) if after != "as");
    match &*word {
        "not" | "unless" if is_followed_by_word => errors.at(span, NEGATED),
        "if" | "when" | "where" if is_followed_by_word => errors.at(span, CONDITION),
        "Any" | "All" | "Permit" | "Stricter" if next.is_some_and(|next| is_punct(next, '<')) => {
            let instead = match &*word {
                "Any" => "`any(api::users.read, api::users.write)`",
                "All" => "`all(api::users.read, api::users.write)`",
                "Stricter" => "`api::users.read, stricter`",
                _ => "the scope alone, `api::users.read`",
            };
            errors.at(span, format!("`{word}<..>` is a type, here write {instead}"));
        }
        "any" | "all" if next.is_some_and(|next| is_punct(next, '!')) => {
            errors.at(cursor.peek_at(1).map_or(span, TokenTree::span), format!("`{word}(..)` has no `!`: remove it"));
        }
        _ => return true,
    }
    while !cursor.is_empty() {
        cursor.skip(1);
    }
    false
}

/// Methods of Rust values, which users sometimes call on a scope's name.
const METHODS: [&str; 10] =
    ["into", "clone", "as_str", "to_string", "to_owned", "id", "unwrap", "name", "contains", "as_ref"];

/// Recognises `api::users.read.into()` after the name, and removes the method from the name.
pub(super) fn method_of_a_name(segments: &mut Vec<Ident>, cursor: &mut Cursor<'_>, errors: &mut Errors) {
    let Some(arguments) = cursor.group_at(0, Delimiter::Parenthesis) else { return };
    let is_method = segments.len() > 1 && segments.last().is_some_and(|last| METHODS.contains(&&*unraw(last)));
    if is_method && let Some(method) = segments.pop() {
        let message =
            format!("a scope is a name and not a value: remove `.{}{}`", unraw(&method), arguments.to_token_stream());
        errors.at(Extent::new(method.span(), arguments.span()), message);
        cursor.skip(1);
    }
}

/// Recognises `api::users:read`, `api::users/read` and `api::users["read"]`: reports the token in
/// place of the dot, and reads the rest of the name. Returns whether there was such a token.
pub(super) fn separator_of_a_name(
    written: &str,
    segments: usize,
    cursor: &mut Cursor<'_>,
    errors: &mut Errors,
) -> bool {
    let span = cursor.span();
    let mut name = written.to_owned();
    while let Some(segment) = segment_after_a_sign(segments, cursor) {
        name = format!("{name}.{segment}");
    }
    if name == written {
        return false;
    }
    errors.at(span, format!("the segments of a scope's name are separated by dots: `{name}`"));
    true
}

/// Reads `:read`, `/read`, `-read` or `["read"]` after a segment.
fn segment_after_a_sign(segments: usize, cursor: &mut Cursor<'_>) -> Option<String> {
    if let Some(group) = cursor.group_at(0, Delimiter::Bracket) {
        let Ok(literal) = syn::parse2::<syn::LitStr>(group.stream()) else { return None };
        let segment = literal.parse::<Ident>().ok()?;
        cursor.skip(1);
        return Some(unraw(&segment));
    }
    let segment = cursor.ident_at(1)?;
    // Not part of a name: the `:` of `api::users.read: Permit`, and the `-` before another path, as
    // in `api::users.read - api::users.write`.
    let is_sign = cursor.is_punct('/') || cursor.is_punct('-') || cursor.is_punct(':') && segments == 1;
    if !is_sign || cursor.is_path_separator_at(2) {
        return None;
    }
    cursor.skip(2);
    Some(unraw(segment))
}

/// The message for an unknown argument, if its intention is known.
pub(super) fn argument(word: &str, cursor: &Cursor<'_>) -> Option<String> {
    let name = cursor.ident_at(2).filter(|_| cursor.is_punct_at(1, '='));
    match word {
        "permit" | "name" | "param" | "parameter" | "binding" | "bind" | "into" => {
            let name = name.map_or_else(|| "permit".to_owned(), ToString::to_string);
            Some(format!("the name of the permit stands after `as`: write `as {name}`"))
        }
        "grant" | "caller" | "identity" | "user" if cursor.is_punct_at(1, '=') => {
            Some(format!("where the grant comes from is written `from = ..`: replace `{word}` by `from`"))
        }
        "first" | "third" | "last" | "position" | "order" | "index" | "at" => {
            Some("the permit is the first parameter; `second` alone puts it after one that must come first".to_owned())
        }
        _ => None,
    }
}

/// The message for a group in place of a requirement.
pub(super) fn group(tokens: &[TokenTree]) -> String {
    if tokens.iter().any(|token| is_punct(token, ',') || is_punct(token, '|') || is_punct(token, '&')) {
        return "write `any(..)` if one of these scopes suffices, `all(..)` if the caller needs every one".to_owned();
    }
    let name: String = tokens.iter().map(ToString::to_string).collect();
    if name.is_empty() || tokens.iter().any(|token| matches!(token, TokenTree::Group(_) | TokenTree::Literal(_))) {
        return "a scope stands alone, without brackets, such as `api::users.read`".to_owned();
    }
    format!("one scope stands alone, without brackets: `{name}`")
}

/// The message for a token after a requirement that is not a comma, and for the tokens after it.
pub(super) fn after_a_name(token: &TokenTree, rest: &[TokenTree]) -> (Span, String) {
    let message = match token {
        token if name_after_an_arrow(token, rest).is_some() => {
            let name = name_after_an_arrow(token, rest).map(ToString::to_string).unwrap_or_default();
            format!("the name of the permit stands after `as`: write `as {name}`")
        }
        token if is_punct(token, '|') => "`|` does not combine scopes, write `any(a, b)`".to_owned(),
        token if is_punct(token, '&') || is_punct(token, '+') => {
            format!("`{token}` does not combine scopes, write `all(a, b)`")
        }
        token if is_ident(token, "or") => "`or` does not combine scopes, write `any(a, b)`".to_owned(),
        token if is_ident(token, "and") => "`and` does not combine scopes, write `all(a, b)`".to_owned(),
        token if is_punct(token, '-') => NEGATED.to_owned(),
        token if ["if", "when", "where", "unless"].into_iter().any(|word| is_ident(token, word)) => {
            CONDITION.to_owned()
        }
        token if [';', ':', '='].into_iter().any(|mark| is_punct(token, mark)) => {
            let is_arrow =
                matches!(token, TokenTree::Punct(mark) if mark.as_char() == '=' && mark.spacing() == Spacing::Joint);
            format!("write `,` for `{}`", if is_arrow { "=>".to_owned() } else { token.to_string() })
        }
        token if ['?', '!', '*'].into_iter().any(|mark| is_punct(token, mark)) => {
            format!("nothing stands after a scope's name: remove `{token}`")
        }
        TokenTree::Group(group) if group.delimiter() != Delimiter::Brace => {
            format!("a scope is a name and not a value: remove `{}`", group.to_token_stream())
        }
        token => format!("expected `,` before `{}`", token.to_token_stream()),
    };
    (token.span(), message)
}

/// The name in `=> permit` and `-> permit`.
fn name_after_an_arrow<'t>(token: &TokenTree, rest: &'t [TokenTree]) -> Option<&'t Ident> {
    let is_arrow =
        (is_punct(token, '=') || is_punct(token, '-')) && rest.first().is_some_and(|next| is_punct(next, '>'));
    match rest.get(1..)? {
        [TokenTree::Ident(name)] if is_arrow => Some(name),
        [TokenTree::Ident(name), comma, ..] if is_arrow && is_punct(comma, ',') => Some(name),
        _ => None,
    }
}
