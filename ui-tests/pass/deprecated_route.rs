#![deny(warnings)]

scopes::scopes! {
    pub mod api;
    users.read {
        #[deprecated = "use /people"]
        GET "/users";
        #[deprecated(since = "2.0", note = "use /people")]
        GET "/members";
        #[deprecated]
        GET "/folk";
        GET "/people";
    }
    #[deprecated = "use users.read"]
    members.read;
    #[deprecated(since = "2026-11-01", sunset = "2027-05-01", use = users.read, note = "one scope is enough")]
    "folk:read" {
        GET "/folk/all";
        #[deprecated(use = "users.read")]
        GET "/folk/:folk" as a_folk;
    }
    #[deprecated(use = users.read)]
    folk;
}

// The use does not raise a lint, because the server must continue to serve the route.
#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

#[scopes::requires(api::members.read)]
fn members() {}

#[scopes::requires(api::folk.read, GET "/folk/all")]
fn folk() {}

// Code that reads about the scope may name it.
#[allow(deprecated)]
fn main() {
    let _ = (list, members, folk);
    let route = api::CATALOGUE.route(&http::Method::GET, "/users").unwrap();
    assert_eq!(route.deprecated(), Some("use /people"));
    let route = api::CATALOGUE.route(&http::Method::GET, "/people").unwrap();
    assert_eq!(route.deprecated(), None);
    let scope = api::Scope::FolkRead.info().deprecation().unwrap();
    assert_eq!(scope.reason(), "one scope is enough");
    assert_eq!(scope.since().unwrap().to_string(), "2026-11-01");
    assert_eq!(scope.sunset().unwrap().to_string(), "2027-05-01");
    assert_eq!(scope.successor().unwrap().name(), "users.read");
    let all = api::CATALOGUE.route(&http::Method::GET, "/folk/all").unwrap();
    assert!(all.deprecation().is_none());
    assert_eq!(all.effective_deprecation().unwrap().sunset(), scope.sunset());
}
