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
}

// The use does not raise a lint, because the server must continue to serve the route.
#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

#[scopes::requires(api::members.read)]
fn members() {}

fn main() {
    let _ = (list, members);
    let route = api::CATALOGUE.route(&http::Method::GET, "/users").unwrap();
    assert_eq!(route.deprecated(), Some("use /people"));
    let route = api::CATALOGUE.route(&http::Method::GET, "/people").unwrap();
    assert_eq!(route.deprecated(), None);
}
