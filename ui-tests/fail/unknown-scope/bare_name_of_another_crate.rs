use scopes_ui_tests::shared::environment;

#[scopes::requires(environment.user.read)]
fn list() {}

fn main() {}
