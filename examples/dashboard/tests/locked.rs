//! The rights of tokens and of people change on purpose only: both catalogues have a lock file.

use ::dashboard::catalogue::api;
use ::dashboard::session_catalogue::dashboard;

// For `scopes lock`, when a change is meant.
scopes::export::catalogue_file!(fn write_api, api, "target/scopes/api.json");
scopes::export::catalogue_file!(fn write_dashboard, dashboard, "target/scopes/dashboard.json");

#[test]
fn rights_change_on_purpose() {
    scopes::assert_locked!("api.scopes.json");
    scopes::assert_locked!("dashboard.scopes.json");
}
