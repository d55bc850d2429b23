mod advice;

use super::*;
use TemplateErrorKind as Kind;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use core::cmp::Ordering;
use proptest::prelude::*;

fn template(text: &str) -> Template {
    Template::parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn literal(text: &str) -> Segment {
    Segment::Literal(text.to_owned())
}

fn parameter(prefix: &str, name: &str, suffix: &str) -> Segment {
    Segment::Parameter { prefix: prefix.to_owned(), name: name.to_owned(), suffix: suffix.to_owned() }
}

fn rest(name: &str) -> Segment {
    Segment::Rest { name: name.to_owned() }
}

#[test]
fn accepted() {
    for (text, segments, trailing_slash) in [
        ("/", vec![], false),
        ("/users", vec![literal("users")], false),
        ("/users/", vec![literal("users")], true),
        ("/users/:userId", vec![literal("users"), parameter("", "userId", "")], false),
        ("/users/{userId}", vec![literal("users"), parameter("", "userId", "")], false),
        ("/:a_1/:2", vec![parameter("", "a_1", ""), parameter("", "2", "")], false),
        ("/{id}:cancel", vec![parameter("", "id", ":cancel")], false),
        ("/v{n}/{user-id}.json", vec![parameter("v", "n", ""), parameter("", "user-id", ".json")], false),
        ("/{a.b-c_D.9}/{-}", vec![parameter("", "a.b-c_D.9", ""), parameter("", "-", "")], false),
        ("/files/{*rest}", vec![literal("files"), rest("rest")], false),
        ("/{*r}", vec![rest("r")], false),
        ("/users:batch/a*b*", vec![literal("users:batch"), literal("a*b*")], false),
        ("/-._~!$&'()*+,=:@", vec![literal("-._~!$&'()*+,=:@")], false),
        ("/.a/a./...a", vec![literal(".a"), literal("a."), literal("...a")], false),
        ("/.well-known/{x}/", vec![literal(".well-known"), parameter("", "x", "")], true),
        ("/.{x}", vec![parameter(".", "x", "")], false),
    ] {
        assert_eq!(template(text), Template { segments, trailing_slash }, "{text}");
    }
}

/// One mistake in each line: the path, the text that is wrong, and the whole message.
#[test]
#[rustfmt::skip] // one line a mistake
fn refused() {
    for (text, wrong, message) in [
        ("", "", "the path is empty, write `/` for the root"),
        ("users", "users", "`users` does not begin with `/`, write `/users`"),
        ("users/:id", "users", "`users/:id` does not begin with `/`, write `/users/:id`"),
        ("https://h.example/users", "https://h.example", "`https://h.example` is not part of a path, write what follows it"),
        ("http://h", "http://h", "`http://h` is not part of a path, write `/`"),
        ("//", "//", "`//` encloses an empty segment, write a single `/`"),
        ("/a//b", "//", "`//` encloses an empty segment, write a single `/`"),
        ("/a///", "///", "`///` encloses an empty segment, write a single `/`"),
        ("/a?", "?", "`?` begins a query, which takes no part in matching: end the path before it, or write a route of its own for an optional segment"),
        ("/a?x=%20", "?x=%20", "`?x=%20` is a query, which takes no part in matching: end the path before it"),
        ("?x", "?x", "`?x` is a query, which takes no part in matching: write `/`"),
        ("/?x", "?x", "`?x` is a query, which takes no part in matching: end the path before it"),
        ("/a#top", "#top", "`#top` is a fragment, which is never sent: end the path before it"),
        ("/a%20b", "%20", "`%20`: a template is never decoded, write `{name}` for the whole segment"),
        ("/%2e%2E", "%2e%2E", "`%2e%2E`: a template is never decoded, write `{name}` for the whole segment"),
        ("/100%", "%", "`%`: a template is never decoded, write `{name}` for the whole segment"),
        ("/a\\b", "\\", "`\\` separates nothing in a path, write `/`"),
        ("\\users", "\\", "`\\` separates nothing in a path, write `/`"),
        (
            "/users(/:id)",
            ":id)",
            "`:id)`: no part of a path may be missing: write two routes, with `{id}` and without it",
        ),
        ("/a;b", ";", "`;` is refused in requests, write another character"),
        ("/a  b", "  ", "white space `  ` is never sent in a path, write `{name}` for the whole segment"),
        (" /a", " ", "white space ` ` is never sent in a path, remove it"),
        ("/a\n", "\n", "white space `\\n` is never sent in a path, remove it"),
        ("/a\u{0}", "\u{0}", "control character `\\0` is never sent in a path, remove it"),
        ("/a\u{7f}", "\u{7f}", "control character `\\u{7f}` is never sent in a path, remove it"),
        ("/a\u{a0}b", "\u{a0}", "white space `\\u{a0}` is never sent in a path, write `{name}` for the whole segment"),
        ("/caf\u{e9}\u{e9}", "\u{e9}\u{e9}", "`\u{e9}\u{e9}` is never sent unescaped, write `{name}` for the whole segment"),
        ("/a\u{202e}b", "\u{202e}", "`\\u{202e}` is never sent unescaped, write `{name}` for the whole segment"),
        ("/a|b", "|", "`|` is never sent unescaped in a path, write `{name}` for the whole segment"),
        ("/a<b", "<", "`<` is never sent unescaped in a path, write `{name}` for the whole segment"),
        ("/a/..", "..", "clients resolve the segment `..` before they send a request, write the path that it leads to"),
        ("/./a", ".", "clients resolve the segment `.` before they send a request, write the path that it leads to"),
        ("/{id", "{id", "`{id` has a `{` without its `}`, write `{id}`"),
        ("/a{id/b", "{id", "`{id` has a `{` without its `}`, write `{id}`"),
        ("/{id/{b}", "{id", "`{id` has a `{` without its `}`, write `{id}`"),
        ("/{id:[0-9]+/{b}", "{id:[0-9]+", "`{id:[0-9]+` has a `{` without its `}`, write `{name}`"),
        ("/id}", "}", "`id}` has a `}` without its `{`, write `{id}`"),
        ("/{{id}}", "{{id}}", "`{{id}}`: braces cannot be nested, write `{id}`"),
        ("/{a{b:c}}/d", "{a{b:c}}", "`{a{b:c}}`: braces cannot be nested, write `{name}`"),
        ("/:", ":", "`:`: a name of letters, digits and `_` must follow `:`, write `:name`, or `{name}` for other names"),
        ("/:/a", ":", "`:`: a name of letters, digits and `_` must follow `:`, write `:name`, or `{name}` for other names"),
        ("/:-id", ":-id", "`:-id`: a name of letters, digits and `_` must follow `:`, write `:name`, or `{name}` for other names"),
        ("/:{id}", ":{id}", "`:{id}`: a name of letters, digits and `_` must follow `:`, write `:name`, or `{name}` for other names"),
        ("/:us\u{e9}r", ":us\u{e9}r", "`:us\u{e9}r`: a name of letters, digits and `_` must follow `:`, write `:name`, or `{name}` for other names"),
        ("/:id.json", ":id.json", "`:id.json`: a `:name` is a whole segment, write `{id}.json`"),
        ("/:id:cancel", ":id:cancel", "`:id:cancel`: a `:name` is a whole segment, write `{id}:cancel`"),
        ("/:user-id", ":user-id", "`:user-id`: a `:name` is a whole segment, write `{user}-id`, or `{user-id}` if that is the name"),
        ("/:id?", "?", "`?` begins a query, which takes no part in matching: end the path before it, or write a route of its own for an optional segment"),
        ("/:id(\\d+)", ":id(\\d+)", "`:id(\\d+)`: parameters have no pattern, write `{id}`"),
        ("/:path*", ":path*", "`:path*`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/:path+", ":path+", "`:path+`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/:a{b}", "{b}", "`{b}` is the second parameter of its segment, write a `/` between the two, or one parameter that takes both"),
        ("/:a.{b}", "{b}", "`{b}` is the second parameter of its segment, write a `/` between the two, or one parameter that takes both"),
        ("/{}", "{}", "`{}` has no name, write `{name}`"),
        ("/{*}", "{*}", "`{*}` has no name, write `{*rest}`"),
        ("/{user id}", "{user id}", "` ` cannot be in the parameter name `user id`, write letters, digits, `_`, `-`, and `.` between them"),
        ("/{a/b}", "{a/b}", "`/` cannot be in the parameter name `a/b`, write letters, digits, `_`, `-`, and `.` between them"),
        ("/{a?}", "{a?}", "`{a?}`: no part of a path may be missing, write `{a}`, and a second route for the path without it"),
        ("/{a*}", "{a*}", "`{a*}`: the rest of a path is a parameter in braces, write `{*a}`"),
        ("/{**}", "{**}", "`{**}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{\u{e9}}", "{\u{e9}}", "`\u{e9}` cannot be in the parameter name `\u{e9}`, write letters, digits, `_`, `-`, and `.` between them"),
        ("/{id:[0-9]+}", "{id:[0-9]+}", "`{id:[0-9]+}`: parameters have no pattern, write `{id}`"),
        ("/{id:[0-9]{3}}/a", "{id:[0-9]{3}}", "`{id:[0-9]{3}}`: parameters have no pattern, write `{id}`"),
        ("/{id:a/b{2}}", "{id:a/b{2}}", "`{id:a/b{2}}`: parameters have no pattern, write `{id}`"),
        ("/{tail:.*}", "{tail:.*}", "`{tail:.*}`: parameters have no pattern, write `{*tail}`"),
        ("/{*tail:x}", "{*tail:x}", "`{*tail:x}`: parameters have no pattern, write `{*tail}`"),
        ("/{:id}", "{:id}", "`{:id}`: braces hold the name alone, write `{id}`"),
        ("/a/<id>", "<id>", "`<id>`: parameters are written in braces, write `{id}`"),
        ("/<path..>", "<path..>", "`<path..>`: parameters are written in braces, write `{*path}`"),
        ("/*", "*", "`*`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/*path", "*path", "`*path`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/*{path}", "*{path}", "`*{path}`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/*.json", "*.json", "`*.json`: what may vary is a parameter in braces, write `{name}.json`"),
        ("/a{*rest}", "a{*rest}", "`a{*rest}`: `{*rest}` is a whole segment, write `a/{*rest}`"),
        ("/{*rest}.json", "{*rest}.json", "`{*rest}.json`: `{*rest}` is a whole segment, write `{*rest}`"),
        ("/{*rest}/a", "{*rest}", "`{*rest}` takes all that follows: end the path with it, or write `{rest}` for one segment"),
        ("/{*rest}/", "{*rest}", "`{*rest}` takes all that follows: end the path with it, or write `{rest}` for one segment"),
        ("/{a}{b}", "{b}", "`{b}` is the second parameter of its segment, write a `/` between the two, or one parameter that takes both"),
        ("/{a}-{a}", "{a}", "`{a}` is the second parameter of its segment, write a `/` between the two, or one parameter that takes both"),
        ("/{a}{*b}", "{*b}", "`{*b}` is the second parameter of its segment, write a `/` between the two, or one parameter that takes both"),
        ("/image(width={w},height={h})", "{h}", "`{h}` is the second parameter of its segment, write `image({args})` and let the handler split it"),
        ("/f(a={a},b='{b}',c={c}).json", "{b}", "`{b}` is the second parameter of its segment, write `f({args}).json` and let the handler split it"),
        ("/{args}/f({a},{b})", "{b}", "`{b}` is the second parameter of its segment, write `f({args2})` and let the handler split it"),
        ("/f({a})({b})", "{b}", "`{b}` is the second parameter of its segment, write a `/` between the two, or one parameter that takes both"),
        ("/agents?$filter=card/id eq '{id}'", "?$filter=card/id eq '{id}'", "`?$filter=card/id eq '{id}'` is a query, which takes no part in matching: end the path before it"),
        ("/{id}?a=b/{id}/", "?a=b/{id}/", "`?a=b/{id}/` is a query, which takes no part in matching: end the path before it"),
        ("/:id?a=b//c", "?a=b//c", "`?a=b//c` is a query, which takes no part in matching: end the path before it"),
        ("/{*rest}?a/b", "?a/b", "`?a/b` is a query, which takes no part in matching: end the path before it"),
        ("/a#b/c d?", "#b/c d?", "`#b/c d?` is a fragment, which is never sent: end the path before it"),
        ("/:id?/edit", "?", "`?` begins a query, which takes no part in matching: end the path before it, or write a route of its own for an optional segment"),
        ("/{a}/{b}/:a", ":a", "the path has a parameter `a` already, write another name"),
        ("/:a/{*a}", "{*a}", "the path has a parameter `a` already, write another name"),
    ] {
        let errors = Template::parse(text).expect_err(text);
        assert_eq!(errors.len(), 1, "{text:?}: {errors:?}");
        assert_eq!((errors[0].text(text), errors[0].to_string().as_str()), (wrong, message), "{text:?}");
    }
}

#[test]
fn all_mistakes_of_a_path_in_order() {
    for (text, expected) in [
        ("users//:id.json", vec![(0, "users"), (5, "//"), (7, ":id.json")]),
        ("/a b/{}/../{x}{y}", vec![(2, " "), (5, "{}"), (8, ".."), (14, "{y}")]),
        ("/a?x//b%20", vec![(2, "?x//b%20")]),
        ("/a?/b c?x/ y", vec![(2, "?"), (5, " "), (7, "?x/ y")]),
        ("/a{*rest}/b", vec![(1, "a{*rest}"), (1, "a{*rest}")]),
        ("/:id.j%son}", vec![(1, ":id.j%son}"), (6, "%"), (10, "}")]),
        ("/{id/b}c}", vec![(1, "{id/b}"), (8, "}")]),
        ("/{id/{b}/c}", vec![(1, "{id"), (10, "}")]),
        ("/..?x", vec![(1, ".."), (3, "?x")]),
        (" users", vec![(0, " users"), (0, " ")]),
        ("/a|<b;;\t c", vec![(2, "|"), (3, "<"), (5, ";;"), (7, "\t ")]),
    ] {
        let errors = Template::parse(text).expect_err(text);
        let found: Vec<(usize, &str)> = errors.iter().map(|error| (error.offset, error.text(text))).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn limits() {
    let parameters = |count: usize| (0..count).map(|index| format!("/{{p{index}}}")).collect::<String>();
    assert_eq!(template(&parameters(MAX_PARAMETERS)).parameters().count(), MAX_PARAMETERS);
    let errors = Template::parse(&parameters(MAX_PARAMETERS + 2)).unwrap_err();
    let kinds: Vec<&Kind> = errors.iter().map(|error| &error.kind).collect();
    assert_eq!(kinds, [&Kind::TooManyParameters { text: "{p16}".to_owned() }]);
    assert_eq!(errors[0].to_string(), "`{p16}` is one parameter too many, write at most 16");

    assert_eq!(template(&"/a".repeat(MAX_SEGMENTS)).segments().len(), MAX_SEGMENTS);
    let errors = Template::parse(&"/a".repeat(MAX_SEGMENTS + 2)).unwrap_err();
    assert_eq!((errors.len(), errors[0].offset, errors[0].length), (1, 65, 3));
    assert_eq!(errors[0].to_string(), "`a/a` is too much, write at most 32 segments");

    let long = |length: usize| format!("/{}", "a".repeat(length - 1));
    assert_eq!(template(&long(MAX_LENGTH)).to_string().len(), MAX_LENGTH);
    let errors = Template::parse(&format!("{}//", long(MAX_LENGTH))).unwrap_err();
    assert_eq!((errors.len(), errors[0].to_string().as_str()), (1, "the path has 4098 bytes, write at most 4096"));
}

#[test]
fn shapes() {
    for (a, b, expected) in [
        ("/", "/", true),
        ("/a/{b}", "/a/:c", true),
        ("/a/{*b}", "/a/{*c}", true),
        ("/a/{b}", "/a/{*b}", false),
        ("/a/{b}", "/a/b", false),
        ("/a/{b}", "/a/{b}/", false),
        ("/a/{b}", "/a/{b}/c", false),
        ("/v{a}x", "/v{b}x", true),
        ("/v{a}x", "/v{a}", false),
        ("/A", "/a", false),
    ] {
        assert_eq!(template(a).same_shape(&template(b)), expected, "{a} {b}");
        assert_eq!(template(b).same_shape(&template(a)), expected, "{b} {a}");
    }
}

#[test]
fn parameters_examples_and_literals() {
    let path = template("/a/:b/v{c}.json/{*d}");
    let found: Vec<_> = path
        .parameters()
        .map(|parameter| (parameter.segment, parameter.prefix, parameter.name, parameter.suffix, parameter.is_rest))
        .collect();
    assert_eq!(found, [(1, "", "b", "", false), (2, "v", "c", ".json", false), (3, "", "d", "", true)]);
    assert_eq!(
        path.example(|name| if name == "d" { "x/y".to_owned() } else { name.to_uppercase() }),
        "/a/B/vC.json/x/y"
    );
    assert!(!path.is_literal());
    for (text, example) in [("/", "/"), ("/a", "/a"), ("/a/", "/a/")] {
        assert!(template(text).is_literal());
        assert_eq!(template(text).example(|_| String::new()), example);
    }
}

#[test]
fn joining() {
    for (base, path, expected) in [
        ("/", "/", "/"),
        ("/", "/a/", "/a/"),
        ("/api/v0", "/", "/api/v0"),
        ("/api/", "/", "/api/"),
        ("/api/", "/users", "/api/users"),
        ("/api/v0", "/users/:id", "/api/v0/users/{id}"),
        ("/e/{e}", "/u/{u}/", "/e/{e}/u/{u}/"),
    ] {
        let joined = template(base).join(&template(path));
        assert_eq!(joined.to_string(), expected);
        assert_eq!(joined.validate(), Ok(()));
    }
    for (base, path, wrong) in [("/{a}", "/b/{a}", "{a}"), ("/{*a}", "/b", "{*a}"), (&*"/a".repeat(32), "/b", "b")] {
        let joined = template(base).join(&template(path));
        let errors = joined.validate().unwrap_err();
        assert_eq!((errors.len(), errors[0].text(&joined.to_string())), (1, wrong));
    }
}

#[test]
fn most_specific_first() {
    // Each class is more specific than all that follow it.
    let classes: [&[Segment]; 6] = [
        &[literal("a"), literal("bcd")],
        &[parameter("abc", "x", ""), parameter("xyz", "x", "")],
        &[parameter("a", "x", "bc")],
        &[parameter("", "x", "abc")],
        &[parameter("", "x", ""), parameter("", "y", "")],
        &[rest("x")],
    ];
    for (rank, class) in classes.iter().enumerate() {
        for (other_rank, other) in classes.iter().enumerate() {
            for (a, b) in class.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
                assert_eq!(compare_segments(a, b), rank.cmp(&other_rank), "{a} {b}");
            }
        }
    }
    assert_eq!(compare_segments(&parameter("", "x", ".gz"), &parameter("ab", "x", "")), Ordering::Less);
}

/// Segments of correct templates; their position makes the names unique.
fn segment() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        "[a-z.~!@=,]{1,3}[a-z:*]{1,3}".prop_map(|text| (text, String::new())),
        ("[a-z.~=]{0,2}", "([a-zA-Z0-9_-][.]?){0,2}", "([a-z:.][a-z:*.]{0,2})?")
            .prop_map(|(prefix, name, suffix)| (format!("{prefix}{{{name}"), format!("}}{suffix}"))),
    ]
}

fn correct_path() -> impl Strategy<Value = String> {
    (prop::collection::vec(segment(), 0..6), prop::sample::select(&["", "/", "/{*rest}"][..])).prop_map(
        |(segments, end)| {
            let joined: String = segments
                .iter()
                .enumerate()
                .map(
                    |(index, (begin, end))| {
                        if end.is_empty() { format!("/{begin}") } else { format!("/{begin}{index}{end}") }
                    },
                )
                .collect();
            [joined.as_str(), if joined.is_empty() { "/" } else { end }].concat()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_parsing(path in correct_path()) {
        let parsed = Template::parse(&path);
        prop_assert!(parsed.is_ok(), "{}: {:?}", path, parsed);
        let parsed = parsed.unwrap();
        prop_assert_eq!(Template::parse(&parsed.to_string()), Ok(parsed.clone()));
        prop_assert!(parsed.same_shape(&parsed));
        prop_assert_eq!(parsed.is_literal(), parsed.parameters().next().is_none());
        // The path was written in the canonical form.
        prop_assert_eq!(parsed.to_string(), path);
    }

    #[test]
    fn whatever_is_accepted_prints_to_itself(text in "/([ab.:*{}/?%é <>]|[{][*]?[a-c:]{0,2}[}]|:a){0,8}") {
        match Template::parse(&text) {
            Ok(parsed) => prop_assert_eq!(Template::parse(&parsed.to_string()), Ok(parsed)),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.is_sorted_by_key(|error| error.offset));
                for (index, error) in errors.iter().enumerate() {
                    prop_assert!(text.get(error.offset..error.offset + error.length).is_some_and(|wrong| !wrong.is_empty()));
                    prop_assert!(!errors[..index].contains(error), "{:?} twice", error);
                    prop_assert!(!error.to_string().ends_with('.'));
                }
            }
        }
    }

    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        for error in Template::parse(&text).err().into_iter().flatten() {
            prop_assert!(text.is_char_boundary(error.offset) && text.is_char_boundary(error.offset + error.length));
            prop_assert!(!error.to_string().contains(char::is_control));
        }
    }

    #[test]
    fn the_order_is_total(a in segment(), b in segment(), c in segment()) {
        let [a, b, c] = [a, b, c].map(|(begin, end)| {
            let text = if end.is_empty() { format!("/{begin}") } else { format!("/{begin}0{end}") };
            template(&text).segments()[0].clone()
        });
        prop_assert_eq!(compare_segments(&a, &b), compare_segments(&b, &a).reverse());
        if compare_segments(&a, &b).is_le() && compare_segments(&b, &c).is_le() {
            prop_assert!(compare_segments(&a, &c).is_le());
        }
        if a.same_shape(&b) {
            prop_assert_eq!(compare_segments(&a, &b), Ordering::Equal);
        }
    }
}
