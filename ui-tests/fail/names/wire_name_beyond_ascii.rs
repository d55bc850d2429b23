scopes::scopes! {
    pub mod api;
    "usagers.créer" { POST "/users"; }
}

fn main() {}
