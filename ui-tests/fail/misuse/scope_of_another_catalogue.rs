scopes::scopes! {
    pub mod api;
    users.read;
}

scopes::scopes! {
    pub mod admin;
    users.read;
}

const SET: api::Scopes = api::Scope::set(&[admin::Scope::UsersRead]);

fn main() {}
