use scopes_ui_tests::shared as api;

#[scopes::requires(api::environment.users.read, POST "/environments/:environmentId/users")]
fn create() {}

fn main() {}
