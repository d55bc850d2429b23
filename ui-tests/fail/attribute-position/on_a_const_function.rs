scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
const fn list() -> u8 {
    0
}

fn main() {}
