scopes::scopes! {
    pub mod api;
    users.read;
}

trait Users {
    #[scopes::requires(api::users.read)]
    fn list(&self);
}

fn main() {}
