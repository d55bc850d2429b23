scopes::scopes! {
    pub mod api;
    principal Account;
    users.read { GET "/users"; }
}

pub struct Account(std::rc::Rc<()>);

fn main() {}
