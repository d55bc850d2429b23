scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

trait Users { fn list(&self); }

impl Users for u8 {
    #[scopes::requires(api::users.read)]
    fn list(&self) {}
}

fn main() {}
