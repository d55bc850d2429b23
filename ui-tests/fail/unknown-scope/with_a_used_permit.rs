scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.reed as permit)]
fn list() -> Option<String> {
    let subject: Option<&str> = permit.subject();
    subject.map(str::to_owned)
}

fn main() {}
