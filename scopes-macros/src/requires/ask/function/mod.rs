//! A function as tokens: what is before its parameters, the parameters, what follows, the body.
//!
//! Nothing inside is parsed, so a half-typed body does no harm and `syn` needs no `full`.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};

use crate::errors::Errors;
use crate::requires::cursor::{Angles, Cursor, is_ident, is_punct};
use crate::requires::tokens::{generated, punct, regroup, ungrouped, unraw};

/// A function, free or in an `impl` or `trait`, with its body.
pub(in crate::requires) struct Function {
    /// Attributes, visibility, qualifiers, name, generics.
    head: Vec<TokenTree>,
    /// How many of `head` are attributes: the brackets of each.
    attributes: Vec<Group>,
    parameters: Group,
    /// Return type and `where`.
    tail: Vec<TokenTree>,
    body: Group,
}

/// One parameter: its attributes with the `#`, and the rest.
struct Parameter {
    attributes: Vec<(TokenTree, Group)>,
    rest: Vec<TokenTree>,
}

impl Function {
    /// Cuts an item up. An error if it is no function with a body.
    pub(in crate::requires) fn parse(item: TokenStream, errors: &mut Errors) -> Option<Self> {
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
        // `fn name`
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
        let body = match tail.split_last() {
            Some((TokenTree::Group(body), tail)) => braces(body).map(|body| (body, tail)),
            _ => None,
        };
        match body {
            Some((body, tail)) => {
                if let Some(at) = qualifiers.into_iter().find(|&at| is_ident(&head[at], "const")) {
                    // Without the word rustc has nothing to add.
                    let word = head.remove(at);
                    errors.at(
                        word.span(),
                        "`#[requires]` goes on no `const fn`, for the check is made at run time: remove `const`",
                    );
                }
                Some(Self { head, attributes, parameters, tail: tail.to_vec(), body })
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

    /// The attributes that are still to be applied: the brackets of each.
    pub(in crate::requires) fn attributes(&self) -> &[Group] {
        &self.attributes
    }

    /// Takes the first such attribute away, for it to be applied before `#[requires]`.
    pub(in crate::requires) fn take_attribute(&mut self, is_meant: impl Fn(&Group) -> bool) -> Option<Group> {
        let at = self.attributes.iter().position(is_meant)?;
        // Each is `#` and its brackets.
        self.head.drain(2 * at..2 * at + 2);
        Some(self.attributes.remove(at))
    }

    /// Counts an attribute that has been applied among those to be looked at.
    pub(in crate::requires) fn look_at(&mut self, applied: Option<Group>) {
        self.attributes.extend(applied);
    }

    /// Where the return type is, if there is one.
    pub(in crate::requires) fn return_span(&self) -> Option<Span> {
        let mut tail = Cursor::new(&self.tail);
        (tail.is_punct('-') && tail.is_punct_at(1, '>')).then(|| {
            tail.skip(2);
            tail.span()
        })
    }

    /// Takes the parameter that is marked `#[grant]`. With `keep` the mark stays, for another `#[requires]` below.
    pub(in crate::requires) fn take_grant(&mut self, keep: bool, errors: &mut Errors) -> Option<Ident> {
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

    /// A name for a parameter of ours that no other one has.
    pub(in crate::requires) fn free_name(&self) -> String {
        let mut taken = Vec::new();
        for (parameter, _) in parameters(&self.parameters) {
            idents(&parameter.rest, &mut taken);
        }
        let free = |name: &String| !taken.contains(name);
        let numbered = (1..=taken.len() + 1).map(|number| format!("_permit{number}"));
        std::iter::once("_permit".to_owned()).chain(numbered).find(free).unwrap_or_default()
    }

    /// Whether some parameter's pattern has this name in it, bound or not.
    pub(in crate::requires) fn has_parameter(&self, name: &Ident) -> bool {
        let mut taken = Vec::new();
        for (parameter, _) in parameters(&self.parameters) {
            idents(parameter.pattern(), &mut taken);
        }
        taken.contains(&name.to_string())
    }

    /// Inserts a parameter, the first one but for `self`.
    pub(in crate::requires) fn insert_parameter(&mut self, parameter: TokenStream) {
        let mut new = Some(parameter);
        let mut stream = TokenStream::new();
        let all = parameters(&self.parameters);
        // Clippy counts all parameters, and warns at more than seven. Whoever wrote eight has been warned already.
        let now_eight = all.len() == 7;
        for (parameter, comma) in all {
            let receiver = parameter.is_receiver();
            if !receiver && let Some(new) = new.take() {
                stream.extend(new);
                stream.extend([punct(',', Span::mixed_site())]);
            }
            parameter.append_to(&mut stream);
            match comma {
                Some(comma) => stream.extend([comma]),
                None if receiver => stream.extend([punct(',', Span::mixed_site())]),
                None => {}
            }
        }
        stream.extend(new);
        self.parameters = regroup(&self.parameters, stream);
        if now_eight {
            self.allow(&format_ident!("too_many_arguments"), "one parameter was added by `#[requires]`");
        }
    }

    /// A permit that the body only looks at is still taken by value: it is the proof, and there is but one.
    pub(in crate::requires) fn allow_looking_at_the_permit(&mut self) {
        // The lint is silent on `async` functions.
        if !self.head.iter().any(|token| is_ident(token, "async")) {
            self.allow(&format_ident!("needless_pass_by_value"), "the permit is the proof that was handed over");
        }
    }

    fn allow(&mut self, lint: &Ident, reason: &str) {
        let span = generated(Span::call_site());
        let allow = quote_spanned! {span=> #[allow(clippy::#lint, reason = #reason)] };
        self.head.splice(0..0, allow);
    }

    /// Inserts items at the begin of the body and, behind them, statements, around which the body becomes a block of its
    /// own: it may begin with items, which lints do not want after statements. Its inner attributes stay in front.
    pub(in crate::requires) fn insert(&mut self, items: TokenStream, statements: TokenStream) {
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

    pub(in crate::requires) fn into_tokens(self) -> TokenStream {
        let parameters = TokenTree::Group(self.parameters);
        let body = TokenTree::Group(self.body);
        self.head.into_iter().chain([parameters]).chain(self.tail).chain([body]).collect()
    }
}

/// Skips visibility and all that can stand between it and `fn`.
fn qualifiers(cursor: &mut Cursor<'_>) {
    loop {
        if cursor.group_at(0, Delimiter::None).is_some() {
            // A visibility that came through `$vis`.
            cursor.skip(1);
            continue;
        }
        let Some(word) = cursor.ident() else { return };
        match &*word.to_string() {
            "pub" => {
                cursor.skip(1 + usize::from(cursor.group_at(1, Delimiter::Parenthesis).is_some()));
            }
            // Unlike `extern crate` and `extern "C" { .. }`, and `const` items.
            "extern" => {
                let named = matches!(cursor.peek_at(1), Some(TokenTree::Literal(_)))
                    || cursor.group_at(1, Delimiter::None).is_some();
                let length = 1 + usize::from(named);
                if cursor.ident_at(length).is_none_or(|word| word != "fn") {
                    return;
                }
                cursor.skip(length);
            }
            "const" if !cursor.ident_at(1).is_some_and(|word| is_qualifier(&word.to_string())) => return,
            "const" | "async" | "unsafe" | "safe" | "default" | "gen" => cursor.skip(1),
            _ => return,
        }
    }
}

/// What can follow `const` in front of a function.
fn is_qualifier(word: &str) -> bool {
    matches!(word, "fn" | "async" | "unsafe" | "safe" | "extern" | "gen")
}

fn no_function(cursor: &Cursor<'_>) -> String {
    let what = match cursor.ident().map(unraw).as_deref() {
        Some("impl") => {
            return "`#[requires]` goes on a function, not on an `impl`: write it on each method".to_owned();
        }
        Some("trait") => {
            return "`#[requires]` goes on a function, not on a `trait`: write it on each method that has a body"
                .to_owned();
        }
        Some("mod") => return "`#[requires]` goes on a function, not on a `mod`: write it on each function".to_owned(),
        Some("extern") if cursor.ident_at(1).is_some() => "extern crate".to_owned(),
        Some("extern") => {
            return "`#[requires]` goes on a function with a body, not on an `extern` block: write it where the function is implemented"
                .to_owned();
        }
        Some(word @ ("struct" | "enum" | "union" | "type" | "const" | "static" | "use" | "let" | "macro_rules")) => {
            word.to_owned()
        }
        _ => return "`#[requires]` goes on a function".to_owned(),
    };
    let article = if what.starts_with('e') { "an" } else { "a" };
    format!("`#[requires]` goes on a function, not on {article} `{what}`")
}

/// A group of braces, also when a macro wrapped it.
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

/// The parameters, each with the comma behind it.
fn parameters(group: &Group) -> Vec<(Parameter, Option<TokenTree>)> {
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

fn is_grant(attribute: &Group) -> bool {
    ungrouped(attribute.stream()).first().is_some_and(|token| is_ident(token, "grant"))
}

fn idents(tokens: &[TokenTree], found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => found.push(ident.to_string()),
            TokenTree::Group(group) => idents(&group.stream().into_iter().collect::<Vec<_>>(), found),
            _ => {}
        }
    }
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

    /// `self`, `mut self`, `&self`, `&'a mut self`, `self: Arc<Self>`
    fn is_receiver(&self) -> bool {
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

    /// `name: T`, `mut name: T`
    fn plain_name(&self) -> Option<Ident> {
        let mut cursor = Cursor::new(&self.rest);
        if cursor.ident().is_some_and(|word| word == "mut") {
            cursor.skip(1);
        }
        let name = cursor.ident()?;
        let plain = cursor.is_punct_at(1, ':') && !cursor.is_path_separator_at(1) && name != "_";
        plain.then(|| name.clone())
    }

    /// What stands before the `:` of the type.
    fn pattern(&self) -> &[TokenTree] {
        let mut cursor = Cursor::new(&self.rest);
        while !cursor.is_empty() && (!cursor.is_punct(':') || cursor.is_path_separator_at(0)) {
            cursor.skip(if cursor.is_path_separator_at(0) { 2 } else { 1 });
        }
        &self.rest[..self.rest.len() - cursor.rest().len()]
    }

    fn append_to(self, stream: &mut TokenStream) {
        for (hash, attribute) in self.attributes {
            stream.extend([hash, TokenTree::Group(attribute)]);
        }
        stream.extend(self.rest);
    }
}

#[cfg(test)]
mod tests;
