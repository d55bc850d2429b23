use super::*;

fn found(attribute: &str) -> String {
    let tokens: TokenStream = attribute.parse().unwrap();
    let routes = routes(&Group::new(Delimiter::Bracket, tokens));
    routes.iter().map(|route| format!("{} {:?}", route.method.value, route.path.value)).collect::<Vec<_>>().join(" + ")
}

#[test]
fn attributes() {
    for (attribute, expected) in [
        ("get(\"/users\")", "GET \"/users\""),
        ("actix_web::post(\"/users\", wrap = \"X\")", "POST \"/users\""),
        ("delete(\"/users/<id>\", data = \"<b>\")", "DELETE \"/users/<id>\""),
        ("route(\"/x\", method = \"GET\", method = \"HEAD\")", "GET \"/x\" + HEAD \"/x\""),
        ("route(PUT, uri = \"/x\")", "PUT \"/x\""),
        ("utoipa::path(get, path = \"/x\", responses((status = 200)))", "GET \"/x\""),
        ("utoipa::path(path = \"/x\", method(get, head))", "GET \"/x\" + HEAD \"/x\""),
        ("utoipa::path(get, context_path = \"/api\", path = \"/x\")", "GET \"/api/x\""),
        ("utoipa::path(get)", ""),
        ("utoipa::path(get, path = PATH)", ""),
        ("oai(path = \"/x\", method = \"get\")", "GET \"/x\""),
        ("endpoint(method = PUT, path = \"/x\")", "PUT \"/x\""),
        ("get", ""),
        ("get()", ""),
        ("getter(\"/x\")", ""),
        ("doc = \"get\"", ""),
        ("tracing::instrument(skip(a))", ""),
    ] {
        assert_eq!(found(attribute), expected, "{attribute}");
    }
}

/// `#[get($path)]`, `#[$attribute]`: what `macro_rules!` was given comes wrapped.
#[test]
fn attributes_from_macros() {
    let wrapped = |text: &str| TokenTree::Group(Group::new(Delimiter::None, text.parse().unwrap())).into();
    let path: TokenStream = wrapped("\"/users\"");
    for attribute in
        [quote::quote!(get(#path)), quote::quote!(route(#path, method = "GET")), wrapped("get(\"/users\")")]
    {
        let routes = routes(&Group::new(Delimiter::Bracket, attribute.clone()));
        let found: Vec<_> =
            routes.iter().map(|route| format!("{} {:?}", route.method.value, route.path.value)).collect();
        assert_eq!(found, ["GET \"/users\""], "{attribute}");
    }
}

#[test]
fn another_requires() {
    for (attribute, expected) in [
        ("requires(a.b)", true),
        ("scopes::requires(a.b)", true),
        ("requires_x(a)", false),
        ("doc = \"requires\"", false),
    ] {
        let tokens: TokenStream = attribute.parse().unwrap();
        assert_eq!(has_requires(&[Group::new(Delimiter::Bracket, tokens)]), expected, "{attribute}");
    }
}
