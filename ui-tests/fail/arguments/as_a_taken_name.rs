scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read as id)]
fn show(id: u32) -> u32 {
    id
}

fn main() {}
