mod public_api {
    scopes::scopes! {
        pub mod api;
        users.read { GET "/users"; }
    }
}

mod admin_api {
    scopes::scopes! {
        pub mod api;
        users.delete { DELETE "/users/:userId"; }
    }
}

// Even two catalogues with exactly the same text.
mod copy {
    scopes::scopes! {
        pub mod api;
        users.read { GET "/users"; }
    }
}

#[scopes::requires(public_api::api::users.read, GET "/users")]
fn list() {}

#[scopes::requires(admin_api::api::users.delete, DELETE "/users/:userId")]
fn delete() {}

#[scopes::requires(copy::api::users.read)]
fn list_of_the_copy() {}

fn main() {
    let _ = (list, delete, list_of_the_copy);
    assert_ne!(std::any::TypeId::of::<public_api::api::Scope>(), std::any::TypeId::of::<copy::api::Scope>());
}
