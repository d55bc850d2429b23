//! The compiler and the matcher together: tables of small cases, and the oracle over random
//! catalogues.

mod against_oracle;
mod deprecations;
mod errors;
mod global_only;
mod lengths;
mod limits;
mod matching;
mod old_names;
mod overlaps;
mod route_names;
mod strict;

use crate::catalogue::UntypedCatalogue;
use crate::declaration::Declaration;

/// A catalogue of one scope per route: `GET /a` is demanded by scope `s0`, and so on.
fn catalogue(routes: &[(&str, &str)]) -> UntypedCatalogue {
    let mut declaration = Declaration::new("test");
    for (index, (method, path)) in routes.iter().enumerate() {
        let slash = path.ends_with('/') && path.len() > 1;
        let scope = declaration.scope(&std::format!("s{index}"));
        scope.route(method, path);
        if slash {
            scope.routes[0].trailing_slash = Some(crate::declaration::Place::default());
        }
    }
    match UntypedCatalogue::from_declaration(&declaration) {
        Ok(catalogue) => catalogue,
        Err(errors) => panic!("{errors}"),
    }
}
