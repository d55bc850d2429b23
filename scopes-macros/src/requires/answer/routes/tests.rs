use super::*;
use proc_macro2::Group;
use quote::quote;

const NAMES: &str = "t\nusers.read b\nusers.write b\nevents.read\nall.read";
const ROUTES: &str = "base /api/v0
GET /api/v0/environments/{environmentId}/users 0
POST /api/v0/environments/{environmentId}/users 1
GET /api/v0/environments/{environmentId}/users/{userId} 0;3
POST /api/v0/environments/{environmentId}/users/{userId}:replay 1,2
GET /api/v0/teams/users 2
GET /api/v0/files/{*path} 2
GET /api/v0/slash/ 2
HEAD /api/v0/probe 3
GET /api/v0/probe 2
GET /api/v0/health public
GET /api/v0/me authenticated
POST /api/v0/login external";

fn ask(
    annotation: &str,
    stricter: bool,
    tie: Option<(&str, &str)>,
    siblings: &[(&str, &str, Option<&str>)],
) -> Vec<String> {
    let stricter = stricter.then(|| quote! { stricter });
    let tie = tie.map(|(method, path)| quote! { #method #path });
    let siblings = siblings.iter().map(|(method, path, prefix)| {
        let prefix = prefix.iter();
        quote! { (#method #path #(#prefix)*) }
    });
    let output = requires_route(quote! { #NAMES #ROUTES #annotation [#stricter] [#tie] [#(#siblings)*] });
    let message = |token: TokenTree| match token {
        TokenTree::Group(group) => Some(message_of(&group)),
        _ => None,
    };
    output.into_iter().filter_map(message).collect()
}

fn message_of(group: &Group) -> String {
    match group.stream().into_iter().next() {
        Some(TokenTree::Literal(literal)) => string(&literal).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn tied_routes_that_fit() {
    for (annotation, method, path) in [
        ("users.read", "GET", "/environments/:environmentId/users"),
        ("users.read", "GET", "/environments/{e}/users"),
        ("users.read", "GET", "/api/v0/environments/{e}/users"),
        ("users.read", "HEAD", "/environments/{e}/users"),
        ("all.read;users.read", "GET", "/environments/{e}/users/{u}"),
        ("events.read,users.write", "POST", "/environments/{e}/users/{u}:replay"),
        ("events.read", "GET", "/files/{*rest}"),
        ("events.read", "GET", "/slash/"),
        ("all.read", "HEAD", "/probe"),
    ] {
        assert_eq!(
            ask(annotation, false, Some((method, path)), &[]),
            Vec::<String>::new(),
            "{annotation} {method} {path}"
        );
    }
    // `requires_type!` reports this.
    assert_eq!(ask("users.reed", false, Some(("GET", "/nowhere")), &[]), Vec::<String>::new());
}

#[test]
fn tied_routes_that_do_not_fit() {
    for (annotation, method, path, message) in [
        (
            "users.write",
            "GET",
            "/environments/{e}/users",
            "`GET /api/v0/environments/{environmentId}/users` demands `users.read`, this handler demands `users.write`",
        ),
        (
            "users.read",
            "GET",
            "/environments/{e}/users/{u}",
            "`GET /api/v0/environments/{environmentId}/users/{userId}` demands `any(users.read, all.read)`, this handler demands `users.read`, which is more: write `stricter` if that is meant",
        ),
        (
            "users.write",
            "POST",
            "/environments/{e}/users/{u}:replay",
            "`POST /api/v0/environments/{environmentId}/users/{userId}:replay` demands `all(users.write, events.read)`, this handler demands `users.write`",
        ),
        (
            "users.read",
            "GET",
            "/environments/{e}/userz",
            "no route `GET /environments/{e}/userz` in this catalogue, did you mean `GET /api/v0/environments/{environmentId}/users`?",
        ),
        (
            "users.read",
            "GET",
            "/environments/{e}/users/",
            "no route `GET /environments/{e}/users/` in this catalogue, did you mean `GET /api/v0/environments/{environmentId}/users`?",
        ),
        (
            "users.read",
            "PUT",
            "/environments/{e}/users",
            "`/environments/{e}/users` has no `PUT` in this catalogue, it has: `GET`, `POST`",
        ),
        (
            "users.read",
            "POST",
            "/nowhere/at/all",
            "no route `POST /nowhere/at/all` in this catalogue\nits routes of `POST` are: `/api/v0/environments/{environmentId}/users`, `/api/v0/environments/{environmentId}/users/{userId}:replay`, `/api/v0/login`",
        ),
        (
            "users.read",
            "PURGE",
            "/nowhere/at/all",
            "no route `PURGE /nowhere/at/all` in this catalogue\nits methods are: `GET`, `HEAD`, `POST`",
        ),
        (
            "events.read",
            "HEAD",
            "/probe",
            "`HEAD /api/v0/probe` demands `all.read`, this handler demands `events.read`",
        ),
        ("users.read", "GET", "/health", "`GET /api/v0/health` is public, it needs no scope: remove `#[requires]`"),
        (
            "users.read",
            "GET",
            "/me",
            "`GET /api/v0/me` demands a valid grant and no scope: take the `Grant` as a parameter, without `#[requires]`",
        ),
        (
            "users.read",
            "POST",
            "/login",
            "`POST /api/v0/login` is checked outside of this catalogue: remove `#[requires]`",
        ),
    ] {
        assert_eq!(ask(annotation, false, Some((method, path)), &[]), [message], "{annotation} {method} {path}");
    }
}

#[test]
fn stricter() {
    let path = "/environments/{e}/users/{u}";
    assert!(ask("users.read", true, Some(("GET", path)), &[]).is_empty());
    assert!(ask("all.read,users.write", true, Some(("GET", path)), &[]).is_empty());
    let message = "`GET /api/v0/environments/{environmentId}/users/{userId}` demands `any(users.read, all.read)`, which this handler's `any(users.read, users.write)` does not imply";
    assert_eq!(ask("users.read;users.write", true, Some(("GET", path)), &[]), [message]);
    assert_eq!(ask("users.read", true, Some(("GET", "/me")), &[]).len(), 1);
}

#[test]
fn attributes_that_fit() {
    for (annotation, method, path, prefix) in [
        ("users.read", "GET", "/users", None),
        // The other route with this end demands `events.read`.
        ("events.read", "GET", "/users", None),
        ("events.read", "GET", "/teams/users", None),
        ("users.read", "GET", "/environments/<id>/users", None),
        ("users.read", "GET", "/users", Some("/environments/{e}")),
        ("users.read", "GET", "/users", Some("/api/v0/environments/{e}")),
        ("all.read;users.read", "GET", "/users/<id>?<page>", None),
        ("all.read;users.read", "GET", "/{id:[0-9]+}", None),
        ("users.read", "HEAD", "/users", None),
        ("events.read", "GET", "/{tail:.*}", None),
        ("events.read", "GET", "/<path..>", None),
        ("users.read", "GET", "", None),
        ("users.read", "GET", "/", None),
    ] {
        assert_eq!(
            ask(annotation, false, None, &[(method, path, prefix)]),
            Vec::<String>::new(),
            "{annotation} {method} {path}"
        );
    }
}

#[test]
fn attributes_that_do_not_fit() {
    for (annotation, method, path, prefix, message) in [
        (
            "users.write",
            "GET",
            "/users",
            None,
            "this handler demands `users.write`, and no route that ends in `/users` does\nthere are: `GET /api/v0/environments/{environmentId}/users` (`users.read`), `GET /api/v0/teams/users` (`events.read`)",
        ),
        (
            "users.write",
            "GET",
            "/teams/users",
            None,
            "`GET /api/v0/teams/users` demands `events.read`, this handler demands `users.write`",
        ),
        (
            "users.read",
            "GET",
            "/teams/userz",
            None,
            "no route of `GET` ends in `/teams/userz`, did you mean `GET /api/v0/teams/users`?",
        ),
        // An attribute's path must begin at a segment of the template.
        (
            "users.read",
            "GET",
            "/sers",
            None,
            "no route of `GET` ends in `/sers`, did you mean `GET /api/v0/environments/{environmentId}/users`?",
        ),
        (
            "users.read",
            "PUT",
            "/users",
            None,
            "no route of `PUT` ends in `/users`, routes with this end have: `GET`, `POST`",
        ),
        (
            "users.read",
            "GET",
            "/users",
            Some("/teams"),
            "`GET /api/v0/teams/users` demands `events.read`, this handler demands `users.read`",
        ),
        ("users.read", "GET", "/users", Some("/team"), "no route `GET /team/users` in this catalogue"),
        ("users.read", "GET", "/{a}-{b}", None, "this path cannot be compared with the catalogue"),
        (
            "users.read",
            "GET",
            "/health",
            None,
            "`GET /api/v0/health` is public, it needs no scope: remove `#[requires]`",
        ),
    ] {
        let messages = ask(annotation, false, None, &[(method, path, prefix)]);
        assert_eq!(messages.len(), 1, "{method} {path} {messages:?}");
        assert!(messages[0].starts_with(message), "{method} {path} {messages:?}");
    }
}

#[test]
fn attributes_beside_a_tie() {
    let tie = Some(("GET", "/teams/users"));
    assert!(ask("events.read", false, tie, &[("GET", "/users", None)]).is_empty());
    assert!(ask("events.read", false, tie, &[("HEAD", "/users", None)]).is_empty());
    let message = "`GET /environments/{e}/users` is not the route of this handler, `GET /api/v0/teams/users`";
    assert_eq!(ask("events.read", false, tie, &[("GET", "/environments/{e}/users", None)]), [message]);
    assert_eq!(ask("events.read", false, tie, &[("POST", "/users", None)]).len(), 1);
    // One mistake gives one error.
    assert_eq!(ask("users.read", false, tie, &[("POST", "/users", None)]).len(), 1);
    let both = [("GET", "/nowhere", None), ("POST", "/nothing", None)];
    assert_eq!(ask("users.read", false, None, &both).len(), 2);
}
