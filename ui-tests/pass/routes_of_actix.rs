use actix_web::{App, web};
use scopes::actix_web::{Partial, configure, handler};
use scopes::{Any, Permit, requires};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users/{id}" as get_user; GET "/either" as either; }
    events.read { GET "/either"; }
    authenticated("who am I") { GET "/me" as me; }
    public("liveness probe") { GET "/health" as health; }
}

use api::permits::{EventsRead, UsersRead};

#[rustfmt::skip]
#[requires(api::users.read)]
#[allow(clippy::too_many_arguments, reason = "as many as a handler may have")]
async fn get_user(
    id: web::Path<String>, _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: String,
) -> String {
    id.into_inner()
}

async fn either(_: Permit<Any<UsersRead, EventsRead>>) -> &'static str {
    "either"
}

async fn me(_: api::Grant) -> &'static str {
    "me"
}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { get_user: handler(get_user), either: handler(either) }.partial()
}

fn main() {
    let _ = App::new().configure(|config| {
        let rest = api::Routes { me: handler(me), health: handler(|| async { "ok" }) };
        configure(api::assert_covered!(users(), rest), config);
    });
}
