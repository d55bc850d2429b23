//! The member `x-scopes`: what the document needs so that it can be read back without a loss.

use scopes_core::{Access, Route, Tenancy, UntypedCatalogue};
use serde::Serialize;

use crate::json::{DeprecatedEntry, Head, RouteEntry, any_of};

/// What the document's own member says: the catalogue without its routes, and the routes that
/// `paths` cannot say.
#[derive(Serialize)]
pub(crate) struct Root<'c> {
    #[serde(flatten)]
    head: Head<'c>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) routes: Vec<UnsaidEntry<'c>>,
}

/// A route that is in no path.
#[derive(Serialize)]
pub(super) struct UnsaidEntry<'c> {
    method: &'c str,
    #[serde(flatten)]
    extension: Extension<'c>,
}

impl<'c> Root<'c> {
    pub(crate) fn of(catalogue: &'c UntypedCatalogue) -> Self {
        Self { head: Head::of(catalogue), routes: Vec::new() }
    }

    pub(crate) fn keep(&mut self, route: Route<'c>) {
        let extension = Extension::of(route, Visible { path: "", name: "", description: "" });
        self.routes.push(UnsaidEntry { method: route.method(), extension });
    }
}

/// What an operation says about a route in its own members.
#[derive(Clone, Copy)]
pub(crate) struct Visible<'v> {
    pub(crate) path: &'v str,
    pub(crate) name: &'v str,
    /// Without the block that shows the scopes.
    pub(crate) description: &'v str,
}

/// The member of an operation.
#[derive(Serialize)]
pub(crate) struct Extension<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'c str>,
    #[serde(flatten)]
    access: AccessEntry<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    global: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unbound: Option<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    raw: Vec<&'c str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    trailing_slash: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    deprecated: Option<DeprecatedEntry<'c>>,
}

/// What the route demands: exactly one member.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum AccessEntry<'c> {
    AnyOf(Vec<Vec<&'c str>>),
    Public(&'c str),
    Authenticated(&'c str),
    External(&'c str),
}

impl<'c> Extension<'c> {
    pub(crate) fn of(route: Route<'c>, visible: Visible<'_>) -> Self {
        let entry = RouteEntry::of(route);
        let access = match route.access() {
            Access::Scoped => AccessEntry::AnyOf(any_of(route.catalogue(), route)),
            Access::Public(reason) => AccessEntry::Public(reason),
            Access::Authenticated(reason) => AccessEntry::Authenticated(reason),
            Access::External(reason) => AccessEntry::External(reason),
        };
        let tenant = route.tenant_parameter().filter(|_| route.tenancy() == Tenancy::Bound);
        Self {
            path: Some(entry.path).filter(|path| *path != visible.path),
            name: Some(entry.name).filter(|name| *name != visible.name),
            description: Some(entry.description).filter(|description| *description != visible.description),
            access,
            tenant: tenant.map(scopes_core::Parameter::name),
            global: entry.global,
            unbound: entry.unbound,
            raw: entry.raw,
            trailing_slash: entry.trailing_slash,
            deprecated: entry.deprecated,
        }
    }
}
