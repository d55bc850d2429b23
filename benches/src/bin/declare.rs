//! Prints a crate for compile-time.sh: `declare SET` one whose `scopes!` declares a set,
//! `declare SCOPES HANDLERS KIND` one of so many scopes and handlers, which are `plain`, `guarded`
//! or `tied` to their route.

use scopes_benches::sets::{self, METHODS};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    println!("//! Compiled to see how long it takes.");
    match arguments.as_slice() {
        [set] => declare(set),
        [scopes, handlers, kind] => guard(number(scopes), number(handlers), kind),
        _ => panic!("usage: declare SET | declare SCOPES HANDLERS plain|guarded|tied"),
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
