//! `picker.json`: the scopes as the field of the form shows them.

use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use scopes::export::picker::{Access, Options, Picker, PickerError};

use super::session::Visitor;
use super::trouble::Trouble;
use crate::catalogue::api;

/// What the catalogue does not say.
pub(super) fn options() -> Options {
    Options::new()
        .documentation("/docs/permissions")
        .group("waas", "WaaS")
        // A query that is sent as a body.
        .access("environment.balances.read", Access::Read)
        .preset("User import", ["environment.users.read", "environment.users.write"])
        .preset("Monitoring", ["environment.events.read", "environment.analytics.read"])
}

/// The facts for a person.
pub(super) fn picker(visitor: &Visitor) -> Result<Picker<'static>, Trouble> {
    let names = visitor.may_give.scopes().iter().map(|scope| scope.as_str().to_owned());
    Picker::new(api::CATALOGUE.untyped(), &options().issuer(names)).map_err(|error| {
        tracing::error!(%error, "picker.json cannot be made");
        Trouble::Internal
    })
}

pub(super) async fn for_visitor(visitor: Visitor) -> Result<impl IntoResponse, Trouble> {
    Ok(([(header::CONTENT_TYPE, "application/json")], picker(&visitor)?.to_json()))
}

/// The file for any issuer, which is public like the documentation.
pub(crate) async fn picker_json() -> Response {
    static FILE: LazyLock<Result<String, PickerError>> =
        LazyLock::new(|| Ok(Picker::new(api::CATALOGUE.untyped(), &options())?.to_json()));
    match &*FILE {
        Ok(file) => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
            (headers, file.as_str()).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "picker.json cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_fit_the_catalogue() {
        Picker::new(api::CATALOGUE.untyped(), &options()).unwrap();
    }
}
