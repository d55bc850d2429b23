//! Snapshots of expansions. `UPDATE_EXPECT=1 cargo test` records them again.

use expect_test::{ExpectFile, expect_file};
use syn::{File, Item};

use super::{expand, messages};

/// Compares everything except the tables, which the core's tests check.
#[track_caller]
fn check(block: &str, expected: &ExpectFile) {
    expected.assert_eq(&snapshot(block));
}

fn snapshot(block: &str) -> String {
    let mut file: File = syn::parse2(expand(block)).unwrap();
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &mut module.content
        {
            let before = items.len();
            items.retain(|item| !matches!(item, Item::Static(table) if table.ident == "__TABLES"));
            assert_eq!(items.len() + 1, before, "one static holds the tables");
        }
    }
    let text = prettyplease::unparse(&file);
    // The macro's name ends in a hash that differs between environments.
    let mut stable = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("__scopes_api_") {
        stable.push_str(before);
        stable.push_str("__scopes_api_HASH");
        rest = after.trim_start_matches(|character: char| character.is_ascii_hexdigit());
    }
    stable.push_str(rest);
    // Its number differs, too.
    let is_number = |word: &str| word.len() > 10 && word.ends_with("u64");
    let words = stable.split_inclusive(|character: char| !character.is_ascii_alphanumeric());
    words.map(|word| if is_number(word.trim_end_matches([',', '>'])) { "NUMBER," } else { word }).collect()
}

#[test]
fn a_block() {
    check(
        r#"
        /// Permissions.
        #[non_exhaustive]
        pub mod api;
        base "/api";
        tenant environment;
        /// Read users:
        ///
        ///     curl -H 'Authorization: Bearer token' https://example.com/users
        ///
        /// ```
        /// GET /users HTTP/1.1
        /// ```
        users.read {
            /// All of them.
            GET "/environments/:environment/users";
            #[deprecated = "use the other"]
            #[unbound("compared")]
            GET "/users/{user}";
        }
        users.type;
        all(users.read, users.type) { POST "/environments/:environment/users"; }
        public("probe") { GET "/health"; }
        write includes users.type;
        "#,
        &expect_file!["snapshots/block.rs"],
    );
}

/// Compares only the items of `routes;`.
#[test]
fn routers() {
    let block = r#"
        pub mod api;
        base "/api";
        users.read {
            /// All of them.
            GET "/users" as list_users;
            GET "/users/{id}";
        }
        users.write { POST "/users/{id}:cancel" as r#move; }
        status { GET "/status"; }
        all(users.read, users.write) { POST "/users"; }
        events.read { POST "/users"; }
        public("probe") { GET "/health"; }
        authenticated("who am I") { GET "/me" as me; }
    "#;
    let without = snapshot(block);
    let with = snapshot(&block.replacen("base", "routes; base", 1));
    let mut before = without.lines().peekable();
    let added = with.lines().filter(|line| before.next_if_eq(line).is_none());
    let added: String = added.flat_map(|line| [line, "\n"]).collect();
    assert_eq!(before.next(), None, "nothing is taken away");
    expect_file!["snapshots/routes.rs"].assert_eq(&added);
}

#[test]
fn a_block_without_scopes() {
    check("pub(crate) mod api;", &expect_file!["snapshots/no_scopes.rs"]);
}

/// The sound items are printed, with a `compile_error!` for each mistake.
#[test]
fn a_block_with_mistakes() {
    check("mod api; a.b { GET \"/x\" } a.b; c..d;", &expect_file!["snapshots/mistakes.rs"]);
}

/// While the user types, an IDE must still see the other names.
#[test]
fn an_incomplete_block() {
    let expansion = expand("pub mod api; users.read { GET \"/users\"; } users.");
    assert_eq!(messages(expansion.clone()), ["expected the next part of the scope's name after `users.`"]);
    assert!(expansion.to_string().contains("pub const read :"));
    let expansion = expand("pub mod api; users.read { GET \"/users\"; GE } users.write { under } users.list includes");
    assert_eq!(messages(expansion.clone()).len(), 3);
    for name in ["pub const read :", "pub const write :", "UsersRead", "UsersWrite"] {
        assert!(expansion.to_string().contains(name), "{name}");
    }
}

#[test]
fn many_scopes() {
    for (count, words) in [(0, 0), (1, 1), (64, 1), (65, 2), (900, 15)] {
        let mut block = String::from("mod api;");
        for index in 0..count {
            block.push_str(&format!("group{}.scope{index};", index % 7));
        }
        let expansion = expand(&block).to_string();
        assert!(expansion.contains(&format!("type Words = [__core :: primitive :: u64 ; {words}] ;")), "{count}");
        assert_eq!(expansion.matches("ScopeMarker for").count(), count);
        assert_eq!(expansion.matches("pub const scope").count(), count);
    }
}

#[test]
fn no_macro_of_a_standard_name() {
    let expansion = expand("mod api; write.all; vec; users.read;").to_string();
    assert!(expansion.contains("as users ;") && expansion.contains("as __check ;"));
    assert!(!expansion.contains("as write ;") && !expansion.contains("as vec ;"));
}
