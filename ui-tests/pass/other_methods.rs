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

// HEAD is answered by the route of GET where it has none of its own.
#[scopes::requires(api::users.read, HEAD "/people")]
fn head() {}

fn main() {
    let _ = (purge, properties, head);
    let search = http::Method::from_bytes(b"M-SEARCH").unwrap();
    assert!(api::CATALOGUE.at(&search, "/cache").is_ok());
}
