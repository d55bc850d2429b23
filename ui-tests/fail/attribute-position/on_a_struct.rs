scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
struct Users {}

fn main() {
    let _ = Users {};
}
