//! Prints a crate whose `scopes!` declares a set: `declare SET`. For compile-time.sh.

use scopes_benches::sets::{self, METHODS};

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    let set = sets::set(&name).unwrap_or_else(|| panic!("no set `{name}`"));
    println!("//! Compiled to see how long it takes.\n\nscopes::scopes! {{\n    pub mod api;");
    for (index, routes) in set.routes.chunks(10).enumerate() {
        println!("    scope{index}.read {{");
        for (number, (method, path)) in routes.iter().enumerate() {
            println!("        {} \"{path}\" as route_{index}_{number};", METHODS[*method]);
        }
        println!("    }}");
    }
    println!("}}");
}
