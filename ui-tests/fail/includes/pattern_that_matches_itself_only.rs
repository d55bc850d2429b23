scopes::scopes! {
    pub mod api;
    users.write { POST "/users"; }
    all.read includes *.read;
}

fn main() {}
