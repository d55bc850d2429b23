//! More notations of other languages: texts, groups, blocks without braces, lists in JSON or YAML.

use super::parse;

#[test]
fn one_error_each() {
    for (block, expected) in [
        (
            "users.read \"Read users\" { GET \"/users\"; }",
            "what a scope is for stands before it: write `/// Read users`",
        ),
        (
            "users.read: \"Read users\" { GET \"/users\"; }",
            "what a scope is for stands before it: write `/// Read users`",
        ),
        (
            "users.read(\"Read users\") { GET \"/users\"; }",
            "what a scope is for stands before it: write `/// Read users`",
        ),
        ("users.read = \"Read users\";", "what a scope is for stands before it: write `/// Read users`"),
        ("users.read = 1;", "no `=` stands after a scope's name: write `users.read;`"),
        ("users.read as Read;", "`as` must follow a string: write `\"users.read\" as Read`"),
        (
            "mod users { read { GET \"/users\"; } }",
            "scopes are not grouped in modules: write the whole name of each, such as `users.read { .. }`",
        ),
        (
            "users.read; users.write;\nall users.read, users.write { GET \"/users\"; }",
            "the scopes of `all` stand in parentheses: write `all(users.read, users.write) { .. }`",
        ),
        (
            "users.read; users.write;\nall { users.read, users.write } { GET \"/users\"; }",
            "the scopes of `all` stand in parentheses: write `all(users.read, users.write) { .. }`",
        ),
        (
            "users.read; users.write;\nall[users.read, users.write] { GET \"/users\"; }",
            "the scopes of `all` stand in parentheses: write `all(users.read, users.write) { .. }`",
        ),
        ("public(why) { GET \"/users\"; }", "expected the reason as one string, such as `public(\"why\")`"),
        ("public('w') { GET \"/users\"; }", "expected the reason as one string, such as `public(\"why\")`"),
        (
            "public(\"why\") GET \"/users\";",
            "the routes of a block stand in braces: `public(\"why\") { GET \"/users\"; }`",
        ),
        (
            "public(\"why\"): GET \"/users\";",
            "the routes of a block stand in braces: `public(\"why\") { GET \"/users\"; }`",
        ),
        ("public(\"why\") => { GET \"/users\"; }", "no `=>` stands after `public(..)`"),
        ("public(\"why\");", "expected `{` and routes after `public(..)`"),
        (
            "base api;\nusers.read { GET \"/users\"; }",
            "`base` is followed by a string literal: `scopes!` reads the text itself and cannot see constants or other macros",
        ),
        (
            "#[doc(\"x\")]\nusers.read { GET \"/users\"; }",
            "the text goes into tables, so it must be a doc comment or `#[doc = \"text\"]`",
        ),
        ("users.read { GET \"/a\" as x, POST \"/b\" as y; }", "expected `;` after `GET \"/a\"`"),
        ("users.read { GET \"/users\" if admin; }", "nothing more stands after a path: write `GET \"/users\";`"),
        ("users.read { GET \"/users\" { name: \"x\" } }", "expected `;` after `GET \"/users\"`"),
        (
            "users.read { GET \"/users\" => 200; }",
            "the handler is not named here, `=>` does not belong after a path: write `GET \"/users\";`",
        ),
        (
            "users.read { GET \"/users\": \"list\"; }",
            "the handler is not named here, `:` does not belong after a path: write `GET \"/users\";`",
        ),
        ("users.read { GET \"/users\"; }, users.write { POST \"/users\"; }", "no `,` stands after `}`"),
        (
            "\"users.read\": [\"GET /users\"], \"users.write\": [\"POST /users\"]",
            "the routes of a scope stand in braces: `\"users.read\" { GET \"/users\"; }`",
        ),
        (
            "{ \"users.read\": [\"GET /users\"] }",
            "the routes of a scope stand in braces: `\"users.read\" { GET \"/users\"; }`",
        ),
        (
            "users.read:\n  - GET /users\nusers.write;",
            "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`",
        ),
        (
            "users.read(GET) { GET \"/users\"; }",
            "the routes of a scope stand in braces: `users.read { GET \"/users\"; }`",
        ),
        ("paths { \"/users\" { get { } } }", "expected a method before the path, such as `GET \"/users\"`"),
        (
            "users.read { GET \"/users\" -> Vec<User>; }",
            "the handler is not named here, `->` does not belong after a path: write `GET \"/users\";`",
        ),
        (
            "users.read { GET \"/users\" => handlers::list; }",
            "the handler is not named here, `=>` does not belong after a path: write `GET \"/users\";`",
        ),
        ("users.read { GET \"/users\" to list_users; }", "nothing more stands after a path: write `GET \"/users\";`"),
        ("users.read;;", "no `;` stands alone: remove it"),
        (
            "users.read;\nall.read => *.read;",
            "what a scope includes stands after `includes`: write `all.read includes *.read`",
        ),
        ("users.read;\nadmin includes *;", "expected `.` and the last segments of a name after `*`, such as `*.read`"),
        (
            "users.read;\nadmin includes users.*;",
            "`*` stands only at the beginning of a pattern, such as `*.read`: name the scopes under `users` one by one",
        ),
        (
            "users.read; users.write;\nadmin includes users.read includes users.write;",
            "`includes` is written once, with commas between the names",
        ),
        (
            "tenant \"/environments/{environmentId}\";\nusers.read { GET \"/{environmentId}/users\"; }",
            "`tenant` is followed by the name alone: write `tenant environmentId;`",
        ),
        ("users.read { under \"/users\"; GET \"/x\"; }", "expected `{` and routes after `under \"/users\"`"),
        ("users.read { under \"/users\" => { GET \"/x\"; } }", "no `=>` stands after `under \"/users\"`"),
        (
            "users { .read { GET \"/users\"; } }",
            "expected a route such as `GET \"/users/{id}\";`, or `under \"/users\" { .. }`",
        ),
        ("users.read { routes!(); }", "expected a path after `routes`, such as `\"/users/{id}\"`"),
        ("#[strict]\nusers.read { GET \"/users\"; }", "write `#![strict]`, before the `mod` line"),
        ("default users.read;", "no word stands before a scope's name: write `users.read;`"),
        ("async users.read { GET \"/users\"; }", "no word stands before a scope's name: write `users.read { .. }`"),
    ] {
        assert_eq!(parse(&format!("mod api; {block}")).1, [expected], "{block}");
    }
}
