//! Calls the function itself with the lines of `try.txt`.

#[path = "../../tested.rs"]
mod tested;

use lambda_http::http;
use scopes::{Authenticate, verifier_fn};

#[test]
fn the_lines_to_try_say_what_is_answered() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let authenticate = Authenticate::<super::api::Scope>::new(verifier_fn(super::verify));
    tested::each(|tried| {
        let request = http::Request::builder().method(tried.method).uri(tried.path);
        let request = tried.header.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(tried.body.into()).unwrap();
        let answer = runtime.block_on(authenticate.around(request, super::handle)).unwrap();
        (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
    });
}
