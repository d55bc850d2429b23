// Route attributes of frameworks. Here tool attributes replace them.
scopes::scopes! {
    pub mod api;
    base "/api/v0";
    users.read { GET "/users"; GET "/users/:userId"; GET "/files/{*path}"; }
    users.write { POST "/users"; }
    root.read { GET "/"; }
}

#[scopes::requires(api::users.read)]
#[rust_analyzer::get("/users")]
fn list() {}

#[rust_analyzer::get("/users/{id}")]
#[scopes::requires(api::users.read)]
fn above() {}

#[scopes::requires(api::users.read)]
#[rust_analyzer::get("/<id>?<page>", rank = 2)]
fn of_rocket() {}

#[scopes::requires(api::users.read, prefix = "/api/v0")]
#[rust_analyzer::get("/users/{id:[0-9]+}", name = "user")]
fn of_actix() {}

#[scopes::requires(api::users.read, GET "/files/{*path}")]
#[rust_analyzer::get("/files/<path..>")]
fn tied() {}

#[scopes::requires(api::users.write)]
#[rust_analyzer::path(post, path = "/users", responses((status = 201)))]
fn of_utoipa() {}

#[scopes::requires(api::users.read, unchecked_route("behind a rewriting proxy"))]
#[rust_analyzer::get("/somewhere/else")]
fn unchecked() {}

#[scopes::requires(api::users.read, stricter)]
#[rust_analyzer::get("/users")]
fn stricter() {}

#[scopes::requires(api::users.read)]
#[rust_analyzer::route("/users", method = "GET", method = "HEAD")]
#[rustfmt::skip]
fn of_two_methods() {}

fn main() {
    let _ = (list, above, of_rocket, of_actix, tied, of_utoipa, unchecked, stricter, of_two_methods);
}
