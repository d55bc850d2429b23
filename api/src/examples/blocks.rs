//! Whether the code blocks of a documentation show a result.
//!
//! A block shows a result if rustdoc runs it and one of its visible lines asserts or prints
//! something: `assert!`, `assert_eq!`, `assert_ne!`, `assert_matches!`, `println!` or `print!`,
//! with an argument that names a value. A block that must not compile shows that it is refused.
//! Blocks that rustdoc does not run (`ignore`, `no_run`, other languages) show nothing, because
//! their assertions may be wrong. A block that only compiles (`let _ = f;`) shows nothing either.

use proc_macro2::{TokenStream, TokenTree};

const ASSERTIONS: [&str; 4] = ["assert", "assert_eq", "assert_ne", "assert_matches"];
const PRINTS: [&str; 2] = ["println", "print"];

/// Whether one of the blocks shows a result.
pub(super) fn show_a_result(markdown: &str) -> bool {
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let Some((fence, information)) = fence(line) else { continue };
        let code: Vec<&str> = lines.by_ref().take_while(|line| !closes(line, fence)).collect();
        let refused = information.contains(&"compile_fail");
        if is_run(&information) && (refused || has_result(&code)) {
            return true;
        }
    }
    false
}

/// The characters of the fence that opens a block, and the words after them.
fn fence(line: &str) -> Option<(&str, Vec<&str>)> {
    let line = line.trim();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let words = line.trim_start_matches(mark);
    let fence = &line[..line.len() - words.len()];
    let words = words.split([',', ' ', '\t']).filter(|word| !word.is_empty());
    (fence.len() >= 3).then(|| (fence, words.collect()))
}

fn closes(line: &str, fence: &str) -> bool {
    let line = line.trim();
    line.starts_with(fence) && line.chars().all(|character| fence.starts_with(character))
}

fn is_run(information: &[&str]) -> bool {
    let is_rust = |word: &&str| {
        matches!(*word, "rust" | "compile_fail" | "standalone_crate")
            || word.starts_with("edition")
            || word.strip_prefix('E').is_some_and(|code| code.parse::<u16>().is_ok())
    };
    information.iter().all(is_rust)
}

fn has_result(code: &[&str]) -> bool {
    // A hidden line loses each `!`, so that it calls no macro. That changes no other token.
    let code: Vec<String> =
        code.iter().map(|line| hidden(line).map_or((*line).to_owned(), |line| line.replace('!', " "))).collect();
    code.join("\n").parse().is_ok_and(calls_one)
}

/// The code of a hidden line; `None` if readers see the line.
fn hidden(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('#')?;
    (rest.is_empty() || rest.starts_with(' ')).then_some(rest)
}

fn calls_one(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let called = tokens.windows(3).any(|three| match three {
        [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(arguments)] if mark.as_char() == '!' => {
            let name = name.to_string();
            let arguments = arguments.stream();
            (ASSERTIONS.contains(&&*name) && names_a_value(arguments.clone(), false))
                || (PRINTS.contains(&&*name) && names_a_value(arguments, true))
        }
        _ => false,
    });
    called || tokens.into_iter().any(|token| matches!(token, TokenTree::Group(group) if calls_one(group.stream())))
}

/// Whether the arguments hold more than literals. The text that `println!` formats may name a value
/// itself.
fn names_a_value(arguments: TokenStream, formatted: bool) -> bool {
    arguments.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name != "true" && name != "false",
        TokenTree::Group(group) => names_a_value(group.stream(), formatted),
        TokenTree::Literal(text) => formatted && text.to_string().contains('{'),
        TokenTree::Punct(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::show_a_result;

    fn block(information: &str, code: &str) -> bool {
        show_a_result(&format!("Does this.\n\n```{information}\n{code}\n```\n\nAnd that."))
    }

    #[test]
    fn an_assertion_or_a_printed_answer_is_a_result() {
        assert!(block("", "assert_eq!(f(), 1);"));
        assert!(block("rust", "let x = f();\nassert!(x.is_some());"));
        assert!(block("", "fn main() { if f() { std::assert_ne!(f(), 1); } }"));
        assert!(block("edition2024", "println!(\"{}\", f());"));
        assert!(block("", "let x = f();\nprint!(\"{x}\");"));
    }

    #[test]
    fn a_call_alone_is_not() {
        assert!(!block("", "let _ = f;"));
        assert!(!block("", "f()?;\nOk::<(), Error>(())"));
        assert!(!block("", "// assert_eq!(f(), 1);"));
        assert!(!block("", "let text = \"assert_eq!(f(), 1)\";"));
        assert!(!block("", "api::assert_covered!(f());"));
        assert!(!block("", "let assert = !(f());"));
        assert!(!show_a_result("Returns `assert_eq!(f(), 1)`."));
        assert!(!show_a_result(""));
    }

    #[test]
    fn an_assertion_without_a_value_is_not() {
        assert!(!block("", "f();\nassert!(true);"));
        assert!(!block("", "f();\nassert_eq!(1, 1);"));
        assert!(!block("", "f();\nprintln!(\"done\");"));
        assert!(!block("", "f();\nprintln!();"));
    }

    #[test]
    fn rustdoc_runs_the_block() {
        for information in ["ignore", "text", "toml", "no_run", "rust,ignore", "sh", "ignore-wasm", "Eleven"] {
            assert!(!block(information, "assert_eq!(f(), 1);"), "{information}");
        }
        assert!(!show_a_result("```text\nassert_eq!(f(), 1);\n```\n\n```\nlet _ = f;\n```"));
        assert!(show_a_result("```ignore\nf();\n```\n\n```\nassert_eq!(f(), 1);\n```"));
    }

    #[test]
    fn a_refusal_is_a_result() {
        assert!(block("compile_fail", "f(1);"));
        assert!(block("compile_fail,E0277", "f(1);"));
        assert!(!block("ignore,compile_fail", "f(1);"));
    }

    #[test]
    fn readers_see_the_assertion() {
        assert!(!block("", "let x = f();\n# assert_eq!(x, 1);"));
        assert!(block("", "# fn main() {\nassert_eq!(f(), 1);\n# }"));
        assert!(block("", "#\n#[derive(Debug)]\nstruct X;\nassert_eq!(f(), 1);"));
    }

    #[test]
    fn fences_end_where_markdown_ends_them() {
        assert!(show_a_result("~~~\nassert_eq!(f(), 1);\n~~~"));
        assert!(show_a_result("1. First:\n\n   ```rust\n   assert_eq!(f(), 1);\n   ```"));
        // The inner fence is text of the outer block.
        assert!(!show_a_result("````text\n```\nassert_eq!(f(), 1);\n```\n````"));
        assert!(!show_a_result("```\nlet _ = f;\n```\nassert_eq!(f(), 1);"));
    }
}
