use super::*;

fn parse(text: &str) -> Result<(String, String, bool, String), Vec<String>> {
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
    let mut errors = Errors::default();
    let mut cursor = Cursor::new(&tokens);
    let name = Name::parse(&mut cursor, &mut errors);
    let rest = cursor.rest().iter().map(ToString::to_string).collect::<String>();
    match name {
        Some(name) if errors.is_empty() => Ok((name.root_text(), name.dotted(), name.trailing_dot.is_some(), rest)),
        None => Err(errors.messages()),
        Some(_) => panic!("a name and an error"),
    }
}

#[test]
fn accepted() {
    for (text, root, dotted, trailing, rest) in [
        ("api::environment.users.read", "api", "environment.users.read", false, ""),
        ("environment.users.read", "", "environment.users.read", false, ""),
        ("crate::auth::api::a.b", "crate::auth::api", "a.b", false, ""),
        ("super::api::x.y, GET", "super::api", "x.y", false, ",GET"),
        ("::catalogue::api::x.y as p", "::catalogue::api", "x.y", false, "asp"),
        ("api::write", "api", "write", false, ""),
        ("api::write.all", "api", "write.all", false, ""),
        ("admin", "", "admin", false, ""),
        ("api::environment.type.list", "api", "environment.type.list", false, ""),
        ("api::environment.r#type.list", "api", "environment.type.list", false, ""),
        ("api::a.as.b as p", "api", "a.as.b", false, "asp"),
        ("api::environment.users.", "api", "environment.users", true, ""),
        ("api::environment., GET", "api", "environment", true, ",GET"),
        ("api::environment. as permit", "api", "environment", true, "aspermit"),
    ] {
        assert_eq!(parse(text), Ok((root.to_owned(), dotted.to_owned(), trailing, rest.to_owned())), "{text}");
    }
}

#[test]
fn refused() {
    for (text, message) in [
        ("a..b", "one dot stands between two segments of a scope's name"),
        ("a.2 .b", "`2` cannot be a segment here: give the scope another dotted name with `as` in `scopes!`"),
        ("a.2fa", "`2fa` cannot be a segment here: give the scope another dotted name with `as` in `scopes!`"),
        ("api::\"legacy:status\"", "a scope is written as its dotted name, without quotes: `legacy.status`"),
        ("api::users.\"read\"", "a scope is written as its dotted name, without quotes: `users.read`"),
        ("api::\"*\"", "a scope is written as its dotted name, without quotes"),
        ("api::", "expected a scope's name such as `api::users.read`"),
        ("api::*", "expected a scope's name such as `api::users.read`"),
        ("*.read", "expected a scope's name such as `api::users.read`"),
        (
            "crate::api::Scope::UsersRead",
            "`Scope` is the type of values, a scope is written as its dotted name, such as `crate::api::users.read`",
        ),
        (
            "Scope::AdminAPI",
            "`Scope` is the type of values, a scope is written as its dotted name, such as `admin.api`",
        ),
        (
            "self.users.read",
            "`self` begins no scope's name: write the catalogue's path and `::`, such as `api::users.read`",
        ),
        ("crate", "`crate` begins no scope's name: write the catalogue's path and `::`, such as `api::users.read`"),
        (
            "write.all",
            "`write` is also a macro of the standard library: write the catalogue's path before it, such as `api::write.all`",
        ),
    ] {
        assert_eq!(parse(text), Err(vec![message.to_owned()]), "{text}");
    }
}

#[test]
fn paths() {
    for (text, expected) in [
        ("api::environment.type.list", Some("api :: environment :: r#type :: list")),
        ("environment.users.read", Some("environment :: users :: read")),
        ("api::write", Some("api :: write :: __Marker")),
        ("api::environment.users.", Some("api :: environment :: users :: __")),
        ("api::a.self", None),
    ] {
        let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
        let name = Name::parse(&mut Cursor::new(&tokens), &mut Errors::default()).unwrap();
        assert_eq!(name.path().map(|path| path.to_string()).as_deref(), expected, "{text}");
    }
}
