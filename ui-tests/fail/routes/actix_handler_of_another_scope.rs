use actix_web::web::Path;
use scopes::actix_web::{Partial, handler};
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users/{id}" as get_user; }
    users.write { PUT "/users/{id}" as put_user; }
}

#[requires(api::users.read)]
async fn get_user(_: Path<String>) -> &'static str {
    "{}"
}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { get_user: handler(get_user), put_user: handler(get_user) }.partial()
}

fn main() {
    users();
}
