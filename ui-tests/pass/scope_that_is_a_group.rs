scopes::scopes! {
    pub mod api;
    environment { GET "/environment"; }
    environment.users { GET "/users"; }
    environment.users.read { GET "/users/:userId"; }
    environment.users.read.all;
}

use api::environment;

#[scopes::requires(api::environment, GET "/environment")]
fn outer() {}

#[scopes::requires(environment.users, GET "/users")]
fn middle() {}

#[scopes::requires(environment.users.read)]
fn inner() {}

#[scopes::requires(environment)]
fn bare() {}

#[scopes::requires(all(api::environment.users, api::environment.users.read.all))]
fn both() {}

fn main() {
    let _ = (outer, middle, inner, bare, both);
    assert_eq!(api::environment::users, api::Scope::EnvironmentUsers);
    assert_eq!(api::environment::users::read, api::Scope::EnvironmentUsersRead);
    assert_eq!(api::Scope::Environment.as_str(), "environment");
}
