//! Applications that are built from the catalogue's `Routes`.

use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler as ActixHandler, Responder, Route, guard};
use scopes_core::template::{Piece, pieces};

use crate::routes::grouped::{by_specificity, rust_name};
use crate::routes::{Endpoint, Handler, IntoEntries, Takes, arguments};

/// Some routes of an API with their handlers for actix-web.
pub type Partial<Groups> = crate::routes::Partial<Groups, Route>;

/// Makes the handler of a route from a function whose first argument is the permit that the route
/// demands. `#[requires(..)]` adds it. A handler with a route attribute (`#[get(..)]`) does not
/// compile, because the attribute turns the function into a type that has a route already.
///
/// On an `authenticated` route the first argument is the catalogue's `Grant`. On `public` and
/// `external` routes it is neither; a handler with a permit would answer 500 to every request.
///
/// A route whose path ends with `*` does not compile, because actix-web would match any number of
/// segments there.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::actix_web::{Partial, handler};
/// use scopes::requires;
/// use scopes::routes::IntoEntries;
///
/// #[requires(api::users.read)]
/// async fn list_users() -> &'static str { "[]" }
///
/// fn users() -> Partial<api::users::Routes> {
///     api::users::Routes { list_users: handler(list_users) }.partial()
/// }
/// # fn main() {
/// assert_eq!(users().covered().into_entries()[0].template(), "/users");
/// # }
/// ```
pub fn handler<E, H, Arguments, Proof>(handler: H) -> Handler<E, Route>
where
    E: Endpoint,
    E::Access: Takes<ActixWeb, E::Name, E::Demand, Arguments, Proof>,
    H: ActixHandler<Arguments>,
    H::Output: Responder + 'static,
    Arguments: FromRequest + 'static,
{
    const { <E::Access as Takes<ActixWeb, E::Name, E::Demand, Arguments, Proof>>::FITS };
    const { assert!(!E::ASTERISK_AT_THE_END, "actix-web takes `*` at the end of a path for any number of segments") };
    Handler::unchecked(web::to(handler))
}

/// Registers some routes of an API, or all of them, for
/// [`App::configure`](actix_web::App::configure).
///
/// If two routes match a path, the one that the catalogue prefers comes first, in whatever order
/// they were merged. Other resources of the application are tried in the order of registration. The
/// handlers of `GET` answer `HEAD` as well. A method that no route has is answered with 404.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; public("liveness probe") { GET "/health" as health; } }
/// use actix_web::{App, test};
/// use scopes::actix_web::{configure, handler};
///
/// # fn main() {
/// # actix_web::rt::System::new().block_on(async {
/// let routes = || api::assert_covered!(api::Routes { health: handler(async || "ok") });
/// let app = test::init_service(App::new().configure(|config| configure(routes(), config))).await;
/// let request = test::TestRequest::with_uri("/health").to_request();
/// assert_eq!(test::call_service(&app, request).await.status(), 200);
/// # });
/// # }
/// ```
pub fn configure(routes: impl IntoEntries<Handler = Route>, config: &mut ServiceConfig) {
    for entry in by_specificity(routes.into_entries()) {
        let pattern = pattern(entry.template());
        let method = entry.route().method();
        let route = entry.into_handler();
        let route = match actix_web::http::Method::from_bytes(method.as_bytes()) {
            Ok(actix_web::http::Method::GET) => route.guard(guard::Any(guard::Get()).or(guard::Head())),
            Ok(method) => route.method(method),
            // No request has such a method.
            Err(_) => route.guard(guard::fn_guard(|_| false)),
        };
        config.route(&pattern, route);
    }
}

/// A template in actix-web's grammar, with Rust identifiers as parameter names.
fn pattern(template: &str) -> String {
    let mut pattern = String::with_capacity(template.len() + 4);
    for (index, piece) in pieces(template).enumerate() {
        pattern.push('/');
        match piece {
            Piece::Literal(literal) => pattern.push_str(literal),
            Piece::Parameter { prefix, name, suffix } => {
                pattern.extend([prefix, "{", &rust_name(name, index), "}", suffix]);
            }
            Piece::Rest(name) => pattern.extend(["{", &rust_name(name, index), ":.+}"]),
        }
    }
    pattern
}

/// A marker for the form in which actix-web passes arguments: as a tuple.
#[derive(Debug)]
#[doc(hidden)]
pub enum ActixWeb {}

arguments!(ActixWeb, (), ());

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn patterns() {
        for (template, expected) in [
            ("/", "/"),
            ("/users", "/users"),
            ("/users/", "/users/"),
            ("/users/{id}", "/users/{id}"),
            ("/v{n}/{id}:replay", "/v{n}/{id}:replay"),
            ("/{user-id}/{1}", "/{__parameter0}/{__parameter1}"),
            ("/files/{*rest}", "/files/{rest:.+}"),
        ] {
            assert_eq!(pattern(template), expected, "{template}");
        }
    }
}
