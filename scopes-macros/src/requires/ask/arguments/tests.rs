use proc_macro2::Delimiter;

use super::*;
use crate::requires::tokens::squeezed;

fn parse(text: &str) -> (Arguments, Vec<String>) {
    parse_tokens(text.parse().unwrap())
}

fn parse_tokens(tokens: TokenStream) -> (Arguments, Vec<String>) {
    let mut errors = Errors::default();
    let arguments = Arguments::parse(tokens, &mut errors);
    let messages = errors.messages();
    (arguments, messages)
}

/// All arguments that were understood, in one line.
fn summary(text: &str) -> String {
    summary_of(text.parse().unwrap())
}

fn summary_of(tokens: TokenStream) -> String {
    let text = tokens.to_string();
    let (arguments, messages) = parse_tokens(tokens);
    assert_eq!(messages, Vec::<String>::new(), "{text}");
    let mut parts = vec![arguments.requirement.map(|requirement| requirement.to_text()).unwrap_or_default()];
    let valued = |word: &str, it: Option<TokensArgument>| it.map(|it| format!("{word}={}", it.value));
    let text_of = |word: &str, it: Option<TextArgument>| it.map(|it| format!("{word}={}", it.text.value));
    parts.extend(arguments.route.map(|route| format!("{} {:?}", route.method.value, route.path.value)));
    parts.extend(arguments.name.map(|name| format!("as {name}")));
    parts.extend(arguments.second.map(|_| "second".to_owned()));
    parts.extend(arguments.stricter.map(|_| "stricter".to_owned()));
    parts.extend(valued("from", arguments.from));
    parts.extend(valued("tenant", arguments.tenant));
    parts.extend(text_of("unbound", arguments.unbound));
    parts.extend(valued("via", arguments.via));
    parts.extend(text_of("prefix", arguments.prefix));
    parts.extend(arguments.unchecked_route.map(|_| "unchecked".to_owned()));
    parts.join(" | ")
}

#[test]
fn accepted() {
    for (text, expected) in [
        ("api::a.b", "a.b"),
        ("api::a.b,", "a.b"),
        ("api::a.b as permit", "a.b | as permit"),
        ("api::a.b, as permit", "a.b | as permit"),
        ("api::a.b as permit, second", "a.b | as permit | second"),
        ("any(api::a.b, api::c.d) as permit, stricter", "a.b;c.d | as permit | stricter"),
        ("api::a.b, GET \"/users/:id\"", "a.b | GET \"/users/:id\""),
        ("api::a.b, \"PURGE\" \"/x\", as p", "a.b | PURGE \"/x\" | as p"),
        ("api::a.b, stricter, GET \"/x\", prefix = \"/v1\"", "a.b | GET \"/x\" | stricter | prefix=/v1"),
        (
            "a.b, from = ctx.data::<Map<A, B>>(x, y), tenant = e.tenant",
            "a.b | from=ctx . data :: < Map < A , B >> (x , y) | tenant=e . tenant",
        ),
        ("a.b, unbound = \"why\", from = self.grant", "a.b | from=self . grant | unbound=why"),
        ("a.b, via = my::Permit, unchecked_route(\"a macro\")", "a.b | via=my :: Permit | unchecked"),
    ] {
        assert_eq!(squeezed(&summary(text)), squeezed(expected), "{text}");
    }
}

#[test]
fn refused() {
    for (text, expected) in [
        ("", "`#[requires]` names no scope, write one such as `#[requires(api::users.read)]`"),
        (
            "api::a.b, api::c.d",
            "any or all? write `any(api::a.b, api::c.d)` if one of these scopes suffices, `all(api::a.b, api::c.d)` if the caller needs every one",
        ),
        (
            "a.b, c.d, e.f, as p",
            "any or all? write `any(a.b, c.d, e.f)` if one of these scopes suffices, `all(a.b, c.d, e.f)` if the caller needs every one",
        ),
        ("a.b c.d", "expected `,` before `c`"),
        ("a.b => p, GET \"/x\"", "the name of the permit stands after `as`: write `as p`"),
        ("a.b -> p", "the name of the permit stands after `as`: write `as p`"),
        ("a.b, permit = p", "the name of the permit stands after `as`: write `as p`"),
        ("a.b, grant = g, tenant = t", "where the grant comes from is written `from = ..`: replace `grant` by `from`"),
        ("a.b, first", "the permit is the first parameter; `second` alone puts it after one that must come first"),
        ("a.b, second = true", "`second` takes no value: write `second` alone"),
        ("a.b, stricter = \"yes\", as p", "`stricter` takes no value: write `stricter` alone"),
        ("\"a.b\", \"c.d\"", "a scope is written without quotes, after the path of its catalogue, such as `api::a.b`"),
        ("a.b | c.d", "`|` does not combine scopes, write `any(a, b)`"),
        ("a.b, as p, as q", "`as` is given twice"),
        ("a.b as", "`as` is followed by the name of the parameter: `as permit`"),
        ("a.b as _", "`as` is followed by the name of the parameter: `as permit`"),
        ("a.b as fn", "`as` is followed by the name of the parameter: `as permit`"),
        ("a.b, stricter, stricter", "`stricter` is given twice"),
        ("a.b, second, second", "`second` is given twice"),
        (
            "a.b, from = g, second",
            "`second` places the permit's parameter, and with `from` there is none: remove one of them",
        ),
        ("a.b, GET \"/x\", POST \"/y\"", "the route is given twice"),
        ("a.b, get \"/x\"", "methods are case-sensitive: write `GET` for `get`"),
        ("a.b, GET \"x\"", "`x` does not begin with `/`, write `/x`"),
        ("a.b, \"/x\"", "the route needs its method: `GET \"/x\"`"),
        ("a.b, 7", "expected an argument such as `GET \"/path\"`, found `7`"),
        ("a.b, from", "`from` takes a value: `from = ..`"),
        ("a.b, from =", "`from` takes a value: `from = ..`"),
        ("a.b, from()", "`from` takes a value: `from = ..`"),
        ("a.b, from =>", "`from` takes a value: `from = ..`"),
        ("a.b, via:", "`via` takes a value: `via = ..`"),
        ("a.b, prefix = 7", "`prefix` takes one string"),
        ("a.b, prefix = \"v1\"", "a prefix begins with `/` and does not end with one: `/v1`"),
        ("a.b, unchecked_route", "`unchecked_route` needs a reason: `unchecked_route(\"why\")`"),
        ("a.b, unchecked_route(\" \")", "`unchecked_route` needs a reason that says something"),
        ("a.b, unchecked_route()", "`unchecked_route` takes one string"),
        ("a.b, from = g, unbound = \"\"", "`unbound` needs a reason that says something"),
        (
            "a.b, from = g, tenant = t, unbound = \"w\"",
            "`tenant` says which tenant it is, `unbound` that there is none yet: remove one of them",
        ),
        (
            "GET \"/x\"",
            "`#[requires]` names no scope, write one before everything else: `#[requires(api::users.read, GET \"/users\")]`",
        ),
        ("GET \"/x\", a.b, stricter", "the requirement comes first: `#[requires(api::users.read, GET \"/users\")]`"),
        ("from = g, tenant = t, a.b", "the requirement comes first: `#[requires(api::users.read, GET \"/users\")]`"),
        ("scope = \"a.b\"", "`scope` is not an argument, a scope is written alone: `#[requires(api::users.read)]`"),
        (
            "scopes = [\"a.b\"], as p",
            "`scopes` is not an argument, a scope is written alone: `#[requires(api::users.read)]`",
        ),
        ("mut a.b as p", "`mut` does not belong here: write `api::users.read as permit`"),
        ("a.b as \"p\"", "`as` is followed by the name of the parameter: `as permit`"),
        ("a.b, from: g, tenant = t", "`from` takes a value: `from = ..`"),
        ("a.b, from(g), tenant = t", "`from` takes a value: `from = ..`"),
        ("a.b, from = g, unbound(\"why\")", "`unbound` takes a value: `unbound = \"..\"`"),
        ("a.b, via = V<u8>", "`via` takes the path of a type without its arguments, the permit is put there"),
        ("a.b, tenant = t", "`tenant` belongs to `from`: otherwise the request's path names the tenant"),
        (
            "a.b, from = g, via = my::Permit",
            "`via` names the type of the parameter, and with `from` there is none: remove one of them",
        ),
    ] {
        assert_eq!(parse(text).1, [expected], "{text}");
    }
}

#[test]
fn unknown_arguments() {
    for (text, expected) in [
        ("a.b, strict", "unknown argument `strict`, did you mean `stricter`?"),
        ("a.b, secnd", "unknown argument `secnd`, did you mean `second`?"),
        ("a.b, form = x, tenant = y", "unknown argument `form`, did you mean `from`?"),
        ("a.b, tennant = x, from = y", "unknown argument `tennant`, did you mean `tenant`?"),
        ("a.b, zebra = x, tenant = y", "unknown argument `zebra`"),
        ("a.b, form = x", "unknown argument `form`, did you mean `from`?"),
        ("a.b, unchecked_rout(\"why\")", "unknown argument `unchecked_rout`, did you mean `unchecked_route`?"),
        ("a.b, zebra", "unknown argument `zebra`"),
    ] {
        let (_, messages) = parse(text);
        assert_eq!(messages.len(), 1, "{text}");
        assert_eq!(messages[0].lines().next(), Some(expected), "{text}");
        assert!(messages[0].contains("`any(..)` or `all(..)`"), "{text}");
    }
}

/// `macro_rules!` wraps its arguments in groups.
#[test]
fn fragments() {
    let wrapped = |text: &str| TokenTree::Group(proc_macro2::Group::new(Delimiter::None, text.parse().unwrap()));
    for (pieces, expected) in [
        (&["a.b, GET", "$\"/x\""][..], "a.b | GET \"/x\""),
        (&["$api", "::a.b"], "a.b"),
        (&["$any(a.b, c.d)"], "a.b;c.d"),
        (&["a.b, unbound = ", "$\"why\"", ", from = ", "$g + h", ".x"], "a.b | from=g + h . x | unbound=why"),
        (&["a.b, via =", "$my::Permit", ", unchecked_route(\"why\")"], "a.b | via=my :: Permit | unchecked"),
    ] {
        let mut tokens = TokenStream::new();
        for piece in pieces {
            match piece.strip_prefix('$') {
                Some(fragment) => tokens.extend([wrapped(fragment)]),
                None => tokens.extend(piece.parse::<TokenStream>().unwrap()),
            }
        }
        assert_eq!(squeezed(&summary_of(tokens)), squeezed(expected), "{pieces:?}");
    }
}

/// A mistake in one argument does not affect the others, in particular not the name that the body
/// uses.
#[test]
fn recovery() {
    for (text, requirement, name) in [
        ("api::a.b as permit, zebra", true, true),
        ("\"a.b\" as permit", false, true),
        ("any(), as permit", false, true),
        ("a..b as permit, stricter", false, true),
        ("scope = \"a.b\" as permit", false, false),
        ("scope = \"a.b\", as permit", false, true),
        ("mut a.b as permit", true, true),
        ("GET \"/x\", a.b as permit", true, true),
        ("word = word", false, false),
        ("word word", false, false),
    ] {
        let (arguments, messages) = parse(text);
        assert_eq!(messages.len(), 1, "{text} {messages:?}");
        assert_eq!((arguments.requirement.is_some(), arguments.name.is_some()), (requirement, name), "{text}");
    }
}

/// Notations of other languages: one error for each, at the first wrong token.
#[test]
fn other_languages() {
    for (text, expected) in [
        (
            "public",
            "a public route is declared as `public(\"why\") { .. }` in `scopes!`, and its handler has no `#[requires]`",
        ),
        (
            "public(\"liveness probe\")",
            "a public route is declared as `public(\"why\") { .. }` in `scopes!`, and its handler has no `#[requires]`",
        ),
        (
            "authenticated",
            "a route for every caller with a grant is declared as `authenticated(\"why\") { .. }` in `scopes!`, and its handler takes the catalogue's `Grant` instead of `#[requires]`",
        ),
        (
            "external",
            "a route with credentials of its own is declared as `external(\"why\") { .. }` in `scopes!`, and its handler has no `#[requires]`",
        ),
        (
            "none",
            "a public route is declared as `public(\"why\") { .. }` in `scopes!`, and its handler has no `#[requires]`",
        ),
        ("any", "`any` names its scopes: `any(api::users.read, api::users.write)`"),
        ("api::users.read; GET \"/users\"", "write `,` for `;`"),
        ("api::users.read: GET \"/users\"", "write `,` for `:`"),
        ("api::users.read => GET \"/users\"", "write `,` for `=>`"),
        ("api::users.read GET \"/users\"", "expected `,` before `GET`"),
        ("api::users.read, \"/users\"", "the route needs its method: `GET \"/users\"`"),
        ("api::users.read, \"GET /users\"", "method and path are two: write `GET \"/users\"`"),
        ("api::users.read, route(GET, \"/users\")", "a route is written as method and path: `GET \"/users\"`"),
        ("api::users.read, get(\"/users\")", "a route is written as method and path: `GET \"/users\"`"),
        ("api::users.read, route = \"GET /users\"", "a route is written as method and path: `GET \"/users\"`"),
        ("api::users.read, path = \"/users\"", "a route is written as method and path: `GET \"/users\"`"),
        (
            "api::users.read, method = \"GET\", path = \"/users\"",
            "a route is written as method and path: `GET \"/users\"`",
        ),
        ("api::users.read as permit: Permit", "`as` is followed by the name alone: `as permit`"),
        ("api::users.read as mut permit", "`as` is followed by the name of the parameter: `as permit`"),
        ("api::users.read, as = permit", "`as` is followed by the name of the parameter: `as permit`"),
        ("permit: api::users.read", "the name of the permit stands after the scope: `api::users.read as permit`"),
        ("api::users.read + api::users.write", "`+` does not combine scopes, write `all(a, b)`"),
        ("api::users.read && api::users.write", "`&` does not combine scopes, write `all(a, b)`"),
        ("api::users.read || api::users.write", "`|` does not combine scopes, write `any(a, b)`"),
        (
            "(api::users.read, api::users.write)",
            "write `any(..)` if one of these scopes suffices, `all(..)` if the caller needs every one",
        ),
        ("(api::users.read)", "one scope stands alone, without brackets: `api::users.read`"),
        ("[api::users.read]", "one scope stands alone, without brackets: `api::users.read`"),
        ("{ api::users.read }", "one scope stands alone, without brackets: `api::users.read`"),
        ("&api::users.read", "a scope is a name and not a value: remove `&`"),
        ("api::users.read()", "a scope is a name and not a value: remove `()`"),
        ("api::users.read.into()", "a scope is a name and not a value: remove `.into()`"),
        ("api::users.read[0]", "a scope is a name and not a value: remove `[0]`"),
        ("api::users.read?", "nothing stands after a scope's name: remove `?`"),
        ("Permit<api::users.read>", "`Permit<..>` is a type, here write the scope alone, `api::users.read`"),
        ("if admin", "a requirement has no conditions: it must hold for every call of the handler"),
        ("api::users.read if admin", "a requirement has no conditions: it must hold for every call of the handler"),
        ("not api::users.read", "a requirement cannot be negated: a grant of fewer scopes would then be allowed more"),
        (
            "unless api::users.read",
            "a requirement cannot be negated: a grant of fewer scopes would then be allowed more",
        ),
        (
            "api::users.read - api::users.write",
            "a requirement cannot be negated: a grant of fewer scopes would then be allowed more",
        ),
        ("any(api::users.read | api::users.write)", "`|` does not combine scopes, write `any(a, b)`"),
        (
            "any([api::users.read, api::users.write])",
            "write `any(..)` if one of these scopes suffices, `all(..)` if the caller needs every one",
        ),
        ("any!(api::users.read, api::users.write)", "`any(..)` has no `!`: remove it"),
        (
            "Any<api::users.read, api::users.write>",
            "`Any<..>` is a type, here write `any(api::users.read, api::users.write)`",
        ),
        (
            "scope = api::users.read",
            "`scope` is not an argument, a scope is written alone: `#[requires(api::users.read)]`",
        ),
        (
            "scopes = [api::users.read]",
            "`scopes` is not an argument, a scope is written alone: `#[requires(api::users.read)]`",
        ),
        (
            "api::users.read, GET concat!(\"/\", \"users\")",
            "a path is a string literal, such as `GET \"/users\"`: the attribute reads the text itself and cannot see constants or other macros",
        ),
        ("api::users.read, GET /users", "a method is followed by the path as a string: `GET \"/users\"`"),
        ("api::users.read, GET", "a method is followed by the path as a string: `GET \"/users\"`"),
    ] {
        assert_eq!(parse(text).1, [expected], "{text}");
    }
}

/// IDEs complete the words that `src/words.rs` of the facade lists.
#[test]
fn ides_know_every_argument() {
    let words = include_str!("../../../../../src/words.rs");
    let (_, list) = words.split_once("pub mod arguments {").unwrap();
    let list: Vec<&str> = list.split_once("pub mod").unwrap().0.lines().map(str::trim).collect();
    // `as` is a keyword, and cannot be completed through a path.
    for name in argument::names().filter(|name| *name != "as") {
        assert!(list.contains(&name), "{name}");
    }
}
