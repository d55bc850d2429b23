//! Servers that are built from the catalogue's `Routes`.

use std::fmt;

use rocket::{Build, Rocket, Route};
use scopes_core::template::pieces;

use super::facts::template;
use crate::routes::grouped::by_specificity;
use crate::routes::{Endpoint, Handler, IntoEntries};

/// Some of an API's routes with rocket's routes.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use rocket::{get, routes};
/// use scopes::rocket::{Partial, handler};
/// use scopes::{requires, routes::IntoEntries};
///
/// #[requires(api::users.read)]
/// #[get("/users")]
/// async fn list_users() -> &'static str { "[]" }
///
/// fn users() -> Partial<api::users::Routes> {
///     api::users::Routes { list_users: handler(routes![list_users]) }.partial()
/// }
/// # fn main() {
/// assert_eq!(users().covered().into_entries()[0].template(), "/users");
/// # }
/// ```
pub type Partial<Groups> = crate::routes::Partial<Groups, Vec<Route>>;

/// Makes the handler of a route: `handler(routes![list_users])`. It may have several rocket routes,
/// such as for two formats.
///
/// The compiler checks that each route has a handler, but cannot see which permit it takes.
/// [`mount`] checks method and path. `#[requires]` above the route attribute checks that the
/// handler demands what its route does. Without `#[requires]`, a handler that takes the permit of
/// another route answers 500 to every request, and a handler without a permit is open.
pub fn handler<E: Endpoint>(routes: Vec<Route>) -> Handler<E, Vec<Route>> {
    Handler::unchecked(routes)
}

/// Mounts some of an API's routes, or all of them, each under its path in the catalogue. The route
/// attribute has the path below the catalogue's base, or the whole path. If two routes match a
/// path, the one that the catalogue prefers comes first; this function replaces the ranks.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; public("liveness probe") { GET "/health" as health; } }
/// use rocket::{get, routes};
/// use scopes::rocket::{handler, mount};
///
/// #[get("/health")]
/// fn health() -> &'static str { "ok" }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let all = api::assert_covered!(api::Routes { health: handler(routes![health]) });
/// let server = mount(rocket::build(), all)?;
/// assert_eq!(server.routes().count(), 1);
/// # Ok(()) }
/// ```
///
/// # Errors
/// If a handler's route attribute has another method or path than its route, or a route has no
/// handler.
pub fn mount(
    server: Rocket<Build>,
    routes: impl IntoEntries<Handler = Vec<Route>>,
) -> Result<Rocket<Build>, MountError> {
    let mut mounted = server;
    for (rank, entry) in (0..).zip(by_specificity(routes.into_entries())) {
        let (declared, whole) = (entry.route(), entry.template().to_owned());
        let handlers = entry.into_handler();
        let wrong = |attribute| MountError { declared: declared.to_string(), attribute };
        if handlers.is_empty() {
            return Err(wrong(None));
        }
        for mut route in handlers {
            let is_of_method = route.method.as_str() == declared.method();
            let is_at =
                |path: &str| is_of_method && template(route.uri.path()).is_some_and(|found| same_shape(&found, path));
            let base = if is_at(&whole) {
                "/"
            } else if is_at(declared.path()) {
                whole.strip_suffix(declared.path()).unwrap_or(&whole)
            } else {
                return Err(wrong(Some(format!("{} {}", route.method, route.uri))));
            };
            route.rank = rank;
            mounted = mounted.mount(if base.is_empty() { "/" } else { base }.to_owned(), [route]);
        }
    }
    Ok(mounted)
}

/// Whether two paths are equal except for the names of parameters.
fn same_shape(found: &str, declared: &str) -> bool {
    let (mut found, mut declared) = (pieces(found), pieces(declared));
    loop {
        match (found.next(), declared.next()) {
            (Some(found), Some(declared)) if found.same_shape(declared) => {}
            (found, declared) => return found.is_none() && declared.is_none(),
        }
    }
}

/// The error of a handler that is registered for another route than its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountError {
    declared: String,
    attribute: Option<String>,
}

impl fmt::Display for MountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.attribute {
            Some(attribute) => write!(f, "the handler of `{}` is declared for `{attribute}`", self.declared),
            None => write!(f, "the route `{}` has no handler", self.declared),
        }
    }
}

impl std::error::Error for MountError {}

#[cfg(test)]
mod tests {
    use super::same_shape;

    #[test]
    fn shapes() {
        for (found, declared, expected) in [
            ("/users/{id}", "/users/{user}", true),
            ("/files/{*path}", "/files/{*rest}", true),
            ("/files/{path}", "/files/{*rest}", false),
            ("/users", "/users/", false),
            ("/users/{id}", "/users/{id}:replay", false),
            ("/users/{id}", "/users/me", false),
        ] {
            assert_eq!(same_shape(found, declared), expected, "{found} {declared}");
        }
    }
}
