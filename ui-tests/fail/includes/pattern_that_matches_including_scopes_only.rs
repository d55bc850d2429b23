scopes::scopes! {
    pub mod api;
    users.list { GET "/users"; }
    users.read includes users.list;
    all.read includes *.read;
}

fn main() {}
