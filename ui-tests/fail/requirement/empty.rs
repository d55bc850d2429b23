#[scopes::requires()]
fn list() {}

fn main() {}
