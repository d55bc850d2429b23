use super::*;

fn parse(text: &str) -> Result<String, Vec<String>> {
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
    let mut errors = Errors::default();
    let requirement = Requirement::parse(&mut Cursor::new(&tokens), &mut errors);
    match requirement {
        Some(requirement) if errors.is_empty() => Ok(requirement.to_text()),
        None => Err(errors.messages()),
        Some(_) => panic!("a requirement and an error"),
    }
}

#[test]
fn canonical() {
    for (text, expected) in [
        ("api::a.b", "a.b"),
        ("any(api::a.b)", "a.b"),
        ("any(api::c.d, api::a.b)", "a.b;c.d"),
        ("all(api::c.d, api::a.b,)", "a.b,c.d"),
        ("all(a.x, any(c.x, b.x))", "a.x,b.x;a.x,c.x"),
        ("any(a.x, all(a.x, b.x))", "a.x"),
        ("all(any(a.x, b.x), any(a.x, b.x))", "a.x;b.x"),
        ("any(all.read, any.write)", "all.read;any.write"),
    ] {
        assert_eq!(parse(text), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn refused() {
    for (text, messages) in [
        ("any()", &["`any()` names no scope, write `any(api::users.read, api::users.write)`"][..]),
        ("all(a.b, all())", &["`all()` names no scope, write `all(api::users.read, api::users.write)`"]),
        ("\"a.b\"", &["a scope is written as its dotted name, without quotes: `a.b`"]),
        ("\"a:b\"", &["a scope is written as its dotted name, without quotes: `a.b`"]),
        ("not(a.b)", &[NEGATED]),
        ("!a.b", &[NEGATED]),
        ("all(a.b, not(c.d), \"e\")", &[NEGATED, "a scope is written as its dotted name, without quotes: `e`"]),
        ("and(a.b, c.d)", &["`and(..)` combines no scopes, write `all(..)`"]),
        ("one_of(a.b, c.d)", &["`one_of(..)` combines no scopes, write `any(..)`"]),
        ("foo(a.b, c.d)", &["`foo(..)` combines no scopes, there are `any(..)` and `all(..)`"]),
        ("[a.b, c.d]", &["write `any(..)` if one of these scopes suffices, `all(..)` if the caller needs every one"]),
        ("any(a.b | c.d)", &["`|` does not combine scopes, write `any(a, b)`"]),
        (
            "any(api::a.b, c.d)",
            &[
                "the names of one requirement are of one catalogue and written with one path: write `c.d` as `api::c.d`, as the first one",
            ],
        ),
        (
            "any(a.b, api::c.d)",
            &[
                "the names of one requirement are of one catalogue and written with one path: write `api::c.d` without a path, as the first one",
            ],
        ),
        (
            "all(api::a.b, admin::c.d)",
            &[
                "the names of one requirement are of one catalogue and written with one path: the first one's is `api`, this one's is `admin`; what another catalogue demands goes into a `#[requires]` of its own",
            ],
        ),
    ] {
        assert_eq!(parse(text), Err(messages.iter().map(ToString::to_string).collect()), "{text}");
    }
}

#[test]
fn too_many_terms() {
    let pairs: Vec<String> = (0..7).map(|index| format!("any(a.x{index}, b.x{index})")).collect();
    let message = "this requirement comes to more than 64 alternatives, demand a scope that includes them";
    assert_eq!(parse(&format!("all({})", pairs.join(", "))), Err(vec![message.to_owned()]));
    assert_eq!(parse(&format!("all({})", pairs[..6].join(", "))).unwrap().split(';').count(), 64);
}

/// A peer joined nested conditions without parentheses and let callers in: check the whole truth
/// table.
#[test]
#[allow(clippy::nonminimal_bool, reason = "each closure repeats its text")]
fn truth_table() {
    type Truth = fn(bool, bool, bool) -> bool;
    let cases: [(&str, Truth); 5] = [
        ("all(any(s.a, s.b), s.c)", |a, b, c| (a || b) && c),
        ("any(all(s.a, s.b), s.c)", |a, b, c| (a && b) || c),
        ("all(s.a, any(s.b, all(s.c, s.a)))", |a, b, c| a && (b || (c && a))),
        ("any(s.a, all(s.b, any(s.c, s.a)))", |a, b, c| a || (b && (c || a))),
        ("all(any(s.a, s.b), any(s.b, s.c), any(s.c, s.a))", |a, b, c| (a || b) && (b || c) && (c || a)),
    ];
    for (text, expected) in cases {
        let terms = parse(text).unwrap();
        for bits in 0_u8..8 {
            let held = |scope: &str| bits >> (scope.as_bytes()[2] - b'a') & 1 == 1;
            let found = terms.split(';').any(|term| term.split(',').all(held));
            assert_eq!(found, expected(held("s.a"), held("s.b"), held("s.c")), "{text} {bits:03b}");
        }
    }
}
