use super::*;
use crate::requires::wire::question::Segment;

const NAMES: &str = "api -\nenvironment.users.read t\nenvironment.users.write  environment.users.edit people:write old\nenvironment.apiTokens.read\nall.read\nwrite\nlegacy.2fa\nitem.type";

fn ask(names: &str, name: &str, from: bool) -> String {
    let (root, name) = name.rsplit_once("::").map_or(("", name), |(root, name)| (root, name));
    let root: TokenStream = root.parse().unwrap();
    let root = if root.is_empty() {
        root
    } else {
        quote! { #root :: }
    };
    let segment =
        |text: &str| Segment { text: text.strip_prefix("r#").unwrap_or(text).to_owned(), span: Span::call_site() };
    let question = NameQuestion {
        root: root.into_iter().collect(),
        segments: name.split('.').filter(|text| !text.is_empty()).map(segment).collect(),
        open: (name.is_empty() || name.ends_with('.')).then(Span::call_site),
        seat: Span::call_site(),
        from: from.then(Span::call_site),
    };
    let question = question.write();
    let output = requires_type(quote! { #names #question }).to_string();
    match output.strip_prefix("[() ; :: core :: compile_error ! {") {
        Some(rest) => syn::parse_str::<syn::LitStr>(rest.trim_end_matches(['}', ']'])).unwrap().value(),
        None => output,
    }
}

#[test]
fn known() {
    for (name, expected) in [
        ("api::environment.users.read", "api :: environment :: users :: read :: __Marker"),
        ("crate::x::api::all.read", "crate :: x :: api :: all :: read :: __Marker"),
        ("environment.users.write", "environment :: users :: write :: __Marker"),
        ("api::write", "api :: write :: __Marker"),
        ("api::legacy._2fa", "api :: legacy :: _2fa :: __Marker"),
        ("api::item.type", "api :: item :: r#type :: __Marker"),
        ("api::item.r#type", "api :: item :: r#type :: __Marker"),
    ] {
        assert_eq!(ask(NAMES, name, false), expected);
    }
}

#[test]
fn unknown() {
    for (name, expected) in [
        (
            "environment.users.edit",
            "`environment.users.edit` is an old name, the scope is `environment.users.write` today",
        ),
        ("api::old", "`old` is an old name, the scope is `environment.users.write` today"),
        (
            "environment.users.reed",
            "unknown scope `environment.users.reed`, did you mean `environment.users.read`?\nafter `environment.users.` this catalogue has: `read`, `write`",
        ),
        (
            "environment.apiToken.read",
            "unknown scope `environment.apiToken.read`, did you mean `environment.apiTokens.read`?\nafter `environment.` this catalogue has: `users`, `apiTokens`",
        ),
        (
            "enviroment.users.read",
            "unknown scope `enviroment.users.read`, did you mean `environment.users.read`?\nthis catalogue begins with: `environment`, `all`, `write`, `legacy`, `item`",
        ),
        (
            "environment.billing.invoices.export",
            "unknown scope `environment.billing.invoices.export`\nafter `environment.` this catalogue has: `users`, `apiTokens`",
        ),
        (
            "all.read.now",
            "unknown scope `all.read.now`, did you mean `all.read`?\n`all.read` is a scope with none below it",
        ),
        ("environment.users", "`environment.users` is a group of scopes, complete it with one of: `read`, `write`"),
        ("environment.users.", "`environment.users.` ends in a dot, complete it with one of: `read`, `write`"),
        ("api::", "expected a scope's name such as `api::users.read`"),
        ("all.read.", "`all.read` is a whole scope, remove the dot after it"),
        (
            "environment.usres.",
            "unknown scope `environment.usres`\nafter `environment.` this catalogue has: `users`, `apiTokens`",
        ),
        (
            "api::environment::users::read",
            "unknown scope `read`, did you mean `api::environment.users.read`?\nthe segments of a scope's name are separated by dots",
        ),
        (
            "environment::users.raed",
            "unknown scope `users.raed`, did you mean `environment.users.read`?\nthe segments of a scope's name are separated by dots",
        ),
        ("api", "`api` is the catalogue, write a scope of it such as `api::environment.users.read`"),
        (
            "api.environment.users.read",
            "`api` is the catalogue, with `::` after it: write `api::environment.users.read`",
        ),
        ("api.all.reed", "`api` is the catalogue, with `::` after it: write `api::all.read`"),
        (
            "crate::api::permits::EnvironmentUsersRead",
            "`EnvironmentUsersRead` is the type in `Permit<..>`, a scope is written as its dotted name: `crate::api::environment.users.read`",
        ),
        (
            "permits::Legacy2fa",
            "`Legacy2fa` is the type in `Permit<..>`, a scope is written as its dotted name: `legacy.2fa`",
        ),
        ("users.read", "unknown scope `users.read`\na scope is written with its full name: `environment.users.read`"),
        (
            "api::users",
            "unknown scope `users`\na scope is written with its full name: `environment.users.read`, `environment.users.write`",
        ),
        ("sers", "unknown scope `sers`\nthis catalogue begins with: `environment`, `all`, `write`, `legacy`, `item`"),
    ] {
        assert_eq!(ask(NAMES, name, false), expected, "{name}");
    }
}

#[test]
fn without_a_request() {
    let fine = |name: &str| format!("api :: {} :: __Marker", name.replace('.', " :: "));
    for (name, expected) in [
        ("environment.users.read", WITHOUT_TENANT.to_owned()),
        ("environment.users.write", fine("environment.users.write")),
    ] {
        assert_eq!(ask(NAMES, &format!("api::{name}"), true), expected);
    }
}

#[test]
fn no_scopes() {
    for (name, expected) in [
        ("api", "`api` is the catalogue, and it declares no scope"),
        ("api::users.read", "unknown scope `users.read`\nthis catalogue declares no scope"),
    ] {
        assert_eq!(ask("api -", name, false), expected);
    }
}

/// The declaration may have the scope, but it could not be read.
#[test]
fn incomplete() {
    let names = NAMES.replacen("api -", "api -!", 1);
    for (name, expected) in [
        ("api::environment.users.reed", "api :: __Unknown"),
        ("environment.users.reed", "environment :: __Unknown"),
        ("api::environment.users.read", "api :: environment :: users :: read :: __Marker"),
    ] {
        assert_eq!(ask(&names, name, false), expected, "{name}");
    }
    assert!(ask(&names, "api::environment.users.read", true).starts_with("`from = ..`"));
}

#[test]
fn long_lists_end() {
    let names: Vec<String> = (0..14).map(|index| format!("a.s{index}")).collect();
    let message = ask(&format!("api -\n{}", names.join("\n")), "a", false);
    assert!(message.ends_with("`s10`, `s11`, .."), "{message}");
}
