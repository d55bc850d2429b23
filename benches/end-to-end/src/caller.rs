//! The caller of all servers under measurement, and the requests that it sends.

use scopes::Route;

/// The caller's tenant.
pub const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
/// The caller's token.
pub const TOKEN: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

/// The request for a route: method and path.
pub fn request_for(route: Route<'static>) -> (&'static str, String) {
    let template = route.template();
    let path = template.split('/').map(|segment| match segment {
        "{environmentId}" => TENANT,
        _ if segment.starts_with('{') => "3b241101-e2bb-4255-8caf-4136c566a962",
        _ => segment,
    });
    (route.method(), path.collect::<Vec<_>>().join("/"))
}
