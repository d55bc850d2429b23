use scopes::{Permit, Required, requires};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    events.read { GET "/events"; }
}

mod framework {
    use super::{Permit, Required};

    pub struct Guard<R: Required>(pub Permit<R>);

    impl<R: Required> AsRef<Permit<R>> for Guard<R> {
        fn as_ref(&self) -> &Permit<R> {
            &self.0
        }
    }
}

#[requires(api::users.read, via = framework::Guard)]
fn list() {}

#[requires(any(api::users.read, api::events.read) as guard, via = framework::Guard)]
fn any() -> bool {
    guard.0.subject().is_none()
}

fn main() {
    list(framework::Guard(scopes::test::permit(None)));
    assert!(any(framework::Guard(scopes::test::permit(None))));
}
