//! The answer of a route that has nothing of its own to tell yet: how the request was understood.

use std::collections::BTreeMap;

use axum::Json;
use scopes::{Permit, Required};
use serde::Serialize;

use crate::catalogue::api;

/// Route, scopes and parameters of a request that was let in.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    route: &'static str,
    scope: String,
    parameters: BTreeMap<&'static str, String>,
}

impl Answer {
    /// What the permit says.
    pub(crate) fn of<R: Required<Scope = api::Scope>>(permit: &Permit<R>) -> Json<Self> {
        let (route, scope) = match permit.route() {
            Some(route) => (route.name(), route.requirement().display(route.catalogue()).to_string()),
            // A permit that came without a request: none of a handler's.
            None => Default::default(),
        };
        let parameters = permit.parameters().map(|(name, value)| (name, value.into_owned())).collect();
        Json(Self { route, scope, parameters })
    }
}
