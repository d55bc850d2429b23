scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
trait Users {
    fn list(&self) {}
}

fn main() {}
