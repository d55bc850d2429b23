//! Locks the catalogues, so that the rights of tokens and of people change only on purpose.

use ::dashboard::catalogue::api;
use ::dashboard::page::catalogue::pages;
use ::dashboard::session_catalogue::dashboard;

// Write the files from which `scopes lock` updates the locks after an intended change.
scopes::export::catalogue_file!(fn write_api, api, "target/scopes/api.json");
scopes::export::catalogue_file!(fn write_dashboard, dashboard, "target/scopes/dashboard.json");
scopes::export::catalogue_file!(fn write_pages, pages, "target/scopes/pages.json");

#[test]
fn rights_change_on_purpose() {
    scopes::assert_locked!("api.scopes.json");
    scopes::assert_locked!("dashboard.scopes.json");
    scopes::assert_locked!("pages.scopes.json");
}
