//! Small tools on token streams: functions and expressions are edited as tokens, never parsed.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// A reading position in a list of tokens.
pub(super) struct Cursor<'t> {
    tokens: &'t [TokenTree],
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(tokens: &'t [TokenTree]) -> Self {
        Self { tokens, at: 0 }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'t [TokenTree] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    pub(super) fn peek(&self) -> Option<&'t TokenTree> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, offset: usize) -> Option<&'t TokenTree> {
        self.tokens.get(self.at + offset)
    }

    pub(super) fn next(&mut self) -> Option<&'t TokenTree> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    pub(super) fn ident(&self) -> Option<&'t Ident> {
        self.ident_at(0)
    }

    pub(super) fn ident_at(&self, offset: usize) -> Option<&'t Ident> {
        match self.peek_at(offset) {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        }
    }

    pub(super) fn is_punct(&self, character: char) -> bool {
        self.is_punct_at(0, character)
    }

    pub(super) fn is_punct_at(&self, offset: usize, character: char) -> bool {
        self.peek_at(offset).is_some_and(|token| is_punct(token, character))
    }

    /// `::`, and not the first two of `: ::`.
    pub(super) fn is_path_separator_at(&self, offset: usize) -> bool {
        let joint = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.spacing() == proc_macro2::Spacing::Joint);
        self.is_punct_at(offset, ':') && self.peek_at(offset).is_some_and(joint) && self.is_punct_at(offset + 1, ':')
    }

    pub(super) fn group_at(&self, offset: usize, delimiter: Delimiter) -> Option<&'t Group> {
        match self.peek_at(offset) {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
            _ => None,
        }
    }

    /// The tokens up to the next comma outside of `<..>`, which is not read.
    pub(super) fn up_to_comma(&mut self) -> &'t [TokenTree] {
        let rest = self.rest();
        let end = comma(rest).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// The span of the next token, or of the last one if there is no next.
    pub(super) fn span(&self) -> Span {
        self.peek().or_else(|| self.tokens.last()).map_or_else(Span::call_site, TokenTree::span)
    }
}

pub(super) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

pub(super) fn is_ident(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == text)
}

/// Follows `<` and `>` through types and expressions; `->` and `=>` close nothing.
///
/// In a type every `<` opens. In an expression it may be a comparison: there it opens after `::`, and where an operand begins.
pub(super) struct Angles {
    depth: usize,
    types: bool,
    before: Before,
}

/// The token before, as far as it matters.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Operator,
    Operand,
    Separator,
    Arrow,
}

impl Angles {
    pub(super) const fn in_types() -> Self {
        Self { depth: 0, types: true, before: Before::Operator }
    }

    pub(super) const fn in_expression() -> Self {
        Self { depth: 0, types: false, before: Before::Operator }
    }

    /// Takes the next token; whether it stands outside of all `<..>`, the closing `>` included.
    pub(super) fn outside(&mut self, token: &TokenTree) -> bool {
        let before = self.before;
        self.before = match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' if self.types || self.depth > 0 || before != Before::Operand => {
                    self.depth += 1;
                    Before::Operator
                }
                '>' if self.depth > 0 && before != Before::Arrow => {
                    self.depth -= 1;
                    Before::Operand
                }
                '?' => Before::Operand,
                ':' => Before::Separator,
                '-' | '=' if punct.spacing() == proc_macro2::Spacing::Joint => Before::Arrow,
                _ => Before::Operator,
            },
            _ => Before::Operand,
        };
        self.depth == 0
    }
}

/// The first comma outside of `<..>`, in an expression or a type.
fn comma(tokens: &[TokenTree]) -> Option<usize> {
    let mut angles = Angles::in_expression();
    tokens.iter().position(|token| angles.outside(token) && is_punct(token, ','))
}

/// The text between the quotes of a string literal. Escapes are resolved; `None` for other literals.
pub(super) fn string(literal: &Literal) -> Option<String> {
    syn::parse2::<syn::LitStr>(literal.to_token_stream()).ok().map(|literal| literal.value())
}

/// A string literal with a span.
pub(super) fn literal(text: &str, span: Span) -> Literal {
    let mut literal = Literal::string(text);
    literal.set_span(span);
    literal
}

/// The place of a span, with names resolved where the attribute stands, marked as made by a macro so that lints about what
/// people write leave it alone.
///
/// Not `mixed_site`: Rocket gives its own local variables the span of a parameter's type, and would not find them.
pub(super) fn generated(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// The same tokens as made by a macro, each in its place or all in one. `$crate` means what it does through its span, and
/// keeps that.
pub(super) fn all_generated(tokens: &[TokenTree], place: Option<Span>) -> TokenStream {
    let generated = |token: &TokenTree| {
        let mut token = token.clone();
        let place = place.unwrap_or_else(|| token.span());
        token.set_span(if is_ident(&token, "$crate") { token.span().located_at(place) } else { generated(place) });
        token
    };
    tokens.iter().map(generated).collect()
}

/// The tokens without the groups in which `macro_rules!` wraps what it was given, such as the literal of `$path:literal`.
pub(super) fn ungrouped(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => all.extend(ungrouped(group.stream())),
            token => all.push(token),
        }
    }
    all
}

/// The same, but for the values of `from` and `tenant`, which are expressions: there a group says what binds closer.
pub(super) fn ungrouped_but_for_values(tokens: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut cursor = Cursor::new(&tokens);
    let mut all: Vec<TokenTree> = Vec::new();
    while let Some(token) = cursor.peek() {
        let begins = all.last().is_none_or(|before| is_punct(before, ','));
        if begins && (is_ident(token, "from") || is_ident(token, "tenant")) && cursor.is_punct_at(1, '=') {
            all.extend_from_slice(cursor.up_to_comma());
        } else {
            all.extend(ungrouped([token.clone()]));
            cursor.skip(1);
        }
    }
    all
}

/// Replaces what stands in a group; delimiter and span stay.
pub(super) fn regroup(group: &Group, stream: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    new
}

/// The text of an identifier without `r#`.
pub(super) fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// A single punctuation mark.
pub(super) fn punct(character: char, span: Span) -> TokenTree {
    let mut punct = Punct::new(character, proc_macro2::Spacing::Alone);
    punct.set_span(span);
    TokenTree::Punct(punct)
}

/// Text in which white space does not count: how tokens are spaced differs.
#[cfg(test)]
pub(super) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<TokenTree> {
        text.parse::<TokenStream>().unwrap().into_iter().collect()
    }

    #[test]
    fn commas_that_end_an_expression() {
        for (text, expected) in [
            ("a, b", "a"),
            ("f::<A, B>(x, y), b", "f :: < A , B > (x , y)"),
            ("<T as Into<A, B>>::into(x), b", "< T as Into < A , B > > :: into (x)"),
            ("a < b, c > d", "a < b"),
            ("x? < y, z", "x ? < y"),
            ("f::<fn(A) -> B, C>(), b", "f :: < fn (A) -> B , C > ()"),
            ("|x| x, b", "| x | x"),
            ("&<A, B>::new(), c", "& < A , B > :: new ()"),
            ("a", "a"),
            ("", ""),
        ] {
            let all = tokens(text);
            let mut cursor = Cursor::new(&all);
            let found: TokenStream = cursor.up_to_comma().iter().cloned().collect();
            assert_eq!(squeezed(&found.to_string()), squeezed(expected), "{text}");
        }
    }

    #[test]
    fn strings() {
        for (text, expected) in [
            ("\"/a\"", Some("/a")),
            ("r#\"/a\"#", Some("/a")),
            ("\"\\u{61}\"", Some("a")),
            ("1", None),
            ("b\"a\"", None),
        ] {
            let all = tokens(text);
            let [TokenTree::Literal(literal)] = &*all else { panic!("{text}") };
            assert_eq!(string(literal).as_deref(), expected, "{text}");
        }
    }
}
