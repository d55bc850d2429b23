//! Prints a crate for compile-time.sh: `declare SET` prints one whose `scopes!` declares a set.
//! `declare SCOPES HANDLERS KIND` prints one with these numbers of scopes and handlers; the
//! handlers are `plain`, `guarded` or `tied` to their route. `declare large ROUTES SEGMENTS` and
//! `declare routes ROUTES SEGMENTS` print one in the shape of large published APIs, without and
//! with the setting `routes;`.

use scopes_benches::sets::{self, METHODS};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    println!("//! Compiled to see how long it takes.");
    match arguments.as_slice() {
        [set] => declare(set),
        [kind, routes, segments] if kind == "large" => large(number(routes), number(segments), false),
        [kind, routes, segments] if kind == "routes" => large(number(routes), number(segments), true),
        [scopes, handlers, kind] => guard(number(scopes), number(handlers), kind),
        _ => panic!(
            "usage: declare SET | declare SCOPES HANDLERS plain|guarded|tied | declare large|routes ROUTES SEGMENTS"
        ),
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"))
}

fn declare(name: &str) {
    let set = sets::set(name).unwrap_or_else(|| panic!("no set `{name}`"));
    println!("\nscopes::scopes! {{\n    pub mod api;");
    for (index, routes) in set.routes.chunks(10).enumerate() {
        println!("    scope{index}.read {{");
        for (number, (method, path)) in routes.iter().enumerate() {
            println!("        {} \"{path}\" as route_{index}_{number};", METHODS[*method]);
        }
        println!("    }}");
    }
    println!("}}");
}

/// Nested resources with five routes each, up to `segments` deep. Each scope has twenty routes.
fn large(routes: usize, segments: usize, with_routes: bool) {
    println!("\nscopes::scopes! {{\n    pub mod api;");
    if with_routes {
        println!("    routes;");
    }
    let collections = (1..=segments / 2).cycle().enumerate().flat_map(|(index, depth)| {
        let parents: String = (1..depth).map(|level| format!("/level{level}/{{id{level}}}")).collect();
        let path = format!("{parents}/things{index}");
        [("GET", false), ("POST", false), ("GET", true), ("PUT", true), ("DELETE", true)]
            .map(|(method, is_one)| (method, if is_one { format!("{path}/{{id}}") } else { path.clone() }))
    });
    let routes: Vec<_> = collections.take(routes).collect();
    for (scope, routes) in routes.chunks(20).enumerate() {
        println!("    /// Things of the kind {scope}.\n    group{}.things{scope}.manage {{", scope / 10);
        for (method, path) in routes {
            println!("        /// One operation on things.\n        {method} \"{path}\";");
        }
        println!("    }}");
    }
    println!("}}");
}

fn guard(scopes: usize, handlers: usize, kind: &str) {
    println!("\nscopes::scopes! {{\n    pub mod api;");
    for scope in 0..scopes {
        println!("    group{}.things{scope}.read {{ GET \"/things{scope}/{{id}}\"; }}", scope / 10);
    }
    println!("}}");
    for handler in 0..handlers {
        let scope = handler % scopes;
        let name = format!("api::group{}.things{scope}.read", scope / 10);
        let (attribute, parameter) = match kind {
            "plain" => {
                (String::new(), format!("_permit: scopes::Permit<api::permits::Group{}Things{scope}Read>", scope / 10))
            }
            "guarded" => (format!("#[scopes::requires({name})]"), String::new()),
            "tied" => (format!("#[scopes::requires({name}, GET \"/things{scope}/{{id}}\")]"), String::new()),
            other => panic!("no kind `{other}`"),
        };
        println!("{attribute}\n/// Handles.\npub fn handler{handler}({parameter}) {{}}");
    }
}
