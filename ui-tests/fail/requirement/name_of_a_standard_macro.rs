scopes::scopes! {
    pub mod api;
    write.all;
}

#[scopes::requires(write.all)]
fn list() {}

fn main() {}
