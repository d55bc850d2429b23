//! The messages for text that cannot be read; the parser continues after each mistake.

use super::{expand, messages, parse};

/// Checks the syntax errors of a block's items.
#[track_caller]
fn check(block: &str, expected: &[&str]) {
    let (_, errors) = parse(&format!("mod api; {block}"));
    assert_eq!(errors, expected, "{block}");
}

#[test]
fn names() {
    for (block, expected) in [
        ("? ;", "expected a scope name such as `a.b.read`"),
        ("a.;", "expected the next part of the scope's name after `a.`"),
        ("a..b;", "one dot stands between two segments of a scope's name"),
        (
            "a includes b.*;",
            "`*` stands only at the beginning of a pattern, such as `*.read`: name the scopes under `b` one by one",
        ),
        (
            "a includes *.b.c.*.d;",
            "`*` stands only at the beginning of a pattern, such as `*.read`: name the scopes under `b.c` one by one",
        ),
        ("a.b as c.d { GET \"/\"; }", "`as` must follow a string: write `\"a.b\" as c.d`"),
        ("a as;", "`as` must follow a string: write `\"a\" as another.name`"),
        ("a.0.1.read;", "a part of a name must not begin with a digit, write the name as a string: `\"a.0.1.read\"`"),
        ("a.3d;", "a part of a name must not begin with a digit, write the name as a string: `\"a.3d\"`"),
        ("1.x;", "a part of a name must not begin with a digit, write the name as a string: `\"1.x\"`"),
        (
            "a-b;",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"a-b\" as a.b;`",
        ),
        ("\"x\" as \"y\";", "expected a scope name such as `a.b.read`"),
        ("a includes;", "expected a scope name or a pattern such as `*.read` after `includes`"),
        ("a includes b.c,;", "expected a scope name or a pattern such as `*.read` after `includes`"),
        ("a.b; a includes \"a.b\";", "the names after `includes` are the dotted ones, without quotes: write `a.b`"),
        ("a.b; a includes \"a:b\", c;", "the names after `includes` are the dotted ones, without quotes: write `a.b`"),
        ("b; c; a includes b includes c;", "`includes` is written once, with commas between the names"),
        (
            "b; a includes { b }; c { GET \"/\"; }",
            "the names after `includes` stand without braces, such as `includes users.read, users.write;`",
        ),
        ("tenant a, b; c { GET \"/{a}\"; }", "a catalogue has one tenant: write `tenant a;`"),
        ("a { GET \"/\" #[deprecated]; }", "an attribute stands before what it belongs to: move it before `GET \"/\"`"),
        ("a { GET \"/\" #[deprecated] }", "an attribute stands before what it belongs to: move it before `GET \"/\"`"),
        ("a includes *read;", "expected `.` and the last segments of a name after `*`, such as `*.read`"),
        ("a includes *;", "expected `.` and the last segments of a name after `*`, such as `*.read`"),
        ("a", "expected `;` after `a`, or `includes`, or `{` and routes"),
        ("b; c; a includes b c;", "expected `,` after `b` and before the next pattern"),
        ("a includes b *.c { GET \"/\"; }", "expected `,` after `b` and before the next pattern"),
        ("a includes b c;", "expected `;` after `b`, or `,` and another pattern, or `{` and routes"),
        ("a includes b c { GET \"/\"; }", "expected `;` after `b`, or `,` and another pattern, or `{` and routes"),
        ("a includs b.c, d;", "`includs` does not belong here, did you mean `includes`?"),
        ("a implies *.c { GET \"/\"; }", "`implies` does not belong here, did you mean `includes`?"),
        ("a { GET \"/\"; } includes b.c;", "`includes` stands before the `{` of `a`"),
        ("a.b GET \"/\";", "the routes of a scope stand in braces: `a.b { GET \"/\"; }`"),
        ("a { GET \"/\"; };", "no `;` stands after `}`"),
        ("a::b { GET \"/\"; }", "the parts of a scope's name are separated by dots: `a.b`"),
        ("a.b::c::d;", "the parts of a scope's name are separated by dots: `a.b.c.d`"),
        ("a.b: { GET \"/\"; }", "no `:` stands after a scope's name: write `a.b { .. }`"),
        (
            "a:b;",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"a:b\" as a.b;`",
        ),
        ("/// Text.", "expected a scope after its attributes"),
    ] {
        check(block, &[expected]);
    }
}

#[test]
fn routes() {
    for (routes, expected) in [
        ("GET", "expected a path after `GET`, such as `\"/users/{id}\"`"),
        ("GET /users;", "a path is a string: write `GET \"/users\";`"),
        ("\"/users\";", "expected a method before the path, such as `GET \"/users\"`"),
        ("?;", "expected a route such as `GET \"/users/{id}\";`, or `under \"/users\" { .. }`"),
        ("GET \"/x\"", "expected `;` after `GET \"/x\"`"),
        ("GET \"/x\", GET \"/y\";", "expected `;` after `GET \"/x\"`"),
        ("GET \"/x\" GET \"/y\";", "expected `;` after `GET \"/x\"`"),
        ("GET \"/x\" as;", "expected the route's name after `as`, such as `get_user`"),
        ("under {}", "expected the beginning of a path after `under`, such as `\"/users/{userId}\"`"),
        ("under \"/u\";", "expected `{` and routes after `under \"/u\"`"),
        ("undr \"/u\" { GET \"\"; }", "`undr` does not belong here, did you mean `under`?"),
        ("under \"/u\" { GET \"\"; };", "no `;` stands after `}`"),
        ("under \"/u\" { under \"/v\" {} }", "`under` does not nest, write the whole beginning of the path in one"),
        ("#[raw(x)] under \"/u\" {}", "`under` takes no attributes"),
        ("b { GET \"/x\"; }", "scopes do not nest, write `a.b { .. }` outside"),
        ("under \"/u\" { b.c {} }", "scopes do not nest, write `a.b.c { .. }` outside"),
        ("/// Text.", "expected a route after its attributes, such as `GET \"/users/{id}\";`"),
    ] {
        check(&format!("a {{ {routes}\n }}"), &[expected]);
    }
}

#[test]
fn attributes() {
    let on_scope = "possible are: `doc`, `title`, `was`, `deprecated`, `global`, `unbound`";
    for (block, expected) in [
        (
            "#[cfg(x)] a;",
            "`#[cfg]` is not possible on a scope: put it on the whole `scopes!`, or let this be declared in every build"
                .to_owned(),
        ),
        ("#[inline] a;", format!("`#[inline]` is not possible on a scope\n{on_scope}")),
        ("#[glabal(\"x\")] a;", format!("`#[glabal]` is not possible on a scope, did you mean `global`?\n{on_scope}")),
        ("#[raw(x)] a;", format!("`#[raw]` is not possible on a scope\n{on_scope}")),
        (
            "/// x\n public(\"y\") {}",
            "a block of routes has no text of its own, document its routes, or write `//`".to_owned(),
        ),
        ("#[global] a;", "say why: `#[global(\"reason\")]`".to_owned()),
        ("#[unbound = \"x\"] a;", "say why: `#[unbound(\"reason\")]`".to_owned()),
        ("#[global(\"x\")] #[unbound(\"y\")] a;", "one `#[global(..)]` or one `#[unbound(..)]`, not more".to_owned()),
        ("#[deprecated(x)] a;", "write `#[deprecated = \"what to use instead\"]`".to_owned()),
        ("#[deprecated] #[deprecated] a;", "`#[deprecated]` is written twice".to_owned()),
        ("#[was] a;", "write the name that tokens had before: `#[was(\"users.view\")]`".to_owned()),
        ("#[was()] a;", "write the name that tokens had before: `#[was(\"users.view\")]`".to_owned()),
        ("#[was(b.c)] a;", "write the name that tokens had before: `#[was(\"users.view\")]`".to_owned()),
        ("#[was = \"b\"] a;", "write the name that tokens had before: `#[was(\"users.view\")]`".to_owned()),
        ("#[title] a;", "write the title as a string: `#[title = \"Read users\"]`".to_owned()),
        ("#[title(\"x\")] a;", "write the title as a string: `#[title = \"Read users\"]`".to_owned()),
        ("#[title = \"x\"] #[title = \"y\"] a;", "`#[title]` is written twice".to_owned()),
        (
            "#[doc = include_str!(\"x\")] a;",
            "the text goes into tables, so it must be a doc comment or `#[doc = \"text\"]`".to_owned(),
        ),
        ("a { #[raw()] GET \"/\"; }", "name the parameters: `#[raw(name)]`".to_owned()),
        ("a { #[trailing_slash(1)] GET \"/\"; }", "`#[trailing_slash]` takes no arguments".to_owned()),
        ("#[] a;", "expected an attribute such as `deprecated = \"use another\"`".to_owned()),
        ("# a;", "a comment begins with `//`, an attribute with `#[`".to_owned()),
        ("#![strict] a;", "`#![strict]` stands before the `mod` line".to_owned()),
    ] {
        check(block, &[&expected]);
    }
    for (arguments, expected) in [
        ("sunet = \"2027-05-01\"", "`sunet` is not possible in `#[deprecated(..)]`, did you mean `sunset`?"),
        (
            "since = \"2026-11-01\", until = \"x\"",
            "`until` is not possible in `#[deprecated(..)]`, did you mean `sunset`?",
        ),
        ("use = b, message = \"x\"", "`message` is not possible in `#[deprecated(..)]`, did you mean `note`?"),
        ("use = b, instead = c", "`instead` is not possible in `#[deprecated(..)]`, did you mean `use`?"),
        ("use = b, wobble = c", "`wobble` is not possible in `#[deprecated(..)]`"),
        ("since = 2026", "expected a string, such as `since = \"2026-11-01\"`"),
        ("sunset = x.y", "expected a string, such as `sunset = \"2027-05-01\"`"),
        ("note = why", "expected a string, such as `note = \"why\"`"),
        ("use = 7", "expected the name of a scope, such as `use = users.read`"),
        ("use = b.", "expected the next part of the scope's name after `b.`"),
        ("since", "expected `=` after `since`, such as `since = \"2026-11-01\"`"),
        ("use(b)", "expected `=` after `use`, such as `use = users.read`"),
        ("use = b sunset = \"x\"", "expected `,` after the value of `use`"),
        ("since = \"2026-11-01\", since = \"2026-11-01\"", "`since` is written twice"),
    ] {
        for block in
            [format!("#[deprecated({arguments})] a;"), format!("a {{ #[deprecated({arguments})] GET \"/\"; }}")]
        {
            let keys = "\npossible are: `since`, `sunset`, `use`, `note`";
            let keys = if expected.contains("is not possible") { keys } else { "" };
            check(&block, &[&format!("{expected}{keys}")]);
        }
    }
}

#[test]
fn blocks_and_settings() {
    for (block, expected) in [
        ("public() {}", "expected the reason as one string, such as `public(\"why\")`"),
        ("public(\"a\", \"b\") {}", "expected the reason as one string, such as `public(\"why\")`"),
        ("external(\"a\");", "expected `{` and routes after `external(..)`"),
        ("all(a b) {}", "expected `,` between the scopes of `all(..)`"),
        ("all(a.) {}", "expected the next part of the scope's name after `a.`"),
        (
            "any(a, b) {}",
            "`any(..)` is not a block: write the route under each of its scopes, any of them suffices then",
        ),
        (
            "other(a, b) {}",
            "expected `;`, `includes` or `{` after `other`; a block begins with `all(..)`, `public(..)`, `authenticated(..)` or `external(..)`",
        ),
        ("public(\"why\") { b {} }", "scopes do not nest, write `b { .. }` outside"),
        (
            "GET \"/x\";",
            "a route stands under its scope, `users.read { GET \"/x\" .. }`, or in a block such as `public(\"why\") { .. }`",
        ),
        (
            "under \"/x\" { GET \"/y\"; }",
            "a route stands under its scope, `users.read { under \"/x\" .. }`, or in a block such as `public(\"why\") { .. }`",
        ),
        ("base /api/v0;", "`base` is followed by a string: write `base \"/api/v0\";`"),
        ("base = \"/api\";", "`base` is followed by a string: write `base \"/api\";`"),
        ("bas \"/x\";", "`bas` does not belong here, did you mean `base`?"),
        ("tennant i;", "`tennant` does not belong here, did you mean `tenant`?"),
        ("tenant :id;", "`tenant` is followed by the name alone: write `tenant id;`"),
        ("tenant = id;", "`tenant` is followed by the name alone: write `tenant id;`"),
        ("pub mod b;", "one `scopes!` declares one catalogue, write another `scopes! { mod b; .. }`"),
        ("public(\"why\") {};", "no `;` stands after `}`"),
        ("base \"/x\" a;", "expected `;` after `base \"/x\"`"),
        ("tenant t a;", "expected `;` after `tenant t`"),
        ("a; base \"/x\";", "`base \"/x\"` stands before the first scope"),
        ("a { GET \"/\"; } routes;", "`routes` stands before the first scope"),
    ] {
        check(block, &[expected]);
    }
    check("tenant a; tenant b;", &["`tenant` is set twice", "first set here"]);
    check("routes; routes; a { GET \"/\"; }", &["`routes` is set twice", "first set here"]);
}

/// A word of the grammar without its argument gives one error, and is not read as a scope.
#[test]
fn words_of_the_grammar() {
    for (block, instead) in [
        ("public { GET \"/x\"; }", "`public(\"why\") { .. }`, or `\"public\" { .. }`"),
        ("public;", "`public(\"why\") { .. }`, or `\"public\";`"),
        ("public \"why\" { GET \"/x\"; }", "`public(\"why\") { .. }`, or `\"public\" { .. }`"),
        ("authenticated {}", "`authenticated(\"why\") { .. }`, or `\"authenticated\" { .. }`"),
        ("external includes a.b;", "`external(\"why\") { .. }`, or `\"external\" includes ..`"),
        ("all { GET \"/x\"; }", "`all(a.b, c.d) { .. }`, or `\"all\" { .. }`"),
        ("all includes *.read;", "`all(a.b, c.d) { .. }`, or `\"all\" includes ..`"),
        ("base;", "`base \"/api\";`, or `\"base\";`"),
        ("tenant;", "`tenant id;`, or `\"tenant\";`"),
        ("tenant { GET \"/x\"; }", "`tenant id;`, or `\"tenant\" { .. }`"),
        ("tenant includes a.b;", "`tenant id;`, or `\"tenant\" includes ..`"),
        ("routes {}", "`routes;`, or `\"routes\" { .. }`"),
    ] {
        let word = block.split([' ', ';']).next().unwrap();
        check(block, &[&format!("`{word}` is a word of the grammar: write {instead} for a scope of this name")]);
        let (input, _) = parse(&format!("mod api; {block} a.b;"));
        assert_eq!(input.unwrap().items.len(), 1, "{block}");
    }
}

#[test]
fn the_head() {
    for (block, expected) in [
        ("", "expected the catalogue's module, such as `pub mod api;`"),
        ("a.b;", "expected the catalogue's module, such as `pub mod api;`"),
        ("pub mod;", "expected the catalogue's module, such as `pub mod api;`"),
        ("pub mod api {}", "the module's contents are generated, write `;` and the scopes after it"),
        ("pub mod api { a { GET \"/\"; } }", "the module's contents are generated, write `;` and the scopes after it"),
        (
            "base \"/x\"; tenant t; pub mod api; a { GET \"/\"; }",
            "`base` must follow the catalogue's module, such as `pub mod api;`",
        ),
        ("mod api a;", "expected `;` after `mod api`"),
        ("#![strikt] mod api;", "unknown setting `#![strikt]`, the one there is: `#![strict]`"),
        ("#![strict(x)] mod api;", "`strict` takes no arguments, write `#![strict]`"),
        ("#[strict] mod api;", "write `#![strict]`, before everything else"),
        ("#![doc = \"x\"] mod api;", "document the module with `///` on its `mod` line"),
    ] {
        assert_eq!(parse(block).1, [expected], "{block}");
    }
}

#[test]
fn reading_goes_on() {
    let block = "mod api; a.0; b { GET; GET \"/b\"; ? GET \"/c\"; } c c.d { GET \"/d\" } all(x y) { GET } e;";
    let (input, errors) = parse(block);
    let names: Vec<String> = input
        .unwrap()
        .items
        .iter()
        .map(|item| match item {
            crate::parse::ParsedItem::Scope(scope) => scope.name.wire(),
            crate::parse::ParsedItem::Block(_) => "block".to_owned(),
        })
        .collect();
    assert_eq!(names, ["b", "c", "c.d", "e"]);
    assert_eq!(errors.len(), 7, "{errors:#?}");
}

#[test]
fn mistakes_of_meaning_have_their_twins() {
    let errors = messages(expand("mod api; a.b { GET \"/x\"; GET \"/x\"; } a.b; c.d includes a.c;"));
    assert!(errors.contains(&"route `GET /x` is written twice, remove one of the two".to_owned()), "{errors:#?}");
    let twice = errors.iter().position(|error| error == "scope `a.b` is declared twice").unwrap();
    assert_eq!(errors[twice + 1], "first declared here");
    assert!(errors.iter().any(|error| error.contains("did you mean `a.b`?")), "{errors:#?}");
}

/// The advice shows `as` in the form that compiles.
#[test]
fn names_in_the_way() {
    for (block, expected) in [
        (
            "Grant;",
            "`Grant` is not a scope name: `Grant` is an item of every catalogue and cannot begin a name: write `\"Grant\" as another.name`",
        ),
        (
            "a.self;",
            "`a.self` is not a scope name: `self` cannot be part of a path: write `\"a.self\" as another.name`",
        ),
        (
            "\"a:self\";",
            "`a.self` is not a scope name: `self` cannot be part of a path: give the scope another dotted name with `as`",
        ),
        (
            "\"x\" as a.self;",
            "`a.self` is not a scope name: `self` cannot be part of a path: give the scope another dotted name with `as`",
        ),
    ] {
        assert_eq!(messages(expand(&format!("mod api; {block}"))), [expected], "{block}");
    }
}

#[test]
fn routers() {
    for (block, expected) in [
        ("routes; a;", "`routes` asks for the catalogue's routers, but no route is declared"),
        (
            "routes; a.Routes { GET \"/\"; }",
            "`Routes` is the struct that `routes;` generates in each group: write `\"a.Routes\" as another.name`",
        ),
        ("routes; a { GET \"/\" as self; }", "`self` cannot be a field of `Routes`, give the route another name"),
        ("routes; a { GET \"/\" as x; GET \"/x\" as x; }", "two routes are named `x`"),
    ] {
        let errors = messages(expand(&format!("mod api; {block}")));
        assert!(errors[0].starts_with(expected), "{block} {errors:?}");
    }
    assert!(messages(expand("mod api; a.Routes { GET \"/\"; }")).is_empty());
}
