//! Reads a list of tokens: the position in it, and where `<..>` begins and ends.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenTree};

/// A reading position in a list of tokens.
pub(crate) struct Cursor<'t> {
    tokens: &'t [TokenTree],
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) const fn new(tokens: &'t [TokenTree]) -> Self {
        Self { tokens, at: 0 }
    }

    /// The tokens that have not been read yet.
    pub(crate) fn rest(&self) -> &'t [TokenTree] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    pub(crate) fn peek(&self) -> Option<&'t TokenTree> {
        self.peek_at(0)
    }

    pub(crate) fn peek_at(&self, offset: usize) -> Option<&'t TokenTree> {
        self.tokens.get(self.at + offset)
    }

    pub(crate) fn next(&mut self) -> Option<&'t TokenTree> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(crate) fn skip(&mut self, count: usize) {
        self.at += count;
    }

    pub(crate) fn ident(&self) -> Option<&'t Ident> {
        self.ident_at(0)
    }

    pub(crate) fn ident_at(&self, offset: usize) -> Option<&'t Ident> {
        match self.peek_at(offset) {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        }
    }

    pub(crate) fn is_punct(&self, character: char) -> bool {
        self.is_punct_at(0, character)
    }

    pub(crate) fn is_punct_at(&self, offset: usize, character: char) -> bool {
        self.peek_at(offset).is_some_and(|token| is_punct(token, character))
    }

    /// Whether a `::` follows, and not the first two characters of `: ::`.
    pub(crate) fn is_path_separator_at(&self, offset: usize) -> bool {
        let joint = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
        self.is_punct_at(offset, ':') && self.peek_at(offset).is_some_and(joint) && self.is_punct_at(offset + 1, ':')
    }

    pub(crate) fn group_at(&self, offset: usize, delimiter: Delimiter) -> Option<&'t Group> {
        match self.peek_at(offset) {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
            _ => None,
        }
    }

    /// Reads the tokens up to the next comma outside of `<..>`; the comma stays.
    pub(crate) fn up_to_comma(&mut self) -> &'t [TokenTree] {
        let rest = self.rest();
        let end = comma(rest).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// The span of the token before this position.
    pub(crate) fn last_span(&self) -> Option<Span> {
        self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).map(TokenTree::span)
    }

    /// The span of the next token, or of the last one at the end.
    pub(crate) fn span(&self) -> Span {
        self.peek().or_else(|| self.tokens.last()).map_or_else(Span::call_site, TokenTree::span)
    }
}

pub(crate) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

pub(crate) fn is_ident(token: &TokenTree, text: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == text)
}

/// Follows `<` and `>` through types and expressions. The `>` of `->` and `=>` closes nothing.
///
/// In a type, every `<` opens. In an expression, `<` may be a comparison: it opens only after `::`
/// and where an operand begins.
pub(crate) struct Angles {
    depth: usize,
    types: bool,
    previous: Previous,
}

/// The kind of the previous token.
#[derive(Clone, Copy, PartialEq)]
enum Previous {
    Operator,
    Operand,
    Separator,
    Arrow,
}

impl Angles {
    pub(crate) const fn in_types() -> Self {
        Self { depth: 0, types: true, previous: Previous::Operator }
    }

    pub(crate) const fn in_expression() -> Self {
        Self { depth: 0, types: false, previous: Previous::Operator }
    }

    /// Takes the next token; returns whether it is outside of all `<..>`. A `>` that closes the
    /// last one is outside.
    pub(crate) fn outside(&mut self, token: &TokenTree) -> bool {
        let previous = self.previous;
        self.previous = match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' if self.types || self.depth > 0 || previous != Previous::Operand => {
                    self.depth += 1;
                    Previous::Operator
                }
                '>' if self.depth > 0 && previous != Previous::Arrow => {
                    self.depth -= 1;
                    Previous::Operand
                }
                '?' => Previous::Operand,
                ':' => Previous::Separator,
                '-' | '=' if punct.spacing() == Spacing::Joint => Previous::Arrow,
                _ => Previous::Operator,
            },
            _ => Previous::Operand,
        };
        self.depth == 0
    }
}

/// The position of the first comma outside of `<..>`, in an expression or a type.
fn comma(tokens: &[TokenTree]) -> Option<usize> {
    let mut angles = Angles::in_expression();
    tokens.iter().position(|token| angles.outside(token) && is_punct(token, ','))
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::*;
    use crate::requires::tokens::squeezed;

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
}
