use std::string::{String, ToString};

use proptest::prelude::*;

use crate::template::{Template, TemplateError, TemplateErrorKind};

/// The path after applying the advice of every error about another router's notation; `None` if
/// there is an error of another kind.
fn advised(path: &str, errors: &[TemplateError]) -> Option<String> {
    let mut advised = String::from(path);
    for error in errors.iter().rev() {
        let TemplateErrorKind::Foreign { instead, .. } = &error.kind else { return None };
        advised.replace_range(error.offset..error.offset + error.length, instead);
    }
    Some(advised)
}

/// One form in each line: the path, the path after the advice, and the whole message.
#[test]
#[rustfmt::skip] // one line a form
fn forms_of_other_routers() {
    for (path, expected, message) in [
        ("/{$}", "/", "`{$}` marks the end of a path, which needs no mark here, remove it: `/` is the root alone, and a path that ends in `/` is a route with `#[trailing_slash]`"),
        ("/a/{$}", "/a/", "`{$}` marks the end of a path, which needs no mark here, remove it: `/` is the root alone, and a path that ends in `/` is a route with `#[trailing_slash]`"),
        ("/...", "/{*rest}", "`...` is an ellipsis of documentation: write all that it leaves out, or `{*rest}`, which takes the rest of the path"),
        ("/a/.../b", "/a/{name}/b", "`...` is an ellipsis of documentation: write all that it leaves out, or `{name}`, which takes one segment"),
        ("/a/....", "/a/{*rest}", "`....` is an ellipsis of documentation: write all that it leaves out, or `{*rest}`, which takes the rest of the path"),
        ("/{path...}", "/{*path}", "`{path...}`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/a/{path...}/b", "/a/{path}/b", "`{path...}`: only the whole last segment can take the rest of a path, write `{path}`, which takes one segment"),
        ("/{+name}", "/{*name}", "`{+name}`: the rest of a path is a parameter in braces, write `{*name}`"),
        ("/v1/{+name}/ops", "/v1/{name}/ops", "`{+name}`: only the whole last segment can take the rest of a path, write `{name}`, which takes one segment"),
        ("/v1/{+name}:cancel", "/v1/{name}:cancel", "`{+name}`: only the whole last segment can take the rest of a path, write `{name}`, which takes one segment"),
        ("/{...rest}", "/{*rest}", "`{...rest}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{rest..}", "/{*rest}", "`{rest..}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{**rest}", "/{*rest}", "`{**rest}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{**}", "/{*rest}", "`{**}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{*}/a", "/{name}/a", "`{*}`: only the whole last segment can take the rest of a path, write `{name}`, which takes one segment"),
        ("/{name=*}", "/{name}", "`{name=*}`: parameters have no pattern, write `{name}`"),
        ("/{name=**}", "/{*name}", "`{name=**}`: parameters have no pattern, write `{*name}`"),
        ("/v1/{name=**}:get", "/v1/{name}:get", "`{name=**}`: parameters have no pattern, write `{name}`"),
        ("/{name=shelves}", "/{name}", "`{name=shelves}`: a parameter has no value of its own, write `{name}`, or the value without braces if it is the only one"),
        ("/{name=shelves/*}", "/shelves/{name}", "`{name=shelves/*}`: a parameter takes one segment, write `shelves/{name}`"),
        ("/v1/{name=shelves/*/books/*}:get", "/v1/shelves/{name_1}/books/{name_2}:get", "`{name=shelves/*/books/*}`: a parameter takes one segment, write `shelves/{name_1}/books/{name_2}`"),
        ("/v{a=a/*}*", "/va/{a}", "`{a=a/*}*`: a parameter takes one segment, write `a/{a}`"),
        ("/{name=a/**}", "/a/{name}", "`{name=a/**}`: a parameter takes one segment, write `a/{name}`"),
        ("/{id<int>}", "/{id}", "`{id<int>}`: parameters have no pattern, write `{id}`"),
        ("/{id<[0-9]+>}", "/{id}", "`{id<[0-9]+>}`: parameters have no pattern, write `{id}`"),
        (r"/{id<\d+>}", "/{id}", r"`{id<\d+>}`: parameters have no pattern, write `{id}`"),
        ("/{id|int}", "/{id}", "`{id|int}`: parameters have no pattern, write `{id}`"),
        (r"/{id|\d+}", "/{id}", r"`{id|\d+}`: parameters have no pattern, write `{id}`"),
        ("/{id:int}", "/{id}", "`{id:int}`: parameters have no pattern, write `{id}`"),
        ("/{id:[0-9]+}", "/{id}", "`{id:[0-9]+}`: parameters have no pattern, write `{id}`"),
        ("/{id:path}", "/{*id}", "`{id:path}`: parameters have no pattern, write `{*id}`"),
        ("/{p:path}/x", "/{p}/x", "`{p:path}`: parameters have no pattern, write `{p}`"),
        ("/{file:.+}", "/{*file}", "`{file:.+}`: parameters have no pattern, write `{*file}`"),
        ("/{*slug:nonfile}", "/{*slug}", "`{*slug:nonfile}`: parameters have no pattern, write `{*slug}`"),
        (r"/{id:regex(^\d{3}$)}", "/{id}", r"`{id:regex(^\d{3}$)}`: parameters have no pattern, write `{id}`"),
        ("/{id:[0-9]{3}}", "/{id}", "`{id:[0-9]{3}}`: parameters have no pattern, write `{id}`"),
        ("/{controller=Home}/x", "/{controller}/x", "`{controller=Home}`: a parameter has no value of its own, write `{controller}`, or the value without braces if it is the only one"),
        ("/{id:int=5}", "/{id}", "`{id:int=5}`: parameters have no pattern, write `{id}`"),
        ("/{<int:id>}", "/{id}", "`{<int:id>}`: braces hold the name alone, write `{id}`"),
        ("/<int:id>", "/{id}", "`<int:id>`: parameters are written in braces, write `{id}`"),
        ("/<id>", "/{id}", "`<id>`: parameters are written in braces, write `{id}`"),
        ("/<path..>", "/{*path}", "`<path..>`: parameters are written in braces, write `{*path}`"),
        ("/<path:p>", "/{*p}", "`<path:p>`: parameters are written in braces, write `{*p}`"),
        ("/<path:p>/x", "/{p}/x", "`<path:p>`: parameters are written in braces, write `{p}`"),
        ("/<id:num>", "/{id}", "`<id:num>`: parameters are written in braces, write `{id}`"),
        ("/<**rest>", "/{*rest}", "`<**rest>`: parameters are written in braces, write `{*rest}`"),
        ("/<re(a):x>", "/{x}", "`<re(a):x>`: parameters are written in braces, write `{x}`"),
        ("/v<id>.json", "/v{id}.json", "`<id>`: parameters are written in braces, write `{id}`"),
        ("/$id", "/{id}", "`$id`: parameters are written in braces without `$`, write `{id}`"),
        ("/$id<[0-9]+>", "/{id}", "`$id<[0-9]+>`: parameters have no pattern, write `{id}`"),
        ("/$userId", "/{userId}", "`$userId`: parameters are written in braces without `$`, write `{userId}`"),
        ("/$user_id", "/{user_id}", "`$user_id`: parameters are written in braces without `$`, write `{user_id}`"),
        ("/${id}", "/{id}", "`${id}`: parameters are written in braces without `$`, write `{id}`"),
        ("/v${id}.json", "/v{id}.json", "`v${id}.json`: parameters are written in braces without `$`, write `v{id}.json`"),
        ("/{$id}", "/{id}", "`{$id}`: braces hold the name alone, write `{id}`"),
        ("/{id?}", "/{id}", "`{id?}`: no part of a path may be missing, write `{id}`, and a second route for the path without it"),
        ("/{id?=5}", "/{id}", "`{id?=5}`: parameters have no pattern, write `{id}`"),
        ("/{.ext}", "/.{ext}", "`{.ext}`: text before a parameter stands before its braces, write `.{ext}`"),
        ("/{;m}", "/", "`{;m}` is a matrix parameter, which is refused in requests, remove it"),
        ("/a{;m}", "/a", "`{;m}` is a matrix parameter, which is refused in requests, remove it"),
        ("/a/{;m}/b", "/a/b", "`/{;m}` is a matrix parameter, which is refused in requests, remove it"),
        ("/{&q}", "/", "`{&q}` is a query, which takes no part in matching, remove it"),
        ("/a{?q}", "/a", "`{?q}` is a query, which takes no part in matching, remove it"),
        ("/a{?q,r}", "/a", "`{?q,r}` is a query, which takes no part in matching, remove it"),
        ("/{/var}", "/{var}", "`{/var}`: text before a parameter stands before its braces, write `{var}`"),
        ("/a{/var}", "/a/{var}", "`{/var}`: text before a parameter stands before its braces, write `/{var}`"),
        ("/a{#f}", "/a", "`{#f}` is a fragment, which is never sent, remove it"),
        ("/{!id}", "/{id}", "`{!id}`: braces hold the name alone, write `{id}`"),
        ("/{a,b}", "/{a}", "`{a,b}`: braces hold one name, write `{a}` and let the handler split it"),
        ("/{@id}", "/{id}", "`{@id}`: braces hold the name alone, write `{id}`"),
        ("/{:id}", "/{id}", "`{:id}`: braces hold the name alone, write `{id}`"),
        ("/*", "/{*rest}", "`*`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/**", "/{*rest}", "`**`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/*/a", "/{name}/a", "`*`: only the whole last segment can take the rest of a path, write `{name}`, which takes one segment"),
        ("/**/a", "/{name}/a", "`**`: only the whole last segment can take the rest of a path, write `{name}`, which takes one segment"),
        ("/*rest", "/{*rest}", "`*rest`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/*rest/a", "/{rest}/a", "`*rest`: only the whole last segment can take the rest of a path, write `{rest}`, which takes one segment"),
        ("/*.json", "/{name}.json", "`*.json`: what may vary is a parameter in braces, write `{name}.json`"),
        ("/*{path}", "/{*path}", "`*{path}`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/[id]", "/{id}", "`[id]`: parameters are written in braces, write `{id}`"),
        ("/[...rest]", "/{*rest}", "`[...rest]`: parameters are written in braces, write `{*rest}`"),
        ("/[...rest]/x", "/{rest}/x", "`[...rest]`: parameters are written in braces, write `{rest}`"),
        ("/[[id]]", "/{id}", "`[[id]]`: no part of a path may be missing, write `{id}`, and a second route for the path without it"),
        ("/[[...rest]]", "/{*rest}", "`[[...rest]]`: no part of a path may be missing, write `{*rest}`, and a second route for the path without it"),
        ("/[id=int]", "/{id}", "`[id=int]`: parameters are written in braces, write `{id}`"),
        ("/[i:id]", "/{id}", "`[i:id]`: parameters are written in braces, write `{id}`"),
        ("/[:id]", "/{id}", "`[:id]`: parameters are written in braces, write `{id}`"),
        ("/users[/{id}]", "/users/{id}", "`[/{id}]`: no part of a path may be missing, write `/{id}`, and a second route for the path without it"),
        ("/users[/:id]", "/users/:id", "`[/:id]`: no part of a path may be missing, write `/:id`, and a second route for the path without it"),
        ("/(.*)", "/{*rest}", "`(.*)`: parameters have no pattern, write `{*rest}`"),
        ("/a/(.+)/b", "/a/{name}/b", "`(.+)`: parameters have no pattern, write `{name}`"),
        ("/(.*).json", "/{name}.json", "`(.*).json`: parameters have no pattern, write `{name}.json`"),
        ("/(:num)", "/{num}", "`(:num)`: parameters are written in braces, write `{num}`"),
        ("/x(:any)y", "/x{any}y", "`x(:any)y`: parameters are written in braces, write `x{any}y`"),
        ("/users(.:format)", "/users.{format}", "`users(.:format)`: no part of a path may be missing, write `users.{format}`, and a second route for the path without it"),
        ("/users/{id}(.:format)", "/users/{id}", "`{id}(.:format)`: no part of a path may be missing, write `{id}`, and a second route for the path without it"),
        (r"/:id(\d+)", "/{id}", r"`:id(\d+)`: parameters have no pattern, write `{id}`"),
        ("/:p(.*)", "/{*p}", "`:p(.*)`: parameters have no pattern, write `{*p}`"),
        ("/:p(.*)*", "/{*p}", "`:p(.*)*`: parameters have no pattern, write `{*p}`"),
        ("/:id<int>", "/{id}", "`:id<int>`: parameters have no pattern, write `{id}`"),
        ("/:id|int", "/{id}", "`:id|int`: parameters have no pattern, write `{id}`"),
        ("/:id{[0-9]+}", "/{id}", "`:id{[0-9]+}`: parameters have no pattern, write `{id}`"),
        ("/:path*", "/{*path}", "`:path*`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/:path+", "/{*path}", "`:path+`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/:path../x", "/{path}/x", "`:path..`: only the whole last segment can take the rest of a path, write `{path}`, which takes one segment"),
        ("/:path...", "/{*path}", "`:path...`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/{path}*", "/{*path}", "`{path}*`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/{path}*/x", "/{path}/x", "`{path}*`: only the whole last segment can take the rest of a path, write `{path}`, which takes one segment"),
        ("/{proxy+}", "/{*proxy}", "`{proxy+}`: the rest of a path is a parameter in braces, write `{*proxy}`"),
        ("/{p*}", "/{*p}", "`{p*}`: the rest of a path is a parameter in braces, write `{*p}`"),
        ("/{a.}", "/{a}", "`{a.}`: braces hold the name alone, write `{a}`"),
        ("/{id}{.ext}", "/{id}", "`{.ext}` is a second parameter in its segment, remove it: the first one then takes this text too"),
        ("/{id}.{ext:int}", "/{id}", "`.{ext:int}` is a second parameter in its segment, remove it: the first one then takes this text too"),
        ("/{id}{?q}", "/{id}", "`{?q}` is a query, which takes no part in matching, remove it"),
        ("/{id}/{id:int}", "/{id}/{id2}", "`{id:int}`: parameters have no pattern, write `{id2}`"),
        ("/{*+rest}", "/{*rest}", "`{*+rest}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{*?rest}", "/{*rest}", "`{*?rest}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{...}", "/{*rest}", "`{...}`: the rest of a path is a parameter in braces, write `{*rest}`"),
        ("/{^id}", "/{id}", "`{^id}`: braces hold the name alone, write `{id}`"),
        ("/{~id}", "/{id}", "`{~id}`: braces hold the name alone, write `{id}`"),
        ("/{a=b=c}", "/{a}", "`{a=b=c}`: parameters have no pattern, write `{a}`"),
        ("/{a|b|c}", "/{a}", "`{a|b|c}`: parameters have no pattern, write `{a}`"),
        ("/{a<}", "/{a}", "`{a<}`: parameters have no pattern, write `{a}`"),
        ("/{a[0]}", "/{a}", "`{a[0]}`: parameters have no pattern, write `{a}`"),
        ("/{filter(x)}", "/{filter}", "`{filter(x)}`: parameters have no pattern, write `{filter}`"),
        ("/[/{id}/x]", "/{id}/x", "`[/{id}/x]`: no part of a path may be missing, write `{id}/x`, and a second route for the path without it"),
        ("/{a=}", "/{a}", "`{a=}`: parameters have no pattern, write `{a}`"),
        ("/{=a}", "/{a}", "`{=a}`: braces hold the name alone, write `{a}`"),
        ("/{$x}", "/{x}", "`{$x}`: braces hold the name alone, write `{x}`"),
        ("/{a$}", "/{a}", "`{a$}`: braces hold the name alone, write `{a}`"),
        (r"/{id: \d+}", "/{id}", r"`{id: \d+}`: parameters have no pattern, write `{id}`"),
        (r"/{id : \d+}", "/{id}", r"`{id : \d+}`: parameters have no pattern, write `{id}`"),
        ("/a/{id}/{id:int}", "/a/{id}/{id2}", "`{id:int}`: parameters have no pattern, write `{id2}`"),
        ("/a/{+b}/", "/a/{b}/", "`{+b}`: only the whole last segment can take the rest of a path, write `{b}`, which takes one segment"),
        ("/{name=projects/*/locations/*}:go", "/projects/{name_1}/locations/{name_2}:go", "`{name=projects/*/locations/*}`: a parameter takes one segment, write `projects/{name_1}/locations/{name_2}`"),
        ("/a/{path}**", "/a/{*path}", "`{path}**`: the rest of a path is a parameter in braces, write `{*path}`"),
        ("/{id}/{*}/b", "/{id}/{name}/b", "`{*}`: only the whole last segment can take the rest of a path, write `{name}`, which takes one segment"),
        ("/x/{$}", "/x/", "`{$}` marks the end of a path, which needs no mark here, remove it: `/` is the root alone, and a path that ends in `/` is a route with `#[trailing_slash]`"),
    ] {
        let errors = Template::parse(path).expect_err(path);
        assert_eq!(errors.len(), 1, "{path}: {errors:?}");
        assert_eq!(errors[0].to_string(), message, "{path}");
        let advised = advised(path, &errors).unwrap();
        assert_eq!(advised, expected, "{path}");
        assert!(Template::parse(&advised).is_ok(), "{path}: `{advised}` is refused, too");
    }
}

/// Two forms of one path never get the same name.
#[test]
fn names_of_two_forms() {
    for (path, expected) in [
        ("/{a=*/a}/<a>", "/{a}/a/{a2}"),
        ("/<a>/{a=*/a}", "/{a}/{a2}/a"),
        ("/{a}/x(:a)", "/{a}/x{a2}"),
        ("/${a}/(:a)", "/{a}/{a2}"),
        ("/{a:int}/b[/:a]", "/{a}/b/:a2"),
        ("/[/{a}/b]/{a:int}", "/{a}/b/{a2}"),
        ("/{a=*/b/*}/{a_1:int}", "/{a_1}/b/{a_2}/{a_12}"),
    ] {
        let errors = Template::parse(path).expect_err(path);
        let advised = advised(path, &errors).unwrap();
        assert_eq!(advised, expected, "{path}");
        assert!(Template::parse(&advised).is_ok(), "{path}: `{advised}` is refused, too");
    }
}

#[test]
fn several_in_one_path() {
    for (path, expected) in [
        ("/*/x/*/y", "/{name}/x/{name2}/y"),
        ("/{x?}/{y?}", "/{x}/{y}"),
        ("/<a>.<b>", "/{a}"),
        ("/{a:int}/{b<int>}/{c...}", "/{a}/{b}/{*c}"),
        ("/{*}/{name}/{*}/{rest}/**", "/{name2}/{name}/{name3}/{rest}/{*rest2}"),
    ] {
        let errors = Template::parse(path).expect_err(path);
        assert!(errors.len() > 1, "{path}: {errors:?}");
        assert_eq!(advised(path, &errors).as_deref(), Some(expected), "{path}");
        assert!(Template::parse(expected).is_ok(), "{path}");
    }
}

/// For these paths no advice can lead to a path that compiles. The parser must still not read any
/// of these braces as a parameter's name.
#[test]
fn names_of_other_characters() {
    for path in [
        "/a/{$}/b",
        "/{p*2}",
        "/{a..b}",
        "/{user id}",
        "/{id>}",
        "/{a+b}",
        "/{a&b}",
        "/{a;b}",
        "/{{ id }}",
        "/{ id }",
        "/{a@b}",
        "/{a'b}",
        "/{a\"b}",
        "/{a`b}",
        "/{a^b}",
        "/{a~b}",
        "/{a!b}",
        "/{a$b}",
        "/{a\\b}",
        "/{a]b}",
        "/{a)b}",
    ] {
        let errors = Template::parse(path).expect_err(path);
        assert_eq!(errors.len(), 1, "{path}: {errors:?}");
    }
}

/// Some APIs have such segments, so they are literal text.
#[test]
fn literal_text_with_signs() {
    for path in [
        "/$count",
        "/$metadata",
        "/$validate",
        "/$",
        "/@me",
        "/~user",
        "/(x)",
        "/a(b)",
        "/x*y",
        "/a+b",
        "/+1",
        "/=",
        "/getReport(period={p})",
        "/{id}:cancel",
        "/{id}+",
        "/!a",
        "/&a",
        "/a,b",
        "/users:batch",
        "/{a.b}",
        "/{-a}",
        "/{a-}",
    ] {
        assert!(Template::parse(path).is_ok(), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// For any content of braces or brackets: if all errors are about other notations, applying
    /// their advice gives a valid path.
    #[test]
    fn advice_compiles(path in "(/(v|x)?([{][*+.!$#&?:]{0,3}[a-c]{1,2}([:=<|,][a-z*/]{0,3}>?)?[*+.?$]{0,3}[}]|<[*.]{0,2}[a-c](:[a-c])?[.]{0,2}>|\\[[.]{0,3}[a-c]\\]|[$][{][a-c][}]|[*]{1,2}[a-c]?)([.]j|-k|[*])?){1,4}/?") {
        if let Err(errors) = Template::parse(&path)
            && let Some(advised) = advised(&path, &errors)
        {
            // The path is empty if the advice was to remove every segment.
            let advised = if advised.is_empty() { "/" } else { &*advised };
            let parsed = Template::parse(advised);
            prop_assert!(parsed.is_ok(), "{}: {} is refused, too: {:?}", path, advised, parsed);
        }
    }
}

#[test]
fn regular_expressions() {
    for path in ["^/users/[0-9]+$", "/users/\\d+", "/users/(\\d+)/x", "/users/(?P<id>[0-9]+)", "/[^/]+", "/u/([a-z]+)"]
    {
        assert!(super::is_regular_expression(path), "{path}");
    }
    for path in ["/users/{id}", "/:id(\\d+)", "/{id:\\d+}", "/$id<[0-9]+>", "/users/[id]", "/users/[[...id]]", "/a(b)"]
    {
        assert!(!super::is_regular_expression(path), "{path}");
    }
}
