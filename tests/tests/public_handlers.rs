//! No spelling of a guarded route's path reaches a public handler of actix-web or rocket.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a handler's arguments are what the framework gives")]

use scopes::Authenticate;
use scopes_tests::tokens;

scopes::scopes! {
    pub mod api;
    tenant account;
    public("the site") { GET "/{*page}"; }
    logs.read { #[global("the same for all")] GET "/logs/{file}"; }
    reports.read { #[global("the same for all")] GET "/reports/{*file}"; }
    notes.read { #[unbound("the handler compares the owner")] GET "/notes/{id}"; }
    users.read { GET "/accounts/{account}/users"; }
}

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate("E1", &[("none", ""), ("logs", "logs.read"), ("notes", "notes.read")])
}

/// A target that is longer than the limit only because of its query.
fn long() -> String {
    format!("/logs/q?{}", "x".repeat(8300))
}

mod on_rocket {
    use std::path::PathBuf;

    use rocket::http::{Header, Method};
    use rocket::local::blocking::Client;
    use rocket::{Build, Config, Rocket, get, head, routes};

    use super::{Authenticate, api, authenticate, long, tokens};

    #[get("/<page..>")]
    fn page(page: PathBuf) -> String {
        format!("PAGE {}", page.display())
    }

    #[head("/<_..>")]
    fn page_head() {}

    #[scopes::requires(api::logs.read)]
    #[get("/logs/<file>", rank = 1)]
    fn log(file: &str) -> String {
        format!("LOG {file}")
    }

    fn server() -> Rocket<Build> {
        rocket::custom(Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() })
    }

    fn send(client: &Client, method: Method, target: &str, token: &str) -> (u16, String) {
        let mut request = client.req(method, target.to_owned());
        if !token.is_empty() {
            request.add_header(Header::new("authorization", format!("Bearer {token}")));
        }
        let response = request.dispatch();
        (response.status().code, response.into_string().unwrap_or_default())
    }

    /// Checks that the page answers none of these.
    fn never_the_page(targets: &[&str]) {
        let client = Client::untracked(server().mount("/", routes![page]).attach(authenticate())).unwrap();
        assert_eq!(send(&client, Method::Get, "/about", ""), (200, "PAGE about".into()));
        let reached =
            targets.iter().map(|target| (target.get(..24).unwrap_or(target), send(&client, Method::Get, target, "")));
        let reached: Vec<_> = reached.filter(|(_, answer)| answer.1.starts_with("PAGE")).collect();
        assert_eq!(reached, []);
    }

    #[test]
    fn a_target_beyond_the_limit() {
        never_the_page(&[&long(), &long().replace("logs", "%6Cogs")]);
    }

    #[test]
    fn dot_segments() {
        never_the_page(&["/x/../logs/q", "/x/%2e%2e/logs/q", "/x/../reports/q", "/reports/../logs/q"]);
    }

    #[test]
    fn a_slash_at_the_end() {
        never_the_page(&["/logs/q/", "/%6Cogs/q/", "//logs//q/", "/accounts/E2/users/", "/notes/7/"]);
    }

    #[test]
    fn a_refused_head_runs_no_other_handler() {
        let client = Client::untracked(server().mount("/", routes![page, page_head]).attach(authenticate())).unwrap();
        assert_eq!(send(&client, Method::Head, "/about", "").0, 200);
        assert_eq!(send(&client, Method::Head, "/logs/q", "").0, 401);
    }

    #[test]
    fn the_last_fairing_counts_where_the_first_knows_nothing() {
        let knows_none: Authenticate<api::Scope> = tokens::authenticate("E1", &[]);
        let server = server().mount("/", routes![log]).attach(knows_none).attach(authenticate());
        let client = Client::untracked(server).unwrap();
        assert_eq!(send(&client, Method::Get, "/logs/q", "logs"), (200, "LOG q".into()));
    }

    #[test]
    fn an_unbound_route_by_a_path_with_empty_segments() {
        let client = Client::untracked(server().mount("/", routes![page]).attach(authenticate())).unwrap();
        assert_eq!(send(&client, Method::Get, "/%6Eotes/7", "notes").0, 404);
        assert_eq!(send(&client, Method::Get, "//notes/7", "notes").0, 404);
    }
}

mod on_actix_web {
    use actix_web::body::MessageBody;
    use actix_web::dev::{Service, ServiceResponse};
    use actix_web::middleware::NormalizePath;
    use actix_web::test::{TestRequest, init_service, read_body};
    use actix_web::{App, Error, web};

    use super::{Authenticate, api, authenticate, long, tokens};

    async fn page(page: web::Path<String>) -> String {
        format!("PAGE {page}")
    }

    #[scopes::requires(api::logs.read)]
    async fn log(file: web::Path<String>) -> String {
        format!("LOG {file}")
    }

    fn request(target: &str, token: &str) -> TestRequest {
        let request = TestRequest::with_uri(target);
        if token.is_empty() { request } else { request.insert_header(("authorization", format!("Bearer {token}"))) }
    }

    async fn send<S, Q, B>(app: &S, request: Q) -> (u16, String)
    where
        S: Service<Q, Response = ServiceResponse<B>, Error = Error>,
        B: MessageBody,
    {
        let response = app.call(request).await.unwrap();
        let status = response.status().as_u16();
        (status, String::from_utf8(read_body(response).await.to_vec()).unwrap())
    }

    /// Checks that the page answers none of these.
    async fn never_the_page(targets: &[&str]) {
        let app = init_service(App::new().route("/{tail:.*}", web::get().to(page)).wrap(authenticate())).await;
        assert_eq!(send(&app, request("/about", "").to_request()).await, (200, "PAGE about".into()));
        let mut reached = Vec::new();
        for target in targets {
            let answer = send(&app, request(target, "").to_request()).await;
            if answer.1.starts_with("PAGE") {
                reached.push((target.get(..24).unwrap_or(target), answer));
            }
        }
        assert_eq!(reached, []);
    }

    #[actix_web::test]
    async fn a_target_beyond_the_limit() {
        never_the_page(&[&long(), &long().replace("logs", "%6Cogs")]).await;
    }

    #[actix_web::test]
    async fn dot_segments_and_escaped_slashes() {
        never_the_page(&["/logs%2Fq", "/x/../logs/q", "/x/%2e%2e/logs/q", "/./logs/q", "/x/../reports/q"]).await;
    }

    #[actix_web::test]
    async fn a_slash_that_a_middleware_inside_removes() {
        let app = App::new().route("/{tail:.*}", web::get().to(page));
        let app = init_service(app.wrap(NormalizePath::trim()).wrap(authenticate())).await;
        assert_eq!(send(&app, request("/logs/q", "").to_request()).await.0, 401);
        assert_eq!(send(&app, request("/logs/q/", "").to_request()).await.0, 401);
    }

    /// The outer layer cannot know that there is another layer inside.
    #[actix_web::test]
    async fn two_layers_for_one_catalogue_both_judge() {
        let knows_none = || -> Authenticate<api::Scope> { tokens::authenticate("E1", &[]) };
        let app = App::new().route("/logs/{file}", web::get().to(log)).wrap(authenticate()).wrap(knows_none());
        assert_eq!(send(&init_service(app).await, request("/logs/q", "logs").to_request()).await.0, 401);
        let app = App::new().route("/logs/{file}", web::get().to(log)).wrap(knows_none()).wrap(authenticate());
        assert_eq!(send(&init_service(app).await, request("/logs/q", "logs").to_request()).await.0, 401);
    }
}
