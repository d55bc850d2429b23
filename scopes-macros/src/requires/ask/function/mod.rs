//! A function as tokens: the tokens before its parameters, the parameters, the tokens after them,
//! the body.
//!
//! Nothing inside is parsed, so a half-typed body causes no error, and `syn` does not need the
//! feature `full`.

mod item;
mod parameter;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};

pub(super) use self::item::closure;
use self::item::{no_function, qualifiers};
use self::parameter::{is_grant, parameters};
use crate::errors::Errors;
use crate::requires::cursor::{Angles, Cursor, is_ident};
use crate::requires::tokens::{generated, punct, regroup, ungrouped, unraw};

/// A function, free or in an `impl` or `trait`, with its body.
pub(super) struct Function {
    /// The attributes, visibility, qualifiers, name and generics.
    head: Vec<TokenTree>,
    /// The bracketed group of each attribute: first those at the beginning of `head`, then those
    /// that ran before `#[requires]`.
    attributes: Vec<Group>,
    parameters: Group,
    /// The return type and the `where` clause.
    tail: Vec<TokenTree>,
    body: Group,
    /// Items to print before the function.
    items: TokenStream,
}

impl Function {
    /// Splits a function into its parts. Reports an error and returns `None` if the item is not a
    /// function with a body.
    pub(super) fn parse(item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let tokens: Vec<TokenTree> = item.into_iter().collect();
        let mut cursor = Cursor::new(&tokens);
        let mut attributes = Vec::new();
        while let (true, Some(attribute)) = (cursor.is_punct('#'), cursor.group_at(1, Delimiter::Bracket)) {
            attributes.push(attribute.clone());
            cursor.skip(2);
        }
        let start = tokens.len() - cursor.rest().len();
        qualifiers(&mut cursor);
        let qualifiers = start..tokens.len() - cursor.rest().len();
        if !cursor.peek().is_some_and(|token| is_ident(token, "fn")) {
            errors.at(cursor.span(), no_function(&cursor));
            return None;
        }
        let keyword = cursor.span();
        // Skips `fn name`.
        cursor.skip(2);
        let mut angles = Angles::in_types();
        let parameters = loop {
            match cursor.next() {
                Some(token) => {
                    let outside = angles.outside(token);
                    if let TokenTree::Group(group) = token
                        && group.delimiter() == Delimiter::Parenthesis
                        && outside
                    {
                        break group.clone();
                    }
                }
                None => {
                    errors.at(keyword, "`#[requires]` goes on a function");
                    return None;
                }
            }
        };
        let (_, tail) = tokens.split_at(tokens.len() - cursor.rest().len());
        let mut head = tokens[..tokens.len() - tail.len() - 1].to_vec();
        // An IDE expands the attribute while the user has not written the body yet. rustc does not.
        let unwritten = || (Group::new(Delimiter::Brace, TokenStream::new()), tail);
        let body = match tail.split_last() {
            Some((TokenTree::Group(last), before)) => Some(braces(last).map_or_else(unwritten, |body| (body, before))),
            Some((TokenTree::Punct(end), _)) if end.as_char() == ';' => None,
            _ => Some(unwritten()),
        };
        match body {
            Some((body, tail)) => {
                if let Some(at) = qualifiers.into_iter().find(|&at| is_ident(&head[at], "const")) {
                    // Removes `const`, so that rustc does not report a second error.
                    let word = head.remove(at);
                    errors.at(
                        word.span(),
                        "`#[requires]` goes on no `const fn`, for the check is made at run time: remove `const`",
                    );
                }
                Some(Self { head, attributes, parameters, tail: tail.to_vec(), body, items: TokenStream::new() })
            }
            None => {
                errors.at(
                    keyword,
                    "`#[requires]` goes on a function with a body: write it where the function is implemented",
                );
                None
            }
        }
    }

    /// The bracketed group of each attribute, also of those that ran before `#[requires]`.
    pub(super) fn attributes(&self) -> &[Group] {
        &self.attributes
    }

    /// The error for `main` and for tests, and its span. Rust calls these functions, so no caller
    /// can pass a permit.
    pub(super) fn is_called_by_rust(&self) -> Option<(Span, &'static str)> {
        let test = self.attributes.iter().find(|attribute| {
            let tokens = ungrouped(attribute.stream());
            let path = tokens.iter().take_while(|token| !matches!(token, TokenTree::Group(_)));
            path.last().is_some_and(|last| is_ident(last, "test"))
        });
        if let Some(test) = test {
            let message = "`#[requires]` goes on handlers: a test makes its permit with `scopes::test::permit`";
            return Some((test.span(), message));
        }
        let main = self.head.windows(2).find(|pair| is_ident(&pair[0], "fn") && is_ident(&pair[1], "main"))?;
        self.parameters.stream().is_empty().then(|| {
            (
                main[1].span(),
                "`#[requires]` goes on handlers: no request reaches `main`, which is called without a permit",
            )
        })
    }

    /// Removes the first attribute that `is_meant` accepts, so that it can run before
    /// `#[requires]`.
    pub(super) fn take_attribute(&mut self, is_meant: impl Fn(&Group) -> bool) -> Option<Group> {
        let at = self.attributes.iter().position(is_meant)?;
        // Each attribute is a `#` and its brackets.
        self.head.drain(2 * at..2 * at + 2);
        Some(self.attributes.remove(at))
    }

    /// Adds an attribute that has run before to [`attributes`](Self::attributes).
    pub(super) fn add_attribute(&mut self, applied: Option<Group>) {
        self.attributes.extend(applied);
    }

    /// The span of the return type, if there is one.
    pub(super) fn return_span(&self) -> Option<Span> {
        let mut tail = Cursor::new(&self.tail);
        (tail.is_punct('-') && tail.is_punct_at(1, '>')).then(|| {
            tail.skip(2);
            tail.span()
        })
    }

    /// Finds the parameter with the mark `#[grant]` and removes the mark. With `keep` the mark
    /// stays, for another `#[requires]` below.
    pub(super) fn take_grant(&mut self, keep: bool, errors: &mut Errors) -> Option<Ident> {
        let mut found: Option<Ident> = None;
        let mut stream = TokenStream::new();
        for (mut parameter, comma) in parameters(&self.parameters) {
            let before = parameter.attributes.len();
            let mark = parameter.attributes.iter().map(|(_, group)| group).find(|group| is_grant(group)).cloned();
            if let Some(mark) = mark {
                if !keep {
                    parameter.attributes.retain(|(_, group)| !is_grant(group));
                }
                if found.is_some() || before - parameter.attributes.len() > 1 {
                    errors.at(mark.span(), "one parameter only can carry the grant");
                } else if ungrouped(mark.stream()).len() > 1 {
                    errors.at(mark.span(), "`#[grant]` takes no arguments");
                }
                match parameter.plain_name() {
                    Some(name) => found = Some(name),
                    None => errors
                        .at(mark.span(), "`#[grant]` goes on a parameter with a plain name: `#[grant] request: T`"),
                }
            }
            parameter.append_to(&mut stream);
            stream.extend(comma);
        }
        self.parameters = regroup(&self.parameters, stream);
        found
    }

    /// The function's name, without `r#`.
    pub(super) fn name(&self) -> Option<String> {
        let keyword = self.head.iter().position(|token| is_ident(token, "fn"))?;
        match self.head.get(keyword + 1) {
            Some(TokenTree::Ident(name)) => Some(unraw(name)),
            _ => None,
        }
    }

    /// A name for a new parameter, different from the names of all other parameters.
    pub(super) fn free_name(&self) -> String {
        let taken: Vec<String> =
            parameters(&self.parameters).iter().flat_map(|(parameter, _)| parameter.idents()).collect();
        let free = |name: &String| !taken.contains(name);
        let numbered = (1..=taken.len() + 1).map(|number| format!("_permit{number}"));
        std::iter::once("_permit".to_owned()).chain(numbered).find(free).unwrap_or_default()
    }

    /// Whether some parameter's pattern contains this name, as a binding or not.
    pub(super) fn has_parameter(&self, name: &Ident) -> bool {
        let name = name.to_string();
        parameters(&self.parameters).iter().any(|(parameter, _)| parameter.idents_of_pattern().contains(&name))
    }

    /// Whether the function has parameters other than `self`.
    pub(super) fn has_parameters(&self) -> bool {
        parameters(&self.parameters).iter().any(|(parameter, _)| !parameter.is_receiver())
    }

    /// Inserts a parameter after `place` others, not counting `self`; at the end if there are
    /// fewer.
    pub(super) fn insert_parameter(&mut self, place: usize, parameter: TokenStream) {
        let mut new = Some(parameter);
        let mut stream = TokenStream::new();
        let all = parameters(&self.parameters);
        // Clippy warns about more than seven parameters. A function that had eight already keeps
        // its warning.
        let now_eight = all.len() == 7;
        let mut before = 0;
        for (parameter, comma) in all {
            let receiver = parameter.is_receiver();
            if !receiver
                && before == place
                && let Some(new) = new.take()
            {
                stream.extend(new);
                stream.extend([punct(',', Span::mixed_site())]);
            }
            before += usize::from(!receiver);
            parameter.append_to(&mut stream);
            match comma {
                Some(comma) => stream.extend([comma]),
                // The new parameter follows, perhaps as the last one.
                None if new.is_some() => stream.extend([punct(',', Span::mixed_site())]),
                None => {}
            }
        }
        stream.extend(new);
        self.parameters = regroup(&self.parameters, stream);
        if now_eight {
            self.allow(&format_ident!("too_many_arguments"), "one parameter was added by `#[requires]`");
        }
    }

    /// Silences the lint about a permit that the body only borrows. The function takes the permit
    /// by value, because it proves one check.
    pub(super) fn allow_looking_at_the_permit(&mut self) {
        // The lint does not check `async` functions.
        if !self.head.iter().any(|token| is_ident(token, "async")) {
            self.allow(&format_ident!("needless_pass_by_value"), "the permit is the proof that was handed over");
        }
    }

    fn allow(&mut self, lint: &Ident, reason: &str) {
        let span = generated(Span::call_site());
        let allow = quote_spanned! {span=> #[allow(clippy::#lint, reason = #reason)] };
        self.head.splice(0..0, allow);
    }

    /// Inserts items and statements at the beginning of the body, after its inner attributes. If
    /// there are statements, the rest of the body becomes an inner block. Otherwise lints would
    /// warn about items of the body that follow the statements.
    pub(super) fn insert(&mut self, items: TokenStream, statements: TokenStream) {
        let tokens: Vec<TokenTree> = self.body.stream().into_iter().collect();
        let mut end = 0;
        while let [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group), ..] = &tokens[end..]
            && (hash.as_char(), bang.as_char(), group.delimiter()) == ('#', '!', Delimiter::Bracket)
        {
            end += 3;
        }
        let (inner, rest) = tokens.split_at(end);
        let mut stream: TokenStream = inner.iter().cloned().chain(items).collect();
        let rest = rest.iter().cloned();
        if statements.is_empty() {
            stream.extend(rest);
        } else {
            let mut block = Group::new(Delimiter::Brace, rest.collect());
            block.set_span(Span::mixed_site());
            stream.extend(statements);
            stream.extend([TokenTree::Group(block)]);
        }
        self.body = regroup(&self.body, stream);
    }

    /// Puts an item before the function.
    pub(super) fn put_before(&mut self, item: TokenStream) {
        self.items.extend(item);
    }

    pub(super) fn into_tokens(self) -> TokenStream {
        let parameters = TokenTree::Group(self.parameters);
        let body = TokenTree::Group(self.body);
        let function = self.head.into_iter().chain([parameters]).chain(self.tail).chain([body]);
        self.items.into_iter().chain(function).collect()
    }
}

/// Removes the mark `#[grant]` from an item that is not a function with a body, because only
/// `#[requires]` understands it.
pub(super) fn without_grants(item: TokenStream) -> TokenStream {
    let mut tokens = item.into_iter().peekable();
    let mut kept = TokenStream::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if hash.as_char() == '#' => match tokens.peek() {
                Some(TokenTree::Group(group)) if is_grant(group) => {
                    tokens.next();
                }
                _ => kept.extend([TokenTree::Punct(hash)]),
            },
            TokenTree::Group(group) => kept.extend([TokenTree::Group(regroup(&group, without_grants(group.stream())))]),
            token => kept.extend([token]),
        }
    }
    kept
}

/// The group itself if it has braces, or the braces inside an invisible group of a macro.
fn braces(group: &Group) -> Option<Group> {
    match group.delimiter() {
        Delimiter::Brace => Some(group.clone()),
        Delimiter::None => {
            let mut tokens = group.stream().into_iter();
            match (tokens.next(), tokens.next()) {
                (Some(TokenTree::Group(inner)), None) => braces(&inner),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
