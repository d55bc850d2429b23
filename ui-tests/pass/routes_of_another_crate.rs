use scopes::axum::{guard, handler, router};
use scopes::requires;
use scopes_ui_tests::routed;

#[requires(routed::users.read)]
async fn list_users() {}

#[requires(routed::assert_covered)]
async fn covered() {}

#[requires(routed::r#type.r#fn)]
async fn r#move() {}

fn main() {
    let users = routed::users::Routes { list_users: handler(list_users) };
    let keyword = routed::r#type::Routes { r#move: handler(r#move) };
    let rest = routed::Routes { covered: handler(covered) };
    let _ = routed::gate(router(::scopes_ui_tests::routed::assert_covered!(keyword, rest, users)));
    let _ = guard::<routed::permits::AssertCovered, _>(covered);
}
