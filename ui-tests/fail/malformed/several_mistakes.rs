// The compiler reports all mistakes in one run, each at its place.
scopes::scopes! {
    pub mod api;
    users.read { get "/users"; GET "people"; }
    users.write includes user.read;
    users.read;
    all(users.write) { POST "/users//all"; }
}

fn main() {}
