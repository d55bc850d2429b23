use super::*;
use crate::requires::tokens::squeezed;
use crate::requires::{requires_route, requires_type};

fn expand(args: &str, item: &str) -> String {
    squeezed(&attribute(args.parse().unwrap(), item.parse().unwrap()).to_string())
}

/// The messages of all `compile_error!` calls, without spaces.
fn errors(output: &str) -> Vec<String> {
    let rest = output.split("compile_error!{").skip(1);
    rest.map(|rest| syn::parse_str::<syn::LitStr>(rest.split_once('}').unwrap().0).unwrap().value()).collect()
}

/// The output without the parts that only an IDE sees.
fn without_paths(output: &str) -> String {
    let begin = plain("#[allow(unexpected_cfgs, reason = \"known to IDEs only\")]");
    match output.split_once(&begin) {
        Some((before, rest)) => format!("{before}{}", rest.split_once("};};").unwrap().1),
        None => output.to_owned(),
    }
}

fn plain(text: &str) -> String {
    squeezed(text)
}

const MARKER: &str =
    "api::__check! { @names { api::__scopes::__private::requires_type } [api::] \"users.read\" [. .] [] }";

#[test]
fn the_second_parameter() {
    let permit = format!("permit: api::__scopes::Permit<{MARKER}>");
    for (item, head) in [
        ("async fn show(path: Show, id: Id) {}", format!("async fn show(path: Show, {permit}, id: Id)")),
        ("async fn show(path: Show) {}", format!("async fn show(path: Show, {permit})")),
        ("async fn show(&self, path: Show,) {}", format!("async fn show(&self, path: Show, {permit})")),
        (
            "async fn show(self, (a, b): (A, B), c: C) {}",
            format!("async fn show(self, (a, b): (A, B), {permit}, c: C)"),
        ),
    ] {
        let output = expand("api::users.read as permit, second", item);
        assert!(output.starts_with(&plain(&head)), "{output}");
        assert_eq!(errors(&output), [""; 0]);
    }
    for (args, item, message) in [
        (
            "second",
            "fn a() {}",
            "`second` puts the permit after the first parameter, and the function has none: remove `second`",
        ),
        (
            "second",
            "fn a(&self) {}",
            "`second` puts the permit after the first parameter, and the function has none: remove `second`",
        ),
        (
            "second",
            "fn a(#[grant] r: R) {}",
            "`second` places the permit's parameter, and with `#[grant] r` there is none: remove one of them",
        ),
        (
            "second, from = grant",
            "fn a(grant: G) {}",
            "`second` places the permit's parameter, and with `from` there is none: remove one of them",
        ),
        ("second", "#[get(\"/x\")] fn a(id: Id) {}", "`#[get(..)]` takes parameters in any order: remove `second`"),
        (
            "second",
            "#[actix_web::route(\"/x\", method = \"GET\")] fn a(id: Id) {}",
            "`#[route(..)]` takes parameters in any order: remove `second`",
        ),
    ] {
        assert_eq!(errors(&expand(&format!("api::users.read, {args}"), item)), [plain(message)], "{item}");
    }
}

#[test]
fn the_parameter() {
    let output = expand("api::users.read as permit", "async fn show(&self, id: Id) -> R { body }");
    let head = plain(&format!("async fn show(&self, permit: api::__scopes::Permit<{MARKER}>, id: Id) -> R"));
    assert!(output.starts_with(&head), "{output}");
    assert!(output.contains(&plain("#[cfg(rust_analyzer)] const _: () = { let _ = api::users::read; };")), "{output}");
    assert!(output.ends_with("body}"), "{output}");
}

#[test]
fn combinations() {
    let marker = |name: &str| MARKER.replace("users.read", name);
    for (args, expected) in [
        (
            "any(api::c.x, api::b.x, api::a.x)",
            format!("api::__scopes::Any<{}, api::__scopes::Any<{}, {}>>", marker("a.x"), marker("b.x"), marker("c.x")),
        ),
        ("all(api::b.x, any(api::a.x))", format!("api::__scopes::All<{}, {}>", marker("a.x"), marker("b.x"))),
        ("api::a.x, stricter", format!("api::__scopes::Stricter<{}>", marker("a.x"))),
    ] {
        let output = expand(args, "fn f() {}");
        assert!(
            output.contains(&plain(&format!(
                "fn f(_permit: api::__check! {{ @same api::__scopes::Permit<{expected}> }})"
            ))),
            "{args} {output}"
        );
    }
    // A name that absorption removes is checked, too.
    let output = expand("any(api::a.x, all(api::a.x, api::b.x))", "fn f() {}");
    let phantom = format!("const _: ::core::marker::PhantomData<{}> = ::core::marker::PhantomData;", marker("b.x"));
    assert!(output.contains(&plain(&phantom)), "{output}");
}

/// utoipa's attribute reads the types of the parameters, so it must run before the parameter is
/// added. The route in it is kept.
#[test]
fn utoipa_goes_first() {
    let item = "/// Text.\n #[utoipa::path(get, path = \"/users\")] #[other] fn f(id: Id) {}";
    let output = expand("api::users.read as permit", item);
    let expected = "#[utoipa::path(get, path = \"/users\")]
        #[api::__scopes::requires(@ [utoipa::path(get, path = \"/users\")] api::users.read as permit)]
        #[doc = \" Text.\"] #[other] fn f(id: Id) {}";
    assert_eq!(output, plain(expected));
    let output = expand("@ [utoipa::path(get, path = \"/users\")] api::users.read as permit", "fn f(id: Id) {}");
    assert!(output.contains(&plain("fn f(permit: api::__scopes::Permit<")), "{output}");
    assert!(output.contains(&plain("[(\"GET\" \"/users\")]")), "{output}");
    // No attribute is inserted for these.
    for (args, item) in [
        ("api::users.read, from = grant", "#[utoipa::path(get, path = \"/users\")] fn f(grant: G) -> R {}"),
        ("api::users.read", "#[utoipa::path(get, path = \"/users\")] fn f(#[grant] request: T) -> R {}"),
    ] {
        assert!(!expand(args, item).contains("requires(@"), "{args}");
    }
    // No mistake is lost when the attribute is printed again.
    let output =
        expand("api::users.read", "#[utoipa::path(get, path = \"/users\")] fn f(#[grant] (request): T) -> R {}");
    assert!(output.contains("compile_error"), "{output}");
}

#[test]
fn bare_names() {
    let output = expand("users.read", "fn f() {}");
    let marker = "users! { @names { users::__scopes::__private::requires_type } [] \"users.read\" [. .] [] }";
    assert!(output.contains(&plain(&format!("_permit: users::__scopes::Permit<{marker}>"))), "{output}");
}

/// Without a name, the body does not use the type, which is `()` if the catalogue is not found.
/// With an attribute of a framework, the type must stay recognisable as a permit.
#[test]
fn the_type_is_one_call_where_that_is_possible() {
    for (args, item, is_call) in [
        ("api::users.read", "fn f() {}", true),
        ("api::users.read", "/// Text.\n #[tracing::instrument(skip_all)] #[allow(unused)] fn f() {}", true),
        ("api::users.read as permit", "fn f() {}", false),
        ("users.read", "fn f() {}", false),
        ("api::users.read", "#[handler] fn f() {}", false),
        ("api::users.read", "#[inline] #[salvo::oapi::endpoint] fn f() {}", false),
        ("api::users.read", "#[cfg_attr(feature = \"salvo\", handler)] fn f() {}", false),
    ] {
        assert_eq!(expand(args, item).contains("@same"), is_call, "{args} {item}");
    }
}

#[test]
fn carriers() {
    let output = expand("api::users.read as permit", "fn f(&self, #[grant] req: R) -> Out { body }");
    assert!(output.starts_with(&plain("fn f(&self, req: R) -> Out {")), "{output}");
    assert!(
        output.contains(&plain(&format!("let permit = match api::__scopes::Carrier::permit::<{MARKER}>(&req)"))),
        "{output}"
    );
    assert!(output.contains(&plain("return api::__scopes::FromDenied::from_denied(__denied),")), "{output}");
    assert!(!output.contains("used_underscore_binding"), "{output}");
    let output = expand("api::users.read", "fn f(#[grant] _req: R) -> Out { body }");
    assert!(output.contains("used_underscore_binding"), "{output}");
    let private = "api::__scopes::__private";
    let marker = MARKER.replace("[] }", "[from] }");
    for (args, marker, tenant) in [
        ("api::users.read, from = self.g.get::<A, B>()", &*marker, "NotNeeded"),
        ("api::users.read, from = self.g.get::<A, B>(), tenant = e.id", MARKER, "At(&(e.id))"),
        ("api::users.read, unbound = \"why\", from = self.g.get::<A, B>()", MARKER, "Unbound(\"why\")"),
    ] {
        let output = expand(args, "fn f(&self) {}");
        let held = "api::__scopes::GrantSource::grant(&(self.g.get::<A, B>()))";
        let call = format!("{private}::check_grant::<{marker}>({held}, {private}::TenantWithoutRequest::{tenant})");
        assert!(output.contains(&plain(&format!("let _permit = match {call}"))), "{args} {output}");
    }
}

#[test]
fn other_frameworks() {
    let output = expand("api::users.read, via = my::Permit", "fn f(a: A) {}");
    assert!(output.starts_with(&plain(&format!("fn f(_permit: my::Permit<{MARKER}>, a: A)"))), "{output}");
    let check =
        format!("<my::Permit<{MARKER}> as ::core::convert::AsRef<api::__scopes::Permit<{MARKER}>>>::as_ref(&_permit);");
    assert!(output.contains(&plain(&check)), "{output}");
}

/// Rocket's log shows a guard by the tokens of its type.
#[test]
fn a_route_attributes_permit_has_a_readable_type() {
    for (args, item, alias) in [
        ("api::a.b", "#[get(\"/x\")] fn list() {}", "list_permit"),
        ("api::a.b as permit", "#[rocket::post(\"/x\")] async fn r#move(body: Body) {}", "move_permit"),
        ("api::a.b as who", "#[route(GET, uri = \"/x\")] pub fn list() {}", "list_who"),
        // With two attributes: the first one has its name already.
        ("api::a.b", "#[get(\"/x\")] fn list(_permit: list_permit) {}", "list_permit1"),
    ] {
        let output = expand(args, item);
        assert_eq!(errors(&output), Vec::<String>::new(), "{item}");
        let (parameter, declared) = (plain(&format!(": {alias}")), plain(&format!("type {alias} = ")));
        assert!(output.contains(&parameter) && output.contains(&declared), "{item} {output}");
    }
    for item in ["fn list() {}", "#[handler] fn list() {}", "#[utoipa::path(get)] #[inline] fn list() {}"] {
        assert!(!expand("api::a.b", item).contains("type list_permit"), "{item}");
    }
}

#[test]
fn routes_to_compare() {
    let ask = |rest: &str| {
        plain(&format!("api::__check! {{ @routes {{ api::__scopes::__private::requires_route }} {rest} }}"))
    };
    for (args, item, expected) in [
        ("api::a.b, GET \"/x\"", "fn f() {}", Some("\"a.b\" [] [\"GET\" \"/x\"] []")),
        (
            "any(api::c.d, api::a.b), stricter",
            "#[get(\"/x\")] fn f() {}",
            Some("\"a.b;c.d\" [stricter] [] [(\"GET\" \"/x\")]"),
        ),
        ("api::a.b, prefix = \"/v1\"", "#[post(\"/x\")] fn f() {}", Some("\"a.b\" [] [] [(\"POST\" \"/x\" \"/v1\")]")),
        ("api::a.b, GET \"/x\", unchecked_route(\"why\")", "#[get(\"/y\")] fn f() {}", None),
        ("api::a.b", "#[inline] fn f() {}", None),
    ] {
        let output = expand(args, item);
        assert_eq!(errors(&output), Vec::<String>::new(), "{args}");
        match expected {
            Some(expected) => assert!(output.contains(&ask(expected)), "{args} {output}"),
            None => assert!(!output.contains("requires_route"), "{args} {output}"),
        }
    }
}

#[test]
fn stacked() {
    let below = "#[requires(other::a.b)]";
    let output = expand("api::users.read", &format!("{below} fn f(#[grant] req: R) {{}}"));
    assert!(output.starts_with(&plain(&format!("{below} fn f(#[grant] req: R)"))), "{output}");
    assert_eq!(expand("api::a.b", "fn f(_permit: P) {}").matches("_permit1").count(), 1);
}

/// One error, and the unchanged item.
#[test]
fn mistakes() {
    for (args, item, rest) in [
        ("api::a.b", "struct S { a: A }", "struct S { a: A }"),
        ("api::a.b", "fn f();", "fn f();"),
        ("api::a.b", "fn f() -> A;", "fn f() -> A;"),
        ("", "fn f(a: A) { b }", "fn f(a: A) { b }"),
        ("api::a.b, api::c.d", "fn f(a: A) { b }", "fn f(a: A) { b }"),
        ("\"a.b\"", "fn f(#[grant] a: A) { b }", "fn f(a: A) { b }"),
        ("api::a.b", "fn f(#[grant] (a, b): A) { b }", "fn f((a, b): A) { b }"),
    ] {
        let output = expand(args, item);
        assert_eq!(errors(&output).len(), 1, "{args}");
        assert!(without_paths(&output).starts_with(&plain(rest)), "{args} {output}");
        assert!(!output.contains("Permit"), "{args} {output}");
    }
}

/// One error, and the check of everything that was understood.
#[test]
fn mistakes_beside_the_requirement() {
    for (args, item, message) in [
        ("api::a.b as permit, zebra", "fn f() { permit }", "unknown argument"),
        (
            "api::a.b, via = my::Permit",
            "fn f(#[grant] a: A) {}",
            "`via` names the type of the parameter, and with `#[grant] a` there is none",
        ),
        (
            "api::a.b",
            "pub const unsafe fn f() {}",
            "`#[requires]` goes on no `const fn`, for the check is made at run time: remove `const`",
        ),
        ("api::a.b, prefix = \"/x\"", "fn f() {}", "`prefix` is about a route attribute"),
        ("api::a.b as a", "fn f(a: A) {}", "the function has a parameter `a` already: choose another name"),
        (
            "api::a.b as x",
            "fn f(Path((x, _)): Path<(A, B)>) {}",
            "the function has a parameter `x` already: choose another name",
        ),
        ("api::a.b as x", "fn f(a::B { c: x }: A) {}", "the function has a parameter `x` already: choose another name"),
        ("api::a.b as a", "fn f(a: ::b::A) {}", "the function has a parameter `a` already: choose another name"),
    ] {
        let output = expand(args, item);
        let found = errors(&output);
        assert_eq!(found.len(), 1, "{args} {found:?}");
        assert!(found[0].starts_with(&squeezed(message)), "{args} {found:?}");
        assert!(output.contains("requires_type"), "{args}");
    }
}

/// Only an IDE expands a function that has no body yet.
#[test]
fn a_function_without_a_body_yet() {
    for item in ["async fn show()", "fn show(a: A) -> Result<B, C>", "fn show() where A: B"] {
        let output = expand("api::users.", item);
        assert_eq!(errors(&output), Vec::<String>::new());
        assert!(output.contains(&plain("let _ = api::users::__;")), "{output}");
    }
}

/// All identifiers in these tokens.
fn words(tokens: TokenStream) -> Vec<String> {
    let words = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => words(group.stream()),
        TokenTree::Ident(word) => vec![word.to_string()],
        _ => Vec::new(),
    });
    words.collect()
}

/// The output before the paths has the same length with and without a marker word at the cursor.
#[test]
fn marker_words_move_nothing_before_the_paths() {
    for (args, item) in [
        ("api::@", "fn f(a: A) {}"),
        ("api::us@", "fn f(a: A) {}"),
        ("api::users.@", "fn f(a: A) {}"),
        ("users.@ as permit", "fn f(a: A) {}"),
        ("any(api::users.read, api::users.@)", "fn f(a: A) {}"),
        ("all(api::users.@, any(api::users.read, api::x.y)), GET \"/users\"", "fn f(a: A) {}"),
        ("api::users.read, str@", "fn f(a: A) {}"),
        ("api::users.@, stricter", "fn f(#[grant] a: A) {}"),
        ("api::us@ || api::c.d", "fn f(a: A)"),
        ("api::users.@", "fn f(a: A)"),
    ] {
        let before = |marker: &str| {
            let output = attribute(args.replace('@', marker).parse().unwrap(), item.parse().unwrap());
            let is_word = |word: &String| word.contains("raCompletionMarker");
            let words = words(output.clone());
            let first = words.iter().position(is_word);
            assert!(first.is_none_or(|first| first > words.iter().position(|word| word == "rust_analyzer").unwrap()));
            output.to_string().split_once("rust_analyzer").unwrap().0.len()
        };
        assert_eq!(before(""), before("raCompletionMarker"), "{args}");
    }
}

/// One error. The macro checks neither the grant of `from` nor the marked parameter, because each
/// may be the wrong one. It still checks the scope's name.
#[test]
fn two_grants() {
    for (args, names) in [("api::a.b, from = g", 1), ("all(api::a.b, api::c.d) as permit, from = g, tenant = t", 2)] {
        let output = expand(args, "fn f(#[grant] a: A) { body }");
        let message = "`from` and `#[grant] a` both bring the grant: remove one of them";
        assert_eq!(errors(&output), [plain(message)], "{args}");
        assert_eq!(output.matches("requires_type").count(), names, "{output}");
        assert!(!output.contains("check_grant") && !output.contains("Carrier"), "{output}");
    }
}

/// The body may use the name although the requirement is not known: the error is its value.
#[test]
fn a_name_without_a_requirement() {
    let output = expand("\"a.b\" as permit", "fn f() { permit.tenant() }");
    assert!(without_paths(&output).starts_with(&plain("fn f() { let permit = ::core::compile_error!")), "{output}");
    assert_eq!(errors(&output).len(), 1);
}

#[test]
fn nothing_panics() {
    for args in [
        "",
        ",",
        ",,",
        ".",
        "::",
        "a",
        "a.",
        "a::",
        "any",
        "any(",
        "as",
        "a as",
        "a.b,,c",
        "a.b, = 1",
        "a.b, from",
        "'a",
        "a.b, GET",
        "any(,)",
        "any(a b)",
        "a.b, \"x\" \"y\"",
        "1.5",
        "#",
        "a.b, via =",
    ] {
        let Ok(tokens) = args.parse::<TokenStream>() else { continue };
        for item in ["fn f() {}", "fn", "", "#", "fn f", "fn f(", "pub", "#[x]", "fn f<T(a: A) {}", "async"] {
            let Ok(item) = item.parse::<TokenStream>() else { continue };
            drop(attribute(tokens.clone(), item));
        }
        drop(requires_type(tokens.clone()));
        drop(requires_route(tokens));
    }
}
