//! The catalogues whose pages the tests read.

use std::path::{Path, PathBuf};

use scopes_core::UntypedCatalogue;
use scopes_core::declaration::{At, BlockKind, Declaration, DeprecationDeclaration, Place, TenancyDeclaration};

/// The catalogue of the example with 128 documented routes.
pub(crate) fn dashboard() -> UntypedCatalogue {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/dashboard/api.scopes.json");
    UntypedCatalogue::from_json(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// A catalogue with every feature of the format.
pub(crate) fn full() -> UntypedCatalogue {
    UntypedCatalogue::from_json(include_str!("../full.json")).unwrap()
}

/// Templates that compete for paths in every way: literals, text beside parameters, catch-alls,
/// trailing slashes, raw parameters, `HEAD` beside `GET`.
pub(crate) fn odd() -> UntypedCatalogue {
    let mut declaration = Declaration::new("odd");
    declaration.base = Some("/v1/api".into());
    let scope = declaration.scope("a");
    for path in ["/", "/users", "/users/", "/users/{id}", "/users/me", "/users/{id}.json", "/users/v{n}", "/x{id}y"] {
        scope.route("GET", path);
    }
    for path in ["/users/{id}:cancel", "/users/{id}", "/files/{*rest}", "/{a}/{b}/{c}", "/{*everything}"] {
        scope.route("POST", path);
    }
    for path in ["/files/{*rest}", "/files/{a}/{b}", "/{a}/meta", "/raw/{value}", "/raw/{a}/{*rest}"] {
        scope.route("GET", path);
    }
    scope.route("HEAD", "/users/{id}").route("HEAD", "/{a}/{b}").route("OPTIONS", "/users").route("PURGE", "/users");
    for route in &mut scope.routes {
        route.trailing_slash = (route.path.value.len() > 1 && route.path.value.ends_with('/')).then(Place::default);
        match route.path.value.as_str() {
            "/raw/{value}" => route.raw.push("value".into()),
            "/raw/{a}/{*rest}" => route.raw.push("rest".into()),
            _ => {}
        }
    }
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

/// Texts that try to become something else than text, in every place that a catalogue has.
pub(crate) const HOSTILE: [&str; 7] = [
    "</script><script>alert(1)</script><!-- <script>",
    "\"><img src=x onerror=alert(1)> ' onload=alert(1) '",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) <https://evil.example> https://evil.example www.evil.example",
    "`code` ``a`b`` ```\n\n# heading\n| cell | cell |\n---\n@everyone #1 GH-1 :tada: $x$ a@evil.example",
    "\u{202e}txt.exe\u{2066}\u{0}\u{1b}[31m\u{200b}\u{feff}",
    "&lt;b&gt; &#60;i&#62; &amp; {{constructor}} ${alert(1)}",
    "`</code><script>alert(1)</script>` \\` \\| |",
];

/// A catalogue of such texts and names.
pub(crate) fn hostile() -> UntypedCatalogue {
    let mut declaration = Declaration::new("hostile");
    declaration.description = HOSTILE.join("\n");
    declaration.tenant = Some("t".into());
    let names =
        ["<script>alert(1)</script>", "'onload=alert(1)//", "`x`|y", "&lt;", "[a](b)", "__proto__", "constructor"];
    for (index, (name, text)) in names.into_iter().zip(HOSTILE).enumerate() {
        let mut deprecated = DeprecationDeclaration::from(text);
        deprecated.since = Some("2026-11-01".into());
        let scope = declaration.scope(name);
        // A title is one line.
        scope.title = Some(text.replace(char::is_control, " ").as_str().into());
        scope.description = text.into();
        scope.deprecated = (index % 2 == 0).then_some(deprecated.clone());
        let method = if index % 2 == 0 { "GET" } else { "A'B" };
        scope
            .route(method, &format!("/'(a)&;/{index}/{{x}}").replace(';', ""))
            .route("DELETE", &format!("/all/{{t}}/{index}"));
        for route in &mut scope.routes {
            route.description = text.into();
            route.deprecated = Some(deprecated.clone());
            let is_bound = route.path.value.contains("{t}");
            route.tenancy = (!is_bound).then(|| At::new(TenancyDeclaration::Unbound(text.into()), Place::default()));
        }
    }
    for (index, text) in HOSTILE.into_iter().enumerate() {
        for (kind, path) in [
            (BlockKind::Public(text.into()), "public"),
            (BlockKind::External(text.into()), "external"),
            (BlockKind::Authenticated(text.into()), "authenticated"),
        ] {
            declaration.block(kind).route("GET", &format!("/{path}/{index}"));
        }
    }
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

/// A catalogue of this many routes, ten for each scope.
pub(crate) fn large(routes: usize) -> UntypedCatalogue {
    let mut declaration = Declaration::new("large");
    for index in 0..routes.div_ceil(10) {
        let scope = declaration.scope(&format!("service{}.resource{index}.access", index % 25));
        scope.description = format!("Read and change the resources of kind {index}.");
        for action in 0..10 {
            let method = ["GET", "POST", "PUT", "DELETE"][action % 4];
            scope.route(
                method,
                &format!("/service{}/resource{index}/{{resourceId}}/action{action}/{{itemId}}", index % 25),
            );
        }
        for route in &mut scope.routes {
            route.description = "What the endpoint does, in one sentence of usual length.".into();
        }
    }
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

/// The folder in which the tests leave files for the browser's tests.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
