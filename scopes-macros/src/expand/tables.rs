//! The catalogue's tables as constants.
//!
//! They are printed as text and read back once: for 10,000 routes that takes a fraction of the time
//! that building tokens takes. The text is a literal, which [`table`] reads in an expansion of its
//! own. Otherwise most tokens of the block's expansion would be numbers, and an IDE searches that
//! expansion for each token of the block.

use std::fmt::{Display, Write as _};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use scopes_core::UntypedCatalogue;
use scopes_core::matcher::Node;
use scopes_core::readings::Readings;

pub(super) fn print(catalogue: &UntypedCatalogue) -> TokenStream {
    let parts = catalogue.parts();
    let tables = &parts.tables;
    let text = Literal::string(&parts.text);
    let head = array(&parts.head);
    let scopes = records(&parts.scopes);
    let routes = records(&parts.routes);
    let parameters = records(&parts.parameters);
    let methods = numbers(&parts.methods);
    let pool = numbers(&parts.numbers);
    let names = numbers(&parts.names);
    let shapes = numbers(&parts.shapes);
    let (old_names, titles) = (records(&parts.old_names), records(&parts.titles));
    let (deprecations, announces) = (records(&parts.deprecations), parts.announces);
    let (nodes_of_automaton, nodes_of_trie) = (nodes(&tables.nodes), nodes(&tables.trie));
    let rare_fields = records(&tables.rare_fields);
    let affixes = records(&tables.affixes);
    let rows = numbers(&tables.rows);
    let common_prefix = &tables.common_prefix;
    let (words, last) = (array(&common_prefix.words), common_prefix.last);
    let readings = &tables.readings;
    let (trie, literals, texts) = (records(&readings.nodes), records(&readings.literals), records(&readings.texts));
    let bytes = array(&readings.bytes);
    let Readings { literal_is_text, text_ends_escape, has_rest, .. } = *readings;
    let [literal, parameter] = common_prefix.nodes.each_ref().map(|known| read(&node(known)));
    quote! {
        static __TABLES: __scopes::UntypedCatalogue = {
            use __scopes::__private::{Parts, Tables, alloc::borrow::Cow::Borrowed, scopes_core::{matcher::{Node, CommonPrefix}, readings::Readings}};
            __scopes::UntypedCatalogue::from_parts(Parts {
                text: Borrowed(#text),
                head: #head,
                scopes: Borrowed(#scopes),
                routes: Borrowed(#routes),
                parameters: Borrowed(#parameters),
                methods: Borrowed(#methods),
                numbers: Borrowed(#pool),
                names: Borrowed(#names),
                old_names: Borrowed(#old_names),
                titles: Borrowed(#titles),
                deprecations: Borrowed(#deprecations),
                announces: #announces,
                shapes: Borrowed(#shapes),
                tables: Tables {
                    nodes: Borrowed(#nodes_of_automaton),
                    trie: Borrowed(#nodes_of_trie),
                    rare_fields: Borrowed(#rare_fields),
                    affixes: Borrowed(#affixes),
                    rows: Borrowed(#rows),
                    common_prefix: CommonPrefix { words: #words, last: #last, nodes: [#literal, #parameter] },
                    readings: Readings {
                        nodes: Borrowed(#trie),
                        literals: Borrowed(#literals),
                        texts: Borrowed(#texts),
                        bytes: #bytes,
                        literal_is_text: #literal_is_text,
                        text_ends_escape: #text_ends_escape,
                        has_rest: #has_rest,
                    },
                },
            })
        };
    }
}

/// Prints `&[1, 2]`.
fn numbers<T: Copy + Display>(numbers: &[T]) -> TokenStream {
    let mut text = String::from("&");
    write_array(&mut text, numbers);
    read(&text)
}

/// Prints `&[[1, 2], [3, 4]]`.
fn records<T: Copy + Display, const N: usize>(records: &[[T; N]]) -> TokenStream {
    let mut text = String::from("&[");
    for record in records {
        write_array(&mut text, record);
        text.push(',');
    }
    text.push(']');
    read(&text)
}

/// Like [`records`], but the slots without a literal are equal and share a name.
fn nodes(nodes: &[Node]) -> TokenStream {
    let mut text = String::from("{ const E: Node = Node::EMPTY; &[");
    for known in nodes {
        if *known == Node::EMPTY {
            text.push_str("E,");
            continue;
        }
        text.push_str(&node(known));
        text.push(',');
    }
    text.push_str("] }");
    read(&text)
}

fn node(node: &Node) -> String {
    let (words, links, bytes) = node.to_numbers();
    let mut text = String::from("Node::from_numbers(");
    write_array(&mut text, &words);
    text.push(',');
    write_array(&mut text, &links);
    text.push(',');
    write_array(&mut text, &bytes);
    text.push(')');
    text
}

fn array(numbers: &[u64]) -> TokenStream {
    let mut text = String::new();
    write_array(&mut text, numbers);
    read(&text)
}

fn write_array<T: Copy + Display>(text: &mut String, numbers: &[T]) {
    text.push('[');
    for number in numbers {
        let _ = write!(text, "{number},");
    }
    text.push(']');
}

fn read(text: &str) -> TokenStream {
    let text = Literal::string(text);
    quote!(__scopes::__private::table!(#text))
}

/// Expands `table!("&[1, 2]")`.
pub(crate) fn table(input: &TokenStream) -> TokenStream {
    // Digits, commas and brackets are always valid tokens, and none of them is escaped.
    input.to_string().trim_matches('"').parse().unwrap_or_default()
}
