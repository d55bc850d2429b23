//! Routers that are built from the catalogue's `Routes`.

use http::Method;
use salvo_core::Router;
use salvo_core::routing::Filter;
use salvo_core::routing::filters::{MethodFilter, get, head};
use scopes_core::template::{Piece, pieces};

use crate::routes::grouped::{by_specificity, rust_name};
use crate::routes::{Endpoint, Handler, IntoEntries};

/// Some of an API's routes with salvo's handlers. `map(|_, router| router.hoop(..))` puts hoops
/// around each of them.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use salvo_core::{Writer, handler};
/// use scopes::routes::IntoEntries;
/// use scopes::{requires, salvo::Partial};
///
/// #[requires(api::users.read)]
/// #[handler]
/// async fn list_users() -> &'static str { "[]" }
///
/// fn users() -> Partial<api::users::Routes> {
///     api::users::Routes { list_users: scopes::salvo::handler(list_users) }.partial()
/// }
/// # fn main() {
/// assert_eq!(users().covered().into_entries()[0].template(), "/users");
/// # }
/// ```
pub type Partial<Groups> = crate::routes::Partial<Groups, Router>;

/// Makes the handler of a route from a handler of salvo.
///
/// The compiler checks that each route has a handler, but cannot see which permit it takes. A
/// handler that takes the permit of another route answers 500 to every request. A handler without a
/// permit is guarded by the [`Gate`](super::Gate) only.
pub fn handler<E: Endpoint>(handler: impl salvo_core::Handler) -> Handler<E, Router> {
    Handler::unchecked(Router::new().goal(handler))
}

/// Makes the router of some of an API's routes, or of all of them, in the order in which the
/// catalogue prefers them. The handlers of `GET` answer `HEAD` as well.
///
/// # Panics
/// Like [`Router::with_path`], if salvo does not accept a path that the catalogue does, such as one
/// with `<`.
pub fn router(routes: impl IntoEntries<Handler = Router>) -> Router {
    by_specificity(routes.into_entries()).into_iter().fold(Router::new(), |all, entry| {
        let (path, method) = (path(entry.template()), entry.route().method());
        let router = entry.into_handler();
        let router = match Method::from_bytes(method.as_bytes()) {
            Ok(Method::GET) => router.filter(get().or(head())),
            Ok(method) => router.filter(MethodFilter(method)),
            // No request has such a method.
            Err(_) => router.filter_fn(|_, _| false),
        };
        all.push(Router::with_path(path).push(router))
    })
}

/// A template in salvo's grammar, without the leading slash, with Rust identifiers as parameter
/// names.
fn path(template: &str) -> String {
    let mut path = String::with_capacity(template.len());
    for (index, piece) in pieces(template).enumerate() {
        if index > 0 {
            path.push('/');
        }
        match piece {
            Piece::Literal(literal) => path.push_str(literal),
            Piece::Parameter { prefix, name, suffix } => {
                path.extend([prefix, "{", &rust_name(name, index), "}", suffix]);
            }
            Piece::Rest(name) => path.extend(["{*+", &rust_name(name, index), "}"]),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths() {
        for (template, expected) in [
            ("/", ""),
            ("/users", "users"),
            ("/users/{id}", "users/{id}"),
            ("/v{n}/{id}:replay", "v{n}/{id}:replay"),
            ("/{user-id}/x", "{__parameter0}/x"),
            ("/files/{*rest}", "files/{*+rest}"),
        ] {
            assert_eq!(path(template), expected, "{template}");
        }
    }
}
