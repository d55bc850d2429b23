//! How the shipped file of the element is made: the shared functions inside, without comments and
//! blanks, and with short names.

use std::cmp::Reverse;
use std::collections::BTreeMap;

const PICKER: &str = include_str!("../../src/picker/picker.js");
const TEMPLATE: &str = include_str!("../../src/page/template.js");
const MATCHER: &str = include_str!("../../src/page/matcher.js");

const NOTICE: &str =
    "// The element <scopes-picker>. From scopes-export, MIT OR Apache-2.0. Its source has comments.\n";

/// Names that only these files give and use: no property of a browser's object, of `picker.json`
/// or of the element. Each gets a short name.
const NAMES: &str = "
    address all also always answer answers asked banner below best box boxes broken brokenRules build
    button bytes bytesOf can catalogue children choice choose chosen code compare CONTROL count counted
    decoder details div element endpoint escaped fallback field fields first fits fitting group held hit
    host implied index internals isAround isLonger isOther isRaw isRest isRoot items joined kind LIMIT
    line link list literal make mayGive methodOf methods missed names none odd opened OUTER_SPACE page
    pageOf pathOf picker pieceOf PIECES pieces piecesOf prefix properties rank readLink refused rest risk
    root route row rowOf rows segment segments show shown span state step style suffix tag takes targetOf
    template textOf unknown unlessRaw wanted words";

/// What is published.
pub(crate) fn text() -> String {
    // Within the function, so that the shared names are not names of the page.
    let whole = PICKER.replacen("(() => {\n", &format!("(() => {{\n{TEMPLATE}\n{MATCHER}"), 1);
    let (mut is_style, mut was_declaration) = (false, false);
    let mut code = String::new();
    for line in whole.lines().map(str::trim) {
        let is_comment = ["//", "/**", "* ", "*/"].iter().any(|begin| line.starts_with(begin));
        if line.is_empty() || is_comment && !is_style {
            continue;
        }
        let short = without_blanks(line, is_style);
        let is_declaration = short.starts_with("const ");
        let short = if is_style { short } else { without_parentheses(&short).replace("const ", "let ") };
        match short.strip_prefix("let ") {
            // Two declarations are one.
            Some(names) if was_declaration && code.ends_with(';') => {
                code.pop();
                add_line(&mut code, &format!(",{names}"));
            }
            _ => add_line(&mut code, &short),
        }
        was_declaration = is_declaration;
        is_style = if is_style { !line.ends_with("`);") } else { line.ends_with("replaceSync(`") };
    }
    format!("{NOTICE}{}\n", with_short_names(&code))
}

/// Adds a line to the code. Statements end with a semicolon in the source, so that a line break is
/// needed only where a line ends within an expression.
fn add_line(code: &mut String, line: &str) {
    let is_complete = code.ends_with([';', '{', '}', ',', '(', '[', '=', '?', ':', '&', '|']);
    let ends_before = line.starts_with(['}', ')', ']', '.', ',']);
    if line.starts_with('}') && code.ends_with(';') {
        code.pop();
    } else if !is_complete && !ends_before {
        code.push('\n');
    }
    code.push_str(line);
}

/// `(name) => ..` as `name => ..`.
fn without_parentheses(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(")=>") {
        let (first, name) = before.rsplit_once('(').unwrap_or((before, ""));
        let is_alone = !name.is_empty() && name.chars().all(is_letter) && !first.ends_with(is_letter);
        kept += &if is_alone { format!("{first}{name}=>") } else { format!("{before})=>") };
        rest = after;
    }
    kept + rest
}

fn without_blanks(line: &str, is_style: bool) -> String {
    let marks = if is_style { "{}:;,>" } else { "=>&|?:,;{}<+()" };
    let characters: Vec<char> = line.chars().collect();
    let (mut kept, mut quote) = (String::new(), None);
    for (at, &character) in characters.iter().enumerate() {
        let is_mark = |at: usize| characters.get(at).is_some_and(|&other| marks.contains(other));
        if character == ' ' && quote.is_none() && (is_mark(at + 1) || at > 0 && is_mark(at - 1)) {
            continue;
        }
        match quote {
            Some(open) if open == character => quote = None,
            None if !is_style && "\"'`".contains(character) => quote = Some(character),
            _ => {}
        }
        kept.push(character);
    }
    kept
}

/// Gives each of `NAMES` a name of one or two letters that the code does not use. Texts in quotes
/// stay as they are; what stands in `${..}` is code.
fn with_short_names(code: &str) -> String {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for (word, _) in words(code).filter(|(_, is_name)| *is_name) {
        *used.entry(word).or_default() += 1;
    }
    let mut names: Vec<&str> = NAMES.split_whitespace().collect();
    // The most frequent names get one letter.
    names.sort_by_key(|name| Reverse(*used.get(name).unwrap_or_else(|| panic!("{name} is not in the code"))));
    let letters = || ('A'..='Z').chain('a'..='z');
    let two = ["$", "_"].iter().flat_map(|first| letters().map(move |letter| format!("{first}{letter}")));
    let short = letters().map(String::from).chain(two).filter(|name| !used.contains_key(name.as_str()));
    let renamed: BTreeMap<&str, String> = names.into_iter().zip(short).collect();
    assert_eq!(renamed.len(), NAMES.split_whitespace().count());
    let shorter = |word| renamed.get(word).map_or(word, String::as_str);
    words(code).map(|(word, is_name)| if is_name { shorter(word) } else { word }).collect()
}

/// The parts of the code, each with whether it is a name outside of quotes.
fn words(code: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut quotes: Vec<char> = Vec::new();
    let mut rest = code;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_code = matches!(quotes.last(), None | Some('{'));
        let mut length = first.len_utf8();
        match quotes.last() {
            Some('`') if rest.starts_with("${") => {
                quotes.push('{');
                length = 2;
            }
            Some('{') if first == '}' => drop(quotes.pop()),
            _ if is_code && is_letter(first) => {
                length = rest.find(|other: char| !is_letter(other)).unwrap_or(rest.len());
            }
            _ if is_code && "\"'`".contains(first) => quotes.push(first),
            Some(&open) if open == first => drop(quotes.pop()),
            _ => {}
        }
        let (word, after) = rest.split_at(length);
        rest = after;
        Some((word, is_code && is_letter(first)))
    })
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_$".contains(character)
}
