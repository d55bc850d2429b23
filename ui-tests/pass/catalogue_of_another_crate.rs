use scopes_ui_tests::shared;
use scopes_ui_tests::shared::{all, environment};

#[scopes::requires(shared::environment.users.read, GET "/environments/:environmentId/users")]
fn by_path() {}

#[scopes::requires(::scopes_ui_tests::shared::environment.users.write)]
fn by_absolute_path() {}

#[scopes::requires(any(environment.users.read, all.read))]
fn by_import() {}

struct Service;

impl Service {
    #[scopes::requires(shared::environment.users.read as permit)]
    fn method(&self) {
        let _ = permit.tenant();
    }
}

fn main() {
    let _ = (by_path, by_absolute_path, by_import, Service::method);
    assert_eq!(shared::environment::users::read, shared::Scope::EnvironmentUsersRead);
}
