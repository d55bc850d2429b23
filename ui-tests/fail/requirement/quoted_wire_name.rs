scopes::scopes! {
    pub mod api;
    "legacy:status" { GET "/status"; }
}

#[scopes::requires(api::"legacy:status")]
fn list() {}

fn main() {}
