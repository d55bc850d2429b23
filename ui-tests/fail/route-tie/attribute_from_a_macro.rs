scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/users/:userId"; }
}

macro_rules! handler {
    ($path:literal) => {
        #[scopes::requires(api::users.read)]
        #[rust_analyzer::get($path)]
        fn show() {}
    };
}

handler!("/user/{id}");

fn main() {}
