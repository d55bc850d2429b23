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
