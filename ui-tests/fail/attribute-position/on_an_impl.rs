scopes::scopes! {
    pub mod api;
    users.read;
}

struct Users;

#[scopes::requires(api::users.read)]
impl Users {
    fn list(&self) {}
}

fn main() {
    Users.list();
}
