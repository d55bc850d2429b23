struct Handler {
    permit: scopes::Permit<u8>,
}

fn main() {}
