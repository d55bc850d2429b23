//! The catalogue's tables as constants.
//!
//! Printed as text and read back once: for 10,000 routes that takes a fraction of the time that building tokens does.

use std::fmt::{Display, Write as _};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use scopes_core::Catalogue;
use scopes_core::matcher::Node;

pub(super) fn print(catalogue: &Catalogue) -> TokenStream {
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
    let merged = tables.merged;
    let nodes = nodes(&tables.nodes);
    let affixes = records(&tables.affixes);
    let rows = numbers(&tables.rows);
    let trunk = &tables.trunk;
    let (words, numbers_of_trunk) = (array(&trunk.words), short_array(&trunk.numbers));
    quote! {
        static __TABLES: __scopes::UntypedCatalogue = {
            use __scopes::__private::{Parts, Tables, alloc::borrow::Cow::Borrowed, scopes_core::matcher::{Node, Trunk}};
            __scopes::UntypedCatalogue::from_parts(Parts {
                text: Borrowed(#text),
                head: #head,
                scopes: Borrowed(#scopes),
                routes: Borrowed(#routes),
                parameters: Borrowed(#parameters),
                methods: Borrowed(#methods),
                numbers: Borrowed(#pool),
                names: Borrowed(#names),
                shapes: Borrowed(#shapes),
                tables: Tables {
                    merged: #merged,
                    nodes: Borrowed(#nodes),
                    affixes: Borrowed(#affixes),
                    rows: Borrowed(#rows),
                    trunk: Trunk { words: #words, numbers: #numbers_of_trunk },
                },
            })
        };
    }
}

/// `&[1, 2]`
fn numbers<T: Copy + Display>(numbers: &[T]) -> TokenStream {
    let mut text = String::from("&");
    write_array(&mut text, numbers);
    read(&text)
}

/// `&[[1, 2], [3, 4]]`
fn records<const N: usize>(records: &[[u64; N]]) -> TokenStream {
    let mut text = String::from("&[");
    for record in records {
        write_array(&mut text, record);
        text.push(',');
    }
    text.push(']');
    read(&text)
}

/// As [`records`]; slots without a literal are alike and have a name.
fn nodes(nodes: &[Node]) -> TokenStream {
    let mut text = String::from("{ const E: Node = Node::EMPTY; &[");
    for node in nodes {
        if *node == Node::EMPTY {
            text.push_str("E,");
            continue;
        }
        text.push_str("Node{words:");
        write_array(&mut text, &node.words);
        text.push_str(",links:");
        write_array(&mut text, &node.links);
        text.push_str(",sizes:");
        write_array(&mut text, &node.sizes);
        text.push_str(",bytes:");
        write_array(&mut text, &node.bytes);
        text.push_str("},");
    }
    text.push_str("] }");
    read(&text)
}

fn array(numbers: &[u64]) -> TokenStream {
    let mut text = String::new();
    write_array(&mut text, numbers);
    read(&text)
}

fn short_array(numbers: &[u32]) -> TokenStream {
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
    // Digits, commas and brackets always lex.
    text.parse().unwrap_or_default()
}
