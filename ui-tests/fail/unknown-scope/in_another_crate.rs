use scopes_ui_tests::shared as api;

#[scopes::requires(api::environment.users.reed)]
fn list() {}

fn main() {}
