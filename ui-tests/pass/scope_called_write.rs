use std::fmt::Write as _;

scopes::scopes! {
    pub mod api;
    write { POST "/everything"; }
    println;
    vec.read { GET "/vectors"; }
    assert.panic;
    matches { GET "/matches"; }
}

use api::*;

#[scopes::requires(api::write, POST "/everything")]
fn everything() {}

#[scopes::requires(any(api::vec.read, api::println, api::assert.panic, api::matches))]
fn several() {}

fn main() {
    // The macros of the standard library still work.
    let mut text = String::new();
    write!(text, "{}", vec![1, 2].len()).unwrap();
    if text.is_empty() {
        println!("{text}");
    }
    assert!(matches!(text.as_str(), "2"));
    let _ = (everything, several);
    assert_eq!(Scope::Write.as_str(), "write");
    assert_eq!(vec::read, Scope::VecRead);
}
