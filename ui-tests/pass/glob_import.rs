scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
    all.read includes *.read;
}

mod handlers {
    use crate::api::*;

    #[scopes::requires(environment.users.read, GET "/users")]
    pub fn list() {}

    #[scopes::requires(any(environment.users.read, all.read))]
    pub fn any() {}
}

fn main() {
    let _ = (handlers::list, handlers::any);
}
