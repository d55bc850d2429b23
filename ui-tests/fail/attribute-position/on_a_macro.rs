scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
macro_rules! list {
    () => {};
}

fn main() {
    list!();
}
