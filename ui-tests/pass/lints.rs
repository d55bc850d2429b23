#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, missing_debug_implementations)]
#![deny(
    rust_2018_idioms,
    nonstandard_style,
    future_incompatible,
    let_underscore_drop,
    unused,
    elided_lifetimes_in_paths
)]
#![deny(missing_copy_implementations, single_use_lifetimes, trivial_casts, unused_lifetimes, unused_results)]
#![forbid(unsafe_code)]
//! The generated code does not raise a lint in the user's crate.

scopes::scopes! {
    /// Documented by the crate that declares it.
    pub mod api;
    routes;
    base "/api";
    tenant environmentId;
    environment.apiTokens.read { GET "/environments/:environmentId/apiTokens"; }
    #[deprecated = "use environment.apiTokens.read"]
    environment.old_tokens.read { GET "/environments/:environmentId/apiTokens"; }
    camelCase.write;
    all.read includes *.read;
}

scopes::scopes! {
    mod unused_module;
    routes;
    users.read { GET "/users"; }
}

/// A handler.
#[scopes::requires(any(api::environment.apiTokens.read, api::environment.old_tokens.read))]
pub async fn list() {}

/// A handler that knows who calls.
#[scopes::requires(api::camelCase.write as permit)]
pub fn write(_number: u8) -> bool {
    permit.subject().is_some()
}

/// A function with a request.
#[scopes::requires(api::all.read)]
pub fn all(#[grant] request: &http::Request<()>) -> Result<usize, scopes::Denied> {
    Ok(request.uri().path().len())
}

fn main() {}
