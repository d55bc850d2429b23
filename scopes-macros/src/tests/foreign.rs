//! The messages for notations of scopes, includes, routes and settings in other languages: one
//! error for each, at the first wrong token.

use super::parse;

/// Checks the only syntax error of each block.
#[track_caller]
fn check(blocks: &[(&str, &str)]) {
    for (block, expected) in blocks {
        assert_eq!(parse(&format!("mod api; {block}")).1, [*expected], "{block}");
    }
}

#[test]
fn scopes() {
    check(&[
        (
            "users.read = { GET: \"/users\" };",
            "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`",
        ),
        (
            "users.read: { get: [\"/users\"] };",
            "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`",
        ),
        ("public: { GET \"/x\"; }", "no `:` stands here: write `public(\"why\") { .. }`"),
        ("users.true;", "`true` is not a word of a name, write the name as a string: `\"users.true\"`"),
        ("permission users.read;", "no word stands before a scope's name: write `users.read;`"),
        (
            "scope \"users:read\" { GET \"/users\"; }",
            "no word stands before a scope's name: write `\"users:read\" { .. }`",
        ),
        ("scope: users.read;", "no word stands before a scope's name: write `users.read;`"),
        (
            "users.read;\nscope all.read includes *.read;",
            "no word stands before a scope's name: write `all.read includes ..`",
        ),
        ("pub users.read { GET \"/users\"; }", "no word stands before a scope's name: write `users.read { .. }`"),
        ("pub const users.read { GET \"/users\"; }", "no word stands before a scope's name: write `users.read { .. }`"),
        ("users.read => GET \"/users\";", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read => (GET, \"/users\");", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read = GET \"/users\";", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read = [\"GET /users\"];", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read = { GET \"/users\"; }", "no `=` stands after a scope's name: write `users.read { .. }`"),
        (
            "users.read = \"users:read\";",
            "the name that tokens carry stands before the dotted one: write `\"users:read\" as users.read`",
        ),
        ("users.read: GET \"/users\";", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read: [GET \"/users\"];", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read [GET \"/users\"];", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read [\"GET /users\"];", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read(GET \"/users\");", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        ("users.read(\"GET\", \"/users\");", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        (
            "pub use crate::x;\nusers.read { GET \"/users\"; }",
            "nothing is imported within `scopes!`: move this line outside of it",
        ),
        (
            "\"GET /users\";\nusers.read;",
            "method and path are two, and stand under a scope: `users.read { GET \"/users\"; }`",
        ),
        ("users.read \"GET /users\";", "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`"),
        (
            "pub enum Scope { UsersRead, UsersWrite }",
            "the enum `Scope` is generated: write the scopes alone, such as `users.read;`",
        ),
        ("struct Users;", "a `struct` does not stand within `scopes!`: move it outside"),
        ("fn list() {}", "a `fn` does not stand within `scopes!`: move it outside"),
        ("type X = u8;", "a `type` does not stand within `scopes!`: move it outside"),
        ("include!(\"scopes.txt\");", "macros are not expanded within `scopes!`: write the scopes themselves"),
        ("users: { read: { GET \"/users\"; } }", "scopes do not nest, write `users.read { .. }` outside"),
        ("route(\"/users\", GET);", "a route stands under its scope: `users.read { GET \"/users\"; }`"),
        ("-- comment\nusers.read { GET \"/users\"; }", "a comment begins with `//`"),
        (
            "users.read | users.write { GET \"/users\"; }",
            "one scope stands before `{`: repeat the route under each scope if any of them suffices, or write `all(a.b, c.d) { .. }` if the caller needs every one",
        ),
        (
            "users.read + users.write { GET \"/users\"; }",
            "one scope stands before `{`: repeat the route under each scope if any of them suffices, or write `all(a.b, c.d) { .. }` if the caller needs every one",
        ),
        (
            "users.read & users.write { GET \"/users\"; }",
            "one scope stands before `{`: repeat the route under each scope if any of them suffices, or write `all(a.b, c.d) { .. }` if the caller needs every one",
        ),
        (
            "(users.read, users.write) { GET \"/users\"; }",
            "one scope stands before `{`: repeat the route under each scope if any of them suffices, or write `all(a.b, c.d) { .. }` if the caller needs every one",
        ),
        (
            "[users.read, users.write] { GET \"/users\"; }",
            "one scope stands before `{`: repeat the route under each scope if any of them suffices, or write `all(a.b, c.d) { .. }` if the caller needs every one",
        ),
        ("users.read, users.write;", "each scope is declared by itself, with a `;` after it"),
        (
            "one_of(users.read, users.write) { GET \"/users\"; }",
            "`one_of(..)` is not a block: write the route under each of its scopes, any of them suffices then",
        ),
        (
            "org:users:read { GET \"/users\"; }",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"org:users:read\" as org.users.read { .. }`",
        ),
        (
            "users:read;",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"users:read\" as users.read;`",
        ),
        (
            "users/read { GET \"/users\"; }",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"users/read\" as users.read { .. }`",
        ),
        (
            "api-tokens.read { GET \"/users\"; }",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"api-tokens.read\" as api.tokens.read { .. }`",
        ),
        (
            "users.read;\nusers:all includes *.read;",
            "a name of other characters than letters, digits, `_` and `.` is written as a string: `\"users:all\" as users.all includes ..`",
        ),
        ("* { GET \"/users\"; }", "a name has no `*`: declare each scope by its name"),
        ("*.read { GET \"/users\"; }", "a name has no `*`: declare each scope by its name"),
        (
            "users.*.read { GET \"/users\"; }",
            "a name has no `*`: declare each scope by its name; a scope that includes others is written `all.read includes *.read;`",
        ),
        (
            "users.*;",
            "a name has no `*`: declare each scope by its name; a scope that includes others is written `all.read includes *.read;`",
        ),
        (
            "users.read;\nall(users.*, users.read) { GET \"/users\"; }",
            "a name has no `*`: declare each scope by its name; a scope that includes others is written `all.read includes *.read;`",
        ),
        ("users.read? { GET \"/users\"; }", "a name has no `?`: remove it"),
        ("!users.read { GET \"/users\"; }", "a scope's name begins with a letter: remove `!`"),
        ("@users.read { GET \"/users\"; }", "a scope's name begins with a letter: remove `@`"),
        ("1 { GET \"/users\"; }", "a part of a name must not begin with a digit, write the name as a string: `\"1\"`"),
        (
            "#[deprecated(message = \"use users.list\")]\nusers.read { GET \"/users\"; }",
            "write `#[deprecated = \"use users.list\"]`",
        ),
        ("global(\"x\") users.read { GET \"/users\"; }", "an attribute stands in brackets: write `#[global(..)]`"),
        ("Public(\"why\") { GET \"/health\"; }", "`Public(..)` is not a block, did you mean `public(..)`?"),
        (
            "autenticated(\"why\") { GET \"/health\"; }",
            "`autenticated(..)` is not a block, did you mean `authenticated(..)`?",
        ),
        (
            "users.read;\nusers.write;\nAll(users.read, users.write) { GET \"/health\"; }",
            "`All(..)` is not a block, did you mean `all(..)`?",
        ),
        ("users.read;\nall.it Includes users.read;", "`Includes` does not belong here, did you mean `includes`?"),
        (
            "private(\"why\") { GET \"/health\"; }",
            "expected `;`, `includes` or `{` after `private`; a block begins with `all(..)`, `public(..)`, `authenticated(..)` or `external(..)`",
        ),
    ]);
}

#[test]
fn includes() {
    check(&[
        (
            "users.read;\nall.it = users.read;",
            "what a scope includes stands after `includes`: write `all.it includes users.read`",
        ),
        (
            "users.read;\nusers.write;\nall.it: users.read, users.write;",
            "what a scope includes stands after `includes`: write `all.it includes users.read, users.write`",
        ),
        (
            "users.read;\nusers.write;\nall.it = users.read + users.write;",
            "what a scope includes stands after `includes`: write `all.it includes users.read, users.write`",
        ),
        (
            "users.read;\nall.it => users.read;",
            "what a scope includes stands after `includes`: write `all.it includes users.read`",
        ),
        (
            "users.read;\nusers.write;\nall.it = users.read | users.write;",
            "what a scope includes stands after `includes`: write `all.it includes users.read, users.write`",
        ),
        (
            "users.read;\nall.it > users.read;",
            "what a scope includes stands after `includes`: write `all.it includes users.read`",
        ),
        (
            "users.read;\nall.it includes [users.read];",
            "the names after `includes` stand without brackets: write `includes users.read`",
        ),
        (
            "users.read;\nall.it includes(users.read);",
            "the names after `includes` stand without brackets: write `includes users.read`",
        ),
        (
            "users.read;\nall.it includes { users.read }",
            "the names after `includes` stand without braces, such as `includes users.read, users.write;`",
        ),
        ("users.read;\nall.it includes: users.read;", "`includes` is followed by the names alone, without `:`"),
        (
            "users.read;\nusers.write;\nall.it includes all(users.read, users.write);",
            "the names after `includes` stand without brackets: write `includes users.read, users.write`",
        ),
        (
            "users.read;\nusers.write;\nall.it includes users.read and users.write;",
            "the names after `includes` are separated by commas, not by `and`",
        ),
        ("users.read;\nall.it { includes users.read; }", "`includes` stands before the `{` of `all.it`"),
    ]);
}

#[test]
fn routes() {
    check(&[
        ("users.read { \"GET /users\" }", "method and path are two: write `GET \"/users\";`"),
        (
            "users.read { GET, POST \"/users\"; }",
            "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`",
        ),
        (
            "users.read { [GET, POST] \"/users\"; }",
            "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`",
        ),
        (
            "users.read { (GET, POST) \"/users\"; }",
            "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`",
        ),
        (
            "users.read { GET/POST \"/users\"; }",
            "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`",
        ),
        (
            "users.read { GET POST \"/users\"; }",
            "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`",
        ),
        (
            "users.read { GET + POST \"/users\"; }",
            "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`",
        ),
        ("users.read { GET: \"/users\"; }", "no `:` stands between method and path: write `GET \"/users\"`"),
        ("users.read { GET = \"/users\"; }", "no `=` stands between method and path: write `GET \"/users\"`"),
        ("users.read { GET => \"/users\"; }", "no `=>` stands between method and path: write `GET \"/users\"`"),
        ("users.read { GET(\"/users\"); }", "a route stands without parentheses: write `GET \"/users\";`"),
        ("users.read { \"/users\" GET; }", "expected a method before the path, such as `GET \"/users\"`"),
        ("users.read { \"/users\" => GET; }", "expected a method before the path, such as `GET \"/users\"`"),
        (
            "users.read { \"/users\" => get(list_users); }",
            "expected a method before the path, such as `GET \"/users\"`",
        ),
        (
            "users.read { GET [\"/users\", \"/people\"]; }",
            "each route has its own method: write `GET \"/users\";` and so on for each path",
        ),
        ("users.read { \"/users\" { GET; POST; } }", "expected a method before the path, such as `GET \"/users\"`"),
        ("users { admin { read { GET \"/users\"; } } }", "scopes do not nest, write `users.admin { .. }` outside"),
        (
            "users { read => GET \"/users\"; }",
            "scopes do not nest, write `users.read { GET \"/users\"; }` outside; if `read` is the name of the route, write `GET \"/users\" as read;`",
        ),
        ("users.read { route(GET, \"/users\"); }", "a route stands without parentheses: write `GET \"/users\";`"),
        ("users.read { get(\"/users\"); }", "a route stands without parentheses: write `GET \"/users\";`"),
        ("users.read { route GET \"/users\"; }", "no word stands before a route: write `GET \"/users\";`"),
        ("users.read { #[get(\"/users\")] list; }", "a route is written without an attribute: `GET \"/users\";`"),
        (
            "users.read {\n    #![global(\"x\")]\n    GET \"/users\";\n}",
            "`#![global]` stands before the `mod` line only; before a scope or a route write `#[global]`",
        ),
        (
            "users.read { GET format!(\"/users\"); }",
            "a path is a string literal: `scopes!` reads the text itself and cannot see constants or other macros",
        ),
        (
            "users.read { GET paths::USERS; }",
            "a path is a string literal: `scopes!` reads the text itself and cannot see constants or other macros",
        ),
        ("users.read { GET b\"/users\"; }", "a path is a string, such as `\"/users/{id}\"`"),
        ("users.read { GET '/'; }", "a path is a string, such as `\"/users/{id}\"`"),
        (
            "users.read { GET \"/a\" + \"/b\"; }",
            "a route has one path: write a route for each, `GET \"/a\"; GET \"/b\";`",
        ),
        (
            "users.read { under PATH { GET \"/x\"; } }",
            "a path is a string literal: `scopes!` reads the text itself and cannot see constants or other macros",
        ),
        (
            "users.read { under(\"/users\") { GET \"/x\"; } }",
            "the path of `under` stands without parentheses: write `under \"/users\" { .. }`",
        ),
        ("users.read { under \"/users\": { GET \"/x\"; } }", "no `:` stands after `under \"/users\"`"),
        (
            "users.read {\n    # list users\n    GET \"/users\";\n}",
            "a comment begins with `//`, an attribute with `#[`",
        ),
        (
            "users.read { GET \"/a\" | \"/b\"; }",
            "a route has one path: write a route for each, `GET \"/a\"; GET \"/b\";`",
        ),
        (
            "users.read { GET \"/a\" or \"/b\"; }",
            "a route has one path: write a route for each, `GET \"/a\"; GET \"/b\";`",
        ),
        (
            "users.read { GET \"/a\" \"/b\"; }",
            "a route has one path: write a route for each, `GET \"/a\"; GET \"/b\";`",
        ),
        (
            "users.read { GET [\"/a\", \"/b\"]; }",
            "each route has its own method: write `GET \"/a\";` and so on for each path",
        ),
        (
            "users.read { GET \"/users\" => list_users; }",
            "the name of a route stands after `as`: write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { GET \"/users\": list_users; }",
            "the name of a route stands after `as`: write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { GET \"/users\" (list_users); }",
            "the name of a route stands after `as`: write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { GET \"/users\" list_users; }",
            "the name of a route stands after `as`: write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { list_users: GET \"/users\"; }",
            "scopes do not nest, write `users.read.list_users { GET \"/users\"; }` outside; if `list_users` is the name of the route, write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { list_users = GET \"/users\"; }",
            "scopes do not nest, write `users.read.list_users { GET \"/users\"; }` outside; if `list_users` is the name of the route, write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { GET \"/users\" as \"list_users\"; }",
            "the name of a route is one word, without quotes: write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { GET \"/users\" as users.list; }",
            "the name of a route is one word, without quotes: write `GET \"/users\" as users_list;`",
        ),
        (
            "users.read { GET \"/users\" as handlers::list; }",
            "the name of a route is one word, without quotes: write `GET \"/users\" as handlers_list;`",
        ),
        (
            "users.read { GET \"/users\" as list-users; }",
            "the name of a route is one word, without quotes: write `GET \"/users\" as list_users;`",
        ),
        (
            "users.read { GET \"/users\" requires users.read; }",
            "nothing more stands after a path: write `GET \"/users\";`",
        ),
        ("users.read { #[deprecated(true)] GET \"/users\"; }", "write `#[deprecated = \"what to use instead\"]`"),
        ("users.read { Under \"/users\" { GET \"/x\"; } }", "`Under` does not belong here, did you mean `under`?"),
        (
            "users.read { nest \"/users\" { GET \"/x\"; } }",
            "`nest` does not begin a group of routes: write `under \"/users\" { .. }`",
        ),
    ]);
}

#[test]
fn settings() {
    check(&[
        (
            "tenant(environmentId);\nusers.read { GET \"/{environmentId}/users\"; }",
            "`tenant` is followed by the name alone: write `tenant environmentId;`",
        ),
        (
            "tenant :environmentId;\nusers.read { GET \"/{environmentId}/users\"; }",
            "`tenant` is followed by the name alone: write `tenant environmentId;`",
        ),
        (
            "tenant <environmentId>;\nusers.read { GET \"/{environmentId}/users\"; }",
            "`tenant` is followed by the name alone: write `tenant environmentId;`",
        ),
        (
            "tenant \"{environmentId}\";\nusers.read { GET \"/{environmentId}/users\"; }",
            "`tenant` is followed by the name alone: write `tenant environmentId;`",
        ),
        (
            "tenant environmentId: Uuid;\nusers.read { GET \"/{environmentId}/users\"; }",
            "`tenant` is followed by the name alone: write `tenant environmentId;`",
        ),
        (
            "tenant environmentId, userId;\nusers.read { GET \"/{environmentId}/users\"; }",
            "a catalogue has one tenant: write `tenant environmentId;`",
        ),
        ("routes: true;\nusers.read { GET \"/users\"; }", "`routes` takes no value: write `routes;`"),
        ("routes(axum);\nusers.read { GET \"/users\"; }", "`routes` takes no value: write `routes;`"),
        ("routes axum;\nusers.read { GET \"/users\"; }", "`routes` takes no value: write `routes;`"),
        ("routes\nusers.read { GET \"/users\"; }", "expected `;` after `routes`"),
        (
            "base BASE;\nusers.read { GET \"/users\"; }",
            "`base` is followed by a string literal: `scopes!` reads the text itself and cannot see constants or other macros",
        ),
        (
            "base concat!(\"/a\", \"/b\");\nusers.read { GET \"/users\"; }",
            "`base` is followed by a string literal: `scopes!` reads the text itself and cannot see constants or other macros",
        ),
        ("base(\"/api\");\nusers.read { GET \"/users\"; }", "`base` is followed by a string: write `base \"/api\";`"),
        ("base: \"/api\";\nusers.read { GET \"/users\"; }", "`base` is followed by a string: write `base \"/api\";`"),
        ("Base \"/api\";\nusers.read { GET \"/users\"; }", "`Base` does not belong here, did you mean `base`?"),
        ("Tenant id;\nusers.read { GET \"/{id}/users\"; }", "`Tenant` does not belong here, did you mean `tenant`?"),
        ("prefix \"/api\";\nusers.read { GET \"/users\"; }", "`prefix` does not belong here, did you mean `base`?"),
    ]);
}
