scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
enum Users {}

fn main() {
    let _: Option<Users> = None;
}
