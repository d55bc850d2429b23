scopes::scopes! {
    pub mod api;
    users.read { GET "/users/:userId"; }
}

macro_rules! handler {
    ($scope:expr, $path:literal) => {
        #[scopes::requires($scope, GET $path)]
        fn show() {}
    };
}

handler!(api::users.read, "/user/{id}");

fn main() {}
