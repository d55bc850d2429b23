// The generated code does not use the user's own `Option`, `Result`, `Ok`, `Err` and `vec!`.
#![allow(dead_code, unused_macros, reason = "names that generated code must not meet")]

struct Option;
struct Result;
struct Some;
struct Ok;
struct Err;
struct String;
trait Iterator {}
trait From {}
macro_rules! compile_error {
    ($($tokens:tt)*) => {};
}
macro_rules! unreachable {
    ($($tokens:tt)*) => {};
}

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

#[scopes::requires(api::users.read)]
fn list_of_a_carrier(#[grant] request: http::Request<()>) -> std::result::Result<(), scopes::Denied> {
    let _ = request;
    std::result::Result::Ok(())
}

fn main() {
    let _ = (list, list_of_a_carrier);
}
