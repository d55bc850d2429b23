scopes::scopes! {
    pub mod api;
    users.write { psot "/users"; }
}

fn main() {}
