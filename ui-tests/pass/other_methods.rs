scopes::scopes! {
    pub mod api;
    cache.write {
        "PURGE" "/cache";
        "M-SEARCH" "/cache";
        "PROPFIND" "/cache/{*path}" as properties;
    }
    users.read { GET "/users"; HEAD "/users"; OPTIONS "/users"; TRACE "/users"; "GET" "/people"; }
    users.write { POST "/users"; PUT "/users"; PATCH "/users"; DELETE "/users"; }
}

#[scopes::requires(api::cache.write, "PURGE" "/cache")]
fn purge() {}

#[scopes::requires(api::cache.write, PROPFIND "/cache/{*rest}")]
fn properties() {}

// The route of GET answers HEAD if HEAD does not have its own route.
#[scopes::requires(api::users.read, HEAD "/people")]
fn head() {}

fn main() {
    let _ = (purge, properties, head);
    let search = http::Method::from_bytes(b"M-SEARCH").unwrap();
    assert!(api::CATALOGUE.at(&search, "/cache").is_ok());
}
