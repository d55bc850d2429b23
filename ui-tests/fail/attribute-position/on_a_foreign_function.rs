scopes::scopes! {
    pub mod api;
    users.read;
}

unsafe extern "C" {
    #[scopes::requires(api::users.read)]
    fn list();
}

fn main() {}
