//! The parameters of a function, as tokens.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

use crate::requires::cursor::{Angles, Cursor, is_ident, is_punct};
use crate::requires::tokens::ungrouped;

/// One parameter: its attributes with the `#`, and its other tokens.
pub(super) struct Parameter {
    pub(super) attributes: Vec<(TokenTree, Group)>,
    rest: Vec<TokenTree>,
}

/// The parameters, each with the comma that follows it.
pub(super) fn parameters(group: &Group) -> Vec<(Parameter, Option<TokenTree>)> {
    let mut parameters = Vec::new();
    let mut rest = Vec::new();
    let mut angles = Angles::in_types();
    for token in group.stream() {
        if angles.outside(&token) && is_punct(&token, ',') {
            parameters.push((Parameter::new(std::mem::take(&mut rest)), Some(token)));
        } else {
            rest.push(token);
        }
    }
    if !rest.is_empty() {
        parameters.push((Parameter::new(rest), None));
    }
    parameters
}

impl Parameter {
    fn new(tokens: Vec<TokenTree>) -> Self {
        let mut attributes = Vec::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(hash) = tokens.next_if(|token| is_punct(token, '#')) {
            match tokens.next() {
                Some(TokenTree::Group(group)) => attributes.push((hash, group)),
                odd => return Self { attributes, rest: [hash].into_iter().chain(odd).chain(tokens).collect() },
            }
        }
        Self { attributes, rest: tokens.collect() }
    }

    /// Whether it is a receiver: `self`, `mut self`, `&self`, `&'a mut self`, `self: Arc<Self>`.
    pub(super) fn is_receiver(&self) -> bool {
        let mut cursor = Cursor::new(&self.rest);
        if cursor.is_punct('&') {
            cursor.skip(1);
        }
        if cursor.is_punct('\'') {
            cursor.skip(2);
        }
        if cursor.ident().is_some_and(|word| word == "mut") {
            cursor.skip(1);
        }
        cursor.ident().is_some_and(|word| word == "self") && !cursor.is_path_separator_at(1)
    }

    /// The name in `name: T` or `mut name: T`.
    pub(super) fn plain_name(&self) -> Option<Ident> {
        let mut cursor = Cursor::new(&self.rest);
        if cursor.ident().is_some_and(|word| word == "mut") {
            cursor.skip(1);
        }
        let name = cursor.ident()?;
        let plain = cursor.is_punct_at(1, ':') && !cursor.is_path_separator_at(1) && name != "_";
        plain.then(|| name.clone())
    }

    /// The identifiers of the parameter.
    pub(super) fn idents(&self) -> Vec<String> {
        let mut found = Vec::new();
        idents(&self.rest, &mut found);
        found
    }

    /// The identifiers in the pattern, as bindings or not.
    pub(super) fn idents_of_pattern(&self) -> Vec<String> {
        let mut found = Vec::new();
        idents(self.pattern(), &mut found);
        found
    }

    /// The tokens before the `:` of the type.
    fn pattern(&self) -> &[TokenTree] {
        let mut cursor = Cursor::new(&self.rest);
        while !cursor.is_empty() && (!cursor.is_punct(':') || cursor.is_path_separator_at(0)) {
            cursor.skip(if cursor.is_path_separator_at(0) { 2 } else { 1 });
        }
        &self.rest[..self.rest.len() - cursor.rest().len()]
    }

    pub(super) fn append_to(self, stream: &mut TokenStream) {
        for (hash, attribute) in self.attributes {
            stream.extend([hash, TokenTree::Group(attribute)]);
        }
        stream.extend(self.rest);
    }
}

/// Whether the attribute is `#[grant]`.
pub(super) fn is_grant(attribute: &Group) -> bool {
    ungrouped(attribute.stream()).first().is_some_and(|token| is_ident(token, "grant"))
}

/// Collects all identifiers in these tokens, also inside groups.
fn idents(tokens: &[TokenTree], found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => found.push(ident.to_string()),
            TokenTree::Group(group) => idents(&group.stream().into_iter().collect::<Vec<_>>(), found),
            _ => {}
        }
    }
}
