scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
const USERS: u8 = 0;

fn main() {
    let _ = USERS;
}
