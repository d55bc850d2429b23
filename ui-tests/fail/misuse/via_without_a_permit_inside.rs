scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

struct Own<R>(std::marker::PhantomData<R>);

#[scopes::requires(api::users.read, via = Own)]
fn list() {}

fn main() {}
