#![no_implicit_prelude]

mod inner {
    ::scopes::scopes! {
        pub(crate) mod api;
        routes;
        users.read { GET "/users" as r#type; }
        users.Vec { GET "/vec" as vec; }
        users.read.deep.er { GET "/deep" as option; }
        users.read.deep { GET "/deeper" as some; }
    }
}

::scopes::scopes! {
    mod api;
    routes;
    users.read { GET "/users" as list; }
}

async fn nothing() {}

fn in_a_function() {
    ::scopes::scopes! {
        mod local;
        routes;
        users.read { GET "/users" as list; }
        public("probe") { GET "/health"; }
    }
    use ::scopes::axum::{guarded, handler, router};
    let users = local::users::Routes { list: guarded(nothing) };
    let covered = local::assert_covered!(users, local::Routes { get_health: handler(nothing) });
    ::std::mem::drop(local::gate(router(covered)));
}

fn main() {
    use crate::inner::api::{permits, users};
    use ::scopes::axum::{guarded, handler, router};

    in_a_function();
    let routes = users::Routes {
        r#type: guarded(nothing),
        vec: guarded(nothing),
    };
    let deep = users::read::Routes { some: guarded(nothing) };
    let deeper = users::read::deep::Routes { option: guarded(nothing) };
    let covered = inner::api::assert_covered!(routes, deep, deeper);
    ::std::mem::drop(inner::api::gate(router(covered)));
    let list = guarded(nothing);
    ::std::mem::drop(api::gate(router(api::assert_covered!(api::users::Routes { list }))));
}
