use super::*;

fn tokens(text: &str) -> Vec<TokenTree> {
    text.parse::<TokenStream>().unwrap().into_iter().collect()
}

#[test]
fn strings() {
    for (text, expected) in
        [("\"/a\"", Some("/a")), ("r#\"/a\"#", Some("/a")), ("\"\\u{61}\"", Some("a")), ("1", None), ("b\"a\"", None)]
    {
        let all = tokens(text);
        let [TokenTree::Literal(literal)] = &*all else { panic!("{text}") };
        assert_eq!(string(literal).as_deref(), expected, "{text}");
    }
}
