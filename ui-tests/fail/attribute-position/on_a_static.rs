scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
static USERS: fn() = || {};

fn main() {
    USERS();
}
