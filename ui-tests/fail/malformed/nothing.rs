scopes::scopes! {}

fn main() {}
