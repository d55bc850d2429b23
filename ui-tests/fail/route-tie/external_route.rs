scopes::scopes! {
    pub mod api;
    tokens.write;
    external("dashboard session") { POST "/user/tokens"; }
}

#[scopes::requires(api::tokens.write, POST "/user/tokens")]
fn create() {}

fn main() {}
