scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

struct Guard<T>(T);

#[scopes::requires(api::users.read, via = Guard<u8>)]
fn list() {}

fn main() {
    let _ = Guard(0_u8);
}
