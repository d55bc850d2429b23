scopes::scopes! {
    pub mod api;
    users.read;
}

mod users {
    pub fn list() {}
}

#[scopes::requires(api::users.read)]
use users::list;

fn main() {
    list();
}
