// All are reported in one run, each where it is.
scopes::scopes! {
    pub mod api;
    users.read { get "/users"; GET "people"; }
    users.write includes user.read;
    users.read;
    all(users.write) { POST "/users//all"; }
}

fn main() {}
