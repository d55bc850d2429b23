scopes::scopes! {
    pub mod api;
    users.read;
}

scopes::scopes! {
    pub mod admin;
    users.read;
}

fn both(a: api::Scopes, b: admin::Scopes) -> api::Scopes {
    a | b
}

fn main() {}
