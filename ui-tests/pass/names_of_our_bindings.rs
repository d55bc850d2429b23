// Items with the names that a carrier's check might bind.
use scopes::{Denied, requires};

scopes::scopes! {
    pub mod api;
    loans.permit { GET "/loans"; }
    loans.denied { GET "/loans/denied"; }
}

use api::loans::*;

#[requires(api::loans.denied)]
fn list(#[grant] request: http::Request<()>) -> Result<api::Scope, Denied> {
    drop(request);
    Ok([permit, denied][0])
}

fn main() {
    assert!(list(http::Request::new(())).is_err());
}
