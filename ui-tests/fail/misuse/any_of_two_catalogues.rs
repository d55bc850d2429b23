scopes::scopes! {
    pub mod api;
    users.read;
}

scopes::scopes! {
    pub mod admin;
    users.read;
}

struct Handler {
    permit: scopes::Permit<scopes::Any<api::permits::UsersRead, admin::permits::UsersRead>>,
}

fn main() {}
