//! A second user of the catalogue: jobs, which have a grant and no request.

use catalogue::api;
use scopes::{Denied, requires};

#[requires(api::reports.export, from = grant)]
pub fn export(grant: &api::Grant) -> Result<&'static str, Denied> {
    Ok("reports")
}

#[requires(any(api::reports.export, api::all.read), from = grant, unbound = "the reports of all tenants")]
pub fn export_or_read(grant: &api::Grant) -> Result<&'static str, Denied> {
    Ok("reports")
}
