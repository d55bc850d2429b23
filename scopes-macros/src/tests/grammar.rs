//! What the parser makes of each form.

use std::fmt::Write as _;

use quote::ToTokens as _;

use super::parse;
use crate::parse::{Annotations, BlockDemand, CatalogueInput, ParsedItem, RouteGroup, Tenancy};

/// One line for each item that was read.
fn outline(input: &CatalogueInput) -> String {
    let mut text = String::new();
    if input.strict {
        text.push_str("strict\n");
    }
    if let Some(base) = &input.base {
        let _ = writeln!(text, "base {}", base.value());
    }
    if let Some((tenant, _)) = &input.tenant {
        let _ = writeln!(text, "tenant {tenant}");
    }
    for item in &input.items {
        match item {
            ParsedItem::Scope(scope) => {
                let _ = write!(text, "scope {}", scope.name.wire());
                let dotted =
                    scope.name.dotted().map(crate::parse::Dotted::text).filter(|dotted| *dotted != scope.name.wire());
                let _ = write!(text, "{}", dotted.map(|dotted| format!(" as {dotted}")).unwrap_or_default());
                for pattern in &scope.includes {
                    let _ = write!(text, " +{}", pattern.text());
                }
                text.push_str(&annotations(&scope.annotations));
                routes(&mut text, &scope.routes);
            }
            ParsedItem::Block(block) => {
                let kind = match &block.kind {
                    BlockDemand::All(members) => {
                        format!("all {:?}", members.iter().map(crate::parse::ScopeName::wire).collect::<Vec<_>>())
                    }
                    BlockDemand::Public(reason) => format!("public {:?}", reason.value()),
                    BlockDemand::Authenticated(reason) => format!("authenticated {:?}", reason.value()),
                    BlockDemand::External(reason) => format!("external {:?}", reason.value()),
                };
                let _ = write!(text, "{kind}{}", annotations(&block.annotations));
                routes(&mut text, &block.routes);
            }
        }
    }
    text
}

fn annotations(annotations: &Annotations) -> String {
    let mut text = String::new();
    if !annotations.description.is_empty() {
        let _ = write!(text, " {:?}", annotations.description);
    }
    if let Some(title) = &annotations.title {
        let _ = write!(text, " title={:?}", title.value());
    }
    for name in &annotations.was {
        let _ = write!(text, " was={}", name.value());
    }
    if let Some(deprecated) = &annotations.deprecated {
        let _ = write!(text, " deprecated={:?}", deprecated.note);
        for (key, date) in [("since", &deprecated.since), ("sunset", &deprecated.sunset)] {
            let _ =
                write!(text, "{}", date.as_ref().map(|date| format!(" {key}={}", date.value())).unwrap_or_default());
        }
        if let Some(scope) = &deprecated.successor {
            let _ = write!(text, " use={}", scope.wire());
        }
    }
    match &annotations.tenancy {
        Some((Tenancy::Global(why), _)) => drop(write!(text, " global={why:?}")),
        Some((Tenancy::Unbound(why), _)) => drop(write!(text, " unbound={why:?}")),
        None => {}
    }
    for (name, _) in &annotations.raw {
        let _ = write!(text, " raw={name}");
    }
    if annotations.trailing_slash.is_some() {
        text.push_str(" slash");
    }
    text.push('\n');
    text
}

fn routes(text: &mut String, groups: &[RouteGroup]) {
    for group in groups {
        for route in &group.routes {
            let prefix = group.prefix.as_ref().map(syn::LitStr::value).unwrap_or_default();
            let quote = if route.method_quoted { "\"" } else { "" };
            let _ = write!(text, "  {quote}{}{quote} {prefix}|{}", route.method, route.path.value());
            let _ = write!(text, "{}", route.name.as_ref().map(|name| format!(" as {name}")).unwrap_or_default());
            text.push_str(&annotations(&route.annotations));
        }
    }
}

#[track_caller]
fn check(block: &str, expected: &str) {
    let (input, errors) = parse(&format!("mod api; {block}"));
    assert_eq!(errors, [""; 0], "{block}");
    assert_eq!(outline(&input.unwrap()).trim_end(), expected, "{block}");
}

#[test]
fn names() {
    for (block, expected) in [
        ("", ""),
        ("a;", "scope a"),
        ("a.b.apiTokens {}", "scope a.b.apiTokens"),
        ("a.type; r#match.b;", "scope a.type\nscope match.b"),
        ("\"x:y\";", "scope x:y"),
        ("\"x:y\" as x.why { }", "scope x:y as x.why"),
        ("all.read includes *.read, a.b;", "scope all.read +*.read +a.b"),
        ("a includes *.b.type { GET \"/a\"; }", "scope a +*.b.type\n  GET |/a"),
    ] {
        check(block, expected);
    }
}

#[test]
fn words_are_reserved_only_where_they_are_used() {
    for (block, expected) in [
        ("base \"/x\"; tenant t;", "base /x\ntenant t"),
        ("tenant \"te-nant\";", "tenant te-nant"),
        ("tenant includes;", "tenant includes"),
        ("base.x; tenant.x; routes.x;", "scope base.x\nscope tenant.x\nscope routes.x"),
        ("all.read; public.x; external.public;", "scope all.read\nscope public.x\nscope external.public"),
        ("\"public\"; \"all\" includes a.b; \"base\" {}", "scope public\nscope all +a.b\nscope base"),
        ("includes includes includes.x;", "scope includes +includes.x"),
        ("under.x; under { GET \"/\"; }", "scope under.x\nscope under\n  GET |/"),
    ] {
        check(block, expected);
    }
}

#[test]
fn blocks() {
    for (block, expected) in [
        ("all(a.b, \"x:y\",) { GET \"/\"; }", "all [\"a.b\", \"x:y\"]\n  GET |/"),
        ("all() {}", "all []"),
        ("public(\"why\") {}", "public \"why\""),
        ("#[global(\"g\")] authenticated(\"why\") { GET \"/\"; }", "authenticated \"why\" global=\"g\"\n  GET |/"),
        ("external(\"why\") {}", "external \"why\""),
    ] {
        check(block, expected);
    }
}

#[test]
fn routes_and_their_attributes() {
    for (block, expected) in [
        ("a { GET \"/x\" as type; }", "scope a\n  GET |/x as type"),
        ("a { \"PURGE\" \"/x\"; }", "scope a\n  \"PURGE\" |/x"),
        ("a { under \"/u\" { GET \"\"; } GET \"/x\"; }", "scope a\n  GET /u|\n  GET |/x"),
        ("a { /// One.\n/// Two.\n GET \"/\"; }", "scope a\n  GET |/ \"One.\\nTwo.\""),
        ("/** Block */ a;", "scope a \"Block\""),
        ("#[deprecated] a;", "scope a deprecated=\"\""),
        ("#[deprecated = \"b\"] a;", "scope a deprecated=\"b\""),
        ("#[deprecated(since = \"2\", note = \"b\")] a;", "scope a deprecated=\"b (since 2)\""),
        ("#[deprecated(since = \"1.4.0-beta.1\")] a;", "scope a deprecated=\"since 1.4.0-beta.1\""),
        ("#[deprecated()] a;", "scope a deprecated=\"\""),
        (
            "#[deprecated(since = \"2026-11-01\", sunset = \"2027-05-01\", use = b.type, note = \"b\",)] a;",
            "scope a deprecated=\"b\" since=2026-11-01 sunset=2027-05-01 use=b.type",
        ),
        ("#[deprecated(use = \"x:y\")] a;", "scope a deprecated=\"\" use=x:y"),
        // A date with dots is not a version: the core refuses it.
        ("#[deprecated(since = \"2026.11.01\")] a;", "scope a deprecated=\"\" since=2026.11.01"),
        ("a { #[deprecated(sunset = \"x\")] GET \"/\"; }", "scope a\n  GET |/ deprecated=\"\" sunset=x"),
        ("#[was(\"b\", \"c d\",)] #[was(\"e\")] a;", "scope a was=b was=c d was=e"),
        ("#[title = \"Read users\"] /// Text.\n a;", "scope a \"Text.\" title=\"Read users\""),
        ("#[unbound(\"why\")] a;", "scope a unbound=\"why\""),
        ("a { #[raw(x, \"y-z\")] #[trailing_slash] GET \"/\"; }", "scope a\n  GET |/ raw=x raw=y-z slash"),
    ] {
        check(block, expected);
    }
}

#[test]
fn the_head() {
    let (input, errors) = parse("#![strict] /// Text.\n #[non_exhaustive] #[allow(x)] pub(in crate::a) mod r#type; a;");
    let input = input.unwrap();
    assert_eq!(errors, [""; 0]);
    assert!(input.strict && !input.is_public());
    assert_eq!(input.description, "Text.");
    assert_eq!(input.non_exhaustive.to_string(), "# [non_exhaustive]");
    assert_eq!(input.attributes.to_string(), "# [doc = \" Text.\"] # [allow (x)]");
    assert_eq!(input.visibility.to_token_stream().to_string(), "pub (in crate :: a)");
    assert_eq!(input.name, "r#type");
    assert!(parse("pub mod api;").0.unwrap().is_public());
}
