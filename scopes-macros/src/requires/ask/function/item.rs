//! The tokens before `fn`, and the messages for items that are not functions.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::requires::cursor::Cursor;
use crate::requires::tokens::unraw;

/// Skips the visibility and all qualifiers before `fn`.
pub(super) fn qualifiers(cursor: &mut Cursor<'_>) {
    loop {
        if cursor.group_at(0, Delimiter::None).is_some() {
            // A visibility from a fragment `$vis`.
            cursor.skip(1);
            continue;
        }
        let Some(word) = cursor.ident() else { return };
        match &*word.to_string() {
            "pub" => {
                cursor.skip(1 + usize::from(cursor.group_at(1, Delimiter::Parenthesis).is_some()));
            }
            // `extern` and `const` are qualifiers only before a function, unlike in `extern crate`,
            // `extern "C" { .. }` and `const` items.
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

/// Whether a word after `const` continues the qualifiers of a function.
fn is_qualifier(word: &str) -> bool {
    matches!(word, "fn" | "async" | "unsafe" | "safe" | "extern" | "gen")
}

/// The message for a closure; `None` for anything else.
pub(in crate::requires::ask) fn closure(item: &TokenStream) -> Option<(Span, &'static str)> {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let begins = tokens.iter().find(|token| {
        !["async", "move", "static"].into_iter().any(|word| crate::requires::cursor::is_ident(token, word))
    })?;
    crate::requires::cursor::is_punct(begins, '|').then(|| {
        (
            tokens[0].span(),
            "`#[requires]` goes on a function: write `guard::<api::permits::UsersRead, _>(..)` around a closure",
        )
    })
}

/// The message for an item that is not a function.
pub(super) fn no_function(cursor: &Cursor<'_>) -> String {
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
