scopes::scopes! {
    #![strict]
    pub mod api;
    users.read { GET "/users/:userId/avatar"; }
    public("the pictures of the documentation") { GET "/users/example/:picture"; }
}

fn main() {}
