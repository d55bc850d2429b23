//! The answer of routes that have no function yet: how the server understood the request.

use std::collections::BTreeMap;

use axum::Json;
use scopes::{Permit, Required};
use serde::Serialize;

use crate::catalogue::api;

/// Route, scopes and parameters of a request that the guard has let through.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    route: &'static str,
    scope: String,
    parameters: BTreeMap<&'static str, String>,
}

impl Answer {
    /// Reads the answer from the permit.
    pub(crate) fn of<R: Required<Scope = api::Scope>>(permit: &Permit<R>) -> Json<Self> {
        let (route, scope) = match permit.route() {
            Some(route) => (route.name(), route.requirement().display(route.catalogue()).to_string()),
            // A permit without a request, which handlers do not get.
            None => Default::default(),
        };
        let parameters = permit.parameters().map(|(name, value)| (name, value.into_owned())).collect();
        Json(Self { route, scope, parameters })
    }
}
