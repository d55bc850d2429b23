//! Paths that actix-web reads in its own way: decoded, with slashes folded, by patterns, below
//! another mount.

use actix_web::middleware::NormalizePath;

use super::*;

/// How a router that decodes reads a path.
#[actix_web::test]
async fn decoded_paths() {
    let app = init_service(App::new().configure(routes).wrap(authenticate())).await;
    let users = "/api/environments/e1/users";
    ask!(
        app,
        [
            // A guard that compares the raw path reads these as `{user}`.
            ("GET", "/api/environments/e1/users/export", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/%65xport", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/expor%74", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/%65xport", "all", 200, "EXPORT"),
            ("GET", "/api/environments/e1/users/Export", "reader", 200, "show e1 Export"),
            ("GET", "/api/environments/e1/%75sers/u1", "reader", 200, "show e1 u1"),
            ("GET", "/api/environments/%65%32/users", "reader", 403, ""),
            // An escape in the base: the raw path does not begin with the base.
            ("GET", "/%61pi/environments/e1/users", "reader", 404, ""),
            ("GET", "/%61pi/environments/e1/users", "", 401, ""),
            // G2 to G5.
            ("GET", "/api/environments/e1%2Fx/users", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/a%2Fb", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/a%252Fb", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/a;b", "", 400, ""),
            ("GET", "/api/environments/e1/users/..", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/%2e%2e", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/%ff", "reader", 400, ""),
            ("GET", "/api/environments/e1/files/a/../b", "all", 400, ""),
            ("GET", "/api/environments/e1/users/", "reader", 404, ""),
            ("GET", "/api/environments//users", "reader", 404, ""),
        ]
    );
    let long = format!("{users}?{}", "x".repeat(8200));
    ask!(app, [("GET", &*long, "reader", 414, "")]);
}

#[actix_web::test]
async fn slashes_normalised_in_front() {
    let app = App::new().configure(routes).wrap(authenticate()).wrap(NormalizePath::trim());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users/", "reader", 200, "list e1"),
            ("GET", "/api//environments/e1//users/u1", "reader", 200, "show e1 u1"),
            ("GET", "/api/environments//e2/users", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/export/", "reader", 403, ""),
            ("GET", "/api/environments/e1//%65xport", "reader", 404, ""),
        ]
    );
}

/// Patterns that are wider than the catalogue's templates: the extra paths are refused.
#[actix_web::test]
async fn patterns_that_take_other_segments_than_their_template() {
    async fn shown(_: Permit<api::permits::UsersRead>, path: web::Path<(String, String)>) -> String {
        path.0.clone()
    }
    let greedy = App::new()
        .route("/api/environments/{environment:.+}/users/{user}", web::get().to(shown))
        .route("/api/environments/{environment:.+}/files/{path:.*}", web::get().to(shown))
        .wrap(authenticate());
    let greedy = init_service(greedy).await;
    ask!(
        greedy,
        [
            ("GET", "/api/environments/e1/users/u1", "reader", 200, "e1"),
            ("GET", "/api/environments/e1/users/users/u1", "reader", 404, ""),
            ("GET", "/api/environments/e1/x/users/u1", "reader", 404, ""),
            ("GET", "/api/environments/e1/files/a/b", "reader", 200, "e1"),
            // By the template the tenant is `e1`, but the handler gets `e1/files`.
            ("GET", "/api/environments/e1/files/files/a", "reader", 404, ""),
        ]
    );
    // Two patterns for one resource: actix-web reports the first one, whichever matched.
    let patterns = ["/api/environments/{environment}/users/{user:\\d+}", "/api/{user}/{environment}/users/x"];
    let two = init_service(App::new().service(web::resource(patterns).to(shown)).wrap(authenticate())).await;
    ask!(
        two,
        [
            ("GET", "/api/environments/e1/users/7", "reader", 200, "e1"),
            ("GET", "/api/environments/e1/users/x", "reader", 404, ""),
            ("GET", "/api/e2/e1/users/x", "reader", 404, ""),
        ]
    );
}

#[actix_web::test]
async fn handlers_that_demand_something_else_than_their_route() {
    async fn exported(_: Permit<api::permits::UsersExport>) -> &'static str {
        "EXPORT"
    }
    let app = App::new()
        .route("/api/environments/{environment}/users", web::get().to(exported))
        .route("/api/undeclared", web::get().to(exported))
        .route("/api/health", web::get().to(exported))
        .wrap(authenticate());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "all", 500, ""),
            ("GET", "/api/undeclared", "all", 500, ""),
            ("GET", "/api/health", "all", 500, ""),
        ]
    );
}

#[actix_web::test]
async fn mounted_elsewhere() {
    let api = web::scope("/v9/environments/{id}").service(list).service(show);
    let app = App::new().service(api).wrap(authenticate().settings(scopes::Settings::new().mounted_at("/v9").unwrap()));
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/v9/environments/e1/users", "reader", 200, "list e1"),
            ("GET", "/v9/environments/e2/users", "reader", 403, ""),
            ("GET", "/api/environments/e1/users", "reader", 404, ""),
        ]
    );
}
