//! Routes that are built from the catalogue's `Routes`.

use http::Method;
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, IntoEndpoint, Response, Route, RouteMethod};
use scopes_core::template::{Piece, pieces};

use crate::routes::grouped::{SamePath, by_path};
use crate::routes::{Endpoint, Entry, Handler, IntoEntries};

/// The type that is registered for a route.
pub type Registered = BoxEndpoint<'static, Response>;

/// Some of an API's routes with poem's endpoints.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::poem::{Partial, handler};
/// use scopes::requires;
/// use scopes::routes::IntoEntries;
///
/// #[requires(api::users.read)]
/// #[poem::handler]
/// async fn list_users() -> &'static str { "[]" }
///
/// fn users() -> Partial<api::users::Routes> {
///     api::users::Routes { list_users: handler(list_users) }.partial()
/// }
/// # fn main() {
/// assert_eq!(users().covered().into_entries()[0].template(), "/users");
/// # }
/// ```
pub type Partial<Groups> = crate::routes::Partial<Groups, Registered>;

/// Makes the handler of a route from an endpoint of poem.
///
/// The compiler checks that each route has an endpoint, but cannot see which permit it takes. An
/// endpoint that takes the permit of another route answers 500 to every request. An endpoint
/// without a permit is guarded by the [`Gate`](super::Gate) only, which
/// `map(|_, endpoint| endpoint.with(gate.clone()).boxed())` puts around all of them. A route with
/// literal text beside a parameter (`/users/{id}:replay`) does not compile, because poem has no
/// such paths. A route with `:`, `*` or `<` in its text (`/users:batch`) does not compile either,
/// because poem would read a parameter there and serve `/users-secret` as well.
///
/// ```compile_fail,E0080
/// scopes::scopes! { pub mod api; routes; users.write { POST "/users:batch" as create_users; } }
///
/// # fn main() {
/// #[scopes::requires(api::users.write)]
/// #[poem::handler]
/// async fn create_users() {}
///
/// let create_users = scopes::poem::handler(create_users);
/// let _: scopes::poem::Partial<_> = api::users::Routes { create_users }.partial();
/// # }
/// ```
pub fn handler<E, P>(endpoint: P) -> Handler<E, Registered>
where
    E: Endpoint,
    P: IntoEndpoint,
    P::Endpoint: 'static,
{
    const { assert!(!E::TEXT_BESIDE_PARAMETER, "poem has no literal text beside a parameter") };
    const { assert!(!E::SIGN_IN_TEXT, "poem takes `:`, `*` or `<` in a path for the start of a parameter") };
    Handler::unchecked(endpoint.into_endpoint().map_to_response().boxed())
}

/// Makes poem's `Route` of some of an API's routes, or of all of them.
///
/// Templates of one shape are registered once, with the parameter names of the first.
///
/// # Panics
/// Like [`Route::at`], if poem does not accept a path that the catalogue does. Also if a base of
/// [`mounted_at`](crate::routes::Partial::mounted_at) has `:`, `*` or `<` in it.
pub fn route(routes: impl IntoEntries<Handler = Registered>) -> Route {
    by_path(routes.into_entries(), |template| path(template, |_| "")).into_iter().fold(Route::new(), |route, group| {
        let SamePath { template, entries } = group;
        route.at(path(&template, |name| name), methods(entries))
    })
}

/// The endpoints of one path.
fn methods(entries: Vec<Entry<Registered>>) -> RouteMethod {
    entries.into_iter().fold(RouteMethod::new(), |methods, entry| {
        match Method::from_bytes(entry.route().method().as_bytes()) {
            Ok(method) => methods.method(method, entry.into_handler()),
            // No request has such a method.
            Err(_) => methods,
        }
    })
}

/// A template in poem's grammar.
fn path<'t>(template: &'t str, named: impl Fn(&'t str) -> &'t str) -> String {
    let mut path = String::with_capacity(template.len());
    for piece in pieces(template) {
        path.push('/');
        match piece {
            Piece::Literal(literal) => {
                assert!(
                    !literal.contains([':', '*', '<']),
                    "poem takes `:`, `*` or `<` in a path for the start of a parameter"
                );
                path.push_str(literal);
            }
            Piece::Parameter { name, .. } => path.extend([":", named(name)]),
            Piece::Rest(name) => path.extend(["*", named(name)]),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths() {
        for (template, expected) in
            [("/", "/"), ("/users", "/users"), ("/users/{id}/x", "/users/:id/x"), ("/files/{*rest}", "/files/*rest")]
        {
            assert_eq!(path(template, |name| name), expected, "{template}");
        }
    }
}
