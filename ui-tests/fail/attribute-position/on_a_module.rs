scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
mod users {
    pub fn list() {}
}

fn main() {
    users::list();
}
