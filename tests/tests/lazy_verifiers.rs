//! If a route does not need a caller, the verifier runs only if the handler asks. This is tested on
//! frameworks whose extractors can wait: actix-web, poem, salvo, rocket. axum has its own tests.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scopes::{Verifier, VerifyError};

mod shop {
    scopes::scopes! {
        pub mod api;
        orders.read { GET "/orders"; }
        public("start page") { GET "/"; GET "/start"; }
        public("knows its customers") { GET "/greeting"; }
    }
}

use shop::api::{self, Grant};

/// A verifier that counts its calls. It fails for `down`.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Verifier<api::Scope> for Counting {
    async fn verify(&self, token: &str) -> Result<Option<Grant>, VerifyError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        match token {
            "reader" => Ok(Some(Grant::new(api::Scope::OrdersRead))),
            "down" => Err(VerifyError::new("the store is away")),
            _ => Ok(None),
        }
    }
}

/// Path, token, status, number of calls of the verifier.
const CASES: [(&str, &str, u16, usize); 9] = [
    ("/start", "reader", 200, 0),
    ("/start", "down", 200, 0),
    ("/start", "unknown", 200, 0),
    ("/greeting", "reader", 200, 1),
    ("/greeting", "unknown", 401, 1),
    ("/greeting", "down", 503, 1),
    ("/orders", "reader", 200, 1),
    ("/orders", "unknown", 401, 1),
    ("/orders", "down", 503, 1),
];

fn check(counting: &Counting, framework: &str, mut status: impl FnMut(&str, &str) -> u16) {
    for (path, token, expected, asked) in CASES {
        assert_eq!(status(path, token), expected, "{framework}: {path} {token}");
        assert_eq!(counting.0.swap(0, Ordering::SeqCst), asked, "{framework}: {path} {token}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

mod in_actix_web {
    use actix_web::{App, test, web};
    use scopes::{Authenticate, Carrier};

    use super::*;

    async fn start() -> &'static str {
        "start"
    }

    async fn greeting(grant: Grant, again: api::Caller) -> String {
        format!("{} {}", grant.scopes(), again.grant().is_some())
    }

    #[scopes::requires(api::orders.read)]
    async fn orders() -> &'static str {
        "orders"
    }

    /// A handler that asks for the caller without waiting.
    async fn at_once(request: actix_web::HttpRequest) -> actix_web::HttpResponse {
        match Carrier::<api::Scope>::caller(&request) {
            Ok(_) => actix_web::HttpResponse::Ok().finish(),
            Err(denied) => actix_web::ResponseError::error_response(&denied),
        }
    }

    fn request(path: &str, token: &str) -> test::TestRequest {
        let request = test::TestRequest::get().uri(path);
        if token.is_empty() { request } else { request.insert_header(("authorization", format!("Bearer {token}"))) }
    }

    #[actix_web::test]
    async fn without_a_gate() {
        let counting = Counting::default();
        let app = App::new()
            .route("/start", web::get().to(start))
            .route("/greeting", web::get().to(greeting))
            .route("/orders", web::get().to(orders))
            .route("/", web::get().to(at_once))
            .wrap(Authenticate::new(counting.clone()));
        let app = test::init_service(app).await;
        for (path, token, expected, asked) in CASES {
            let status = test::call_service(&app, request(path, token).to_request()).await.status().as_u16();
            assert_eq!(status, expected, "{path} {token}");
            assert_eq!(counting.0.swap(0, Ordering::SeqCst), asked, "{path} {token}");
        }
        // A handler that cannot wait gets an error. It never treats a known caller as an unknown
        // one.
        assert_eq!(test::call_service(&app, request("/", "reader").to_request()).await.status(), 500);
        assert_eq!(test::call_service(&app, request("/", "").to_request()).await.status(), 200);
        assert_eq!(counting.0.load(Ordering::SeqCst), 0);
    }

    mod shadowed {
        scopes::scopes! {
            pub mod api;
            orders.read { GET "/orders/{id}"; }
            public("an example") { GET "/orders/example"; GET "/probe"; }
        }
    }

    /// actix-web takes the pattern that was registered first, and its permit cannot wait. So the
    /// verifier is also called for each target that a scoped route matches too.
    #[actix_web::test]
    async fn a_scoped_pattern_before_a_public_one() {
        use scopes::verifier_fn;
        use shadowed::api;
        #[scopes::requires(api::orders.read)]
        async fn order() -> &'static str {
            "order"
        }
        let verify =
            |token: String| async move { Ok((token == "reader").then(|| api::Grant::new(api::Scope::OrdersRead))) };
        let app = App::new()
            .route("/orders/{id}", web::get().to(order))
            .route("/orders/example", web::get().to(start))
            .route("/probe", web::get().to(start))
            .wrap(Authenticate::<api::Scope>::new(verifier_fn(verify)));
        let app = test::init_service(app).await;
        for (path, token, expected) in [
            ("/orders/7", "reader", 200),
            ("/orders/example", "reader", 200),
            ("/orders/%65xample", "reader", 200),
            ("/orders/example", "unknown", 401),
            ("/orders/%65xample", "unknown", 401),
            ("/orders/%65xample", "", 401),
            ("/probe", "unknown", 200),
            ("/%70robe", "unknown", 200),
        ] {
            let status = test::call_service(&app, request(path, token).to_request()).await.status();
            assert_eq!(status, expected, "{path} {token}");
        }
    }
}

mod in_poem {
    use poem::{Endpoint, EndpointExt, Request, Route, get, handler};
    use scopes::poem::{Authenticate, Gate};

    use super::*;

    #[handler]
    fn start() -> &'static str {
        "start"
    }

    #[handler]
    fn greeting(_: Grant) -> &'static str {
        "hello"
    }

    #[scopes::requires(api::orders.read)]
    #[handler]
    fn orders() -> &'static str {
        "orders"
    }

    #[test]
    fn with_and_without_a_gate() {
        for is_gated in [false, true] {
            let counting = Counting::default();
            let gate = || Gate::<api::Scope>::new();
            let routes = if is_gated {
                Route::new()
                    .at("/start", get(start).with(gate()))
                    .at("/greeting", get(greeting).with(gate()))
                    .at("/orders", get(orders).with(gate()))
            } else {
                Route::new().at("/start", get(start)).at("/greeting", get(greeting)).at("/orders", get(orders))
            };
            let app = routes.with(Authenticate::new(counting.clone()));
            let runtime = runtime();
            check(&counting, "poem", |path, token| {
                let request =
                    Request::builder().uri_str(path).header("authorization", format!("Bearer {token}")).finish();
                runtime.block_on(app.get_response(request)).status().as_u16()
            });
        }
    }
}

mod in_salvo {
    use salvo_core::conn::{Acceptor, Listener, TcpListener};
    use salvo_core::prelude::*;
    use scopes::salvo::{Authenticate, Gate};
    use scopes_tests::client::{Client, Request as Sent};

    use super::*;

    #[handler]
    async fn start() -> &'static str {
        "start"
    }

    #[handler]
    async fn greeting(grant: Grant) -> String {
        grant.scopes().to_string()
    }

    #[scopes::requires(api::orders.read)]
    #[handler]
    async fn orders() -> &'static str {
        "orders"
    }

    #[test]
    fn with_and_without_a_gate() {
        for is_gated in [false, true] {
            let counting = Counting::default();
            let router = Router::new().hoop(Authenticate::new(counting.clone()));
            let router = if is_gated { router.hoop(Gate::<api::Scope>::new()) } else { router };
            let router = router
                .push(Router::with_path("start").get(start))
                .push(Router::with_path("greeting").get(greeting))
                .push(Router::with_path("orders").get(orders));
            let runtime = runtime();
            let address = runtime.block_on(async {
                let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
                let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
                tokio::spawn(Server::new(acceptor).serve(Service::new(router)));
                address
            });
            check(&counting, "salvo", |path, token| {
                let request = Sent::new("GET", path).token(token);
                runtime.block_on(Client::new(address).send(&request)).status
            });
        }
    }
}

mod in_rocket {
    use rocket::http::Header;
    use rocket::local::blocking::Client;
    use rocket::{Config, get, routes};
    use scopes::Authenticate;

    use super::*;

    #[get("/start")]
    fn start() -> &'static str {
        "start"
    }

    #[get("/greeting")]
    fn greeting(_grant: Grant) -> &'static str {
        "hello"
    }

    #[scopes::requires(api::orders.read)]
    #[get("/orders")]
    fn orders() -> &'static str {
        "orders"
    }

    #[test]
    fn inside_its_fairing() {
        let counting = Counting::default();
        let server = rocket::custom(Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() })
            .mount("/", routes![start, greeting, orders])
            .attach(Authenticate::new(counting.clone()));
        let client = Client::untracked(server).unwrap();
        check(&counting, "rocket", |path, token| {
            let token = Header::new("authorization", format!("Bearer {token}"));
            client.get(path.to_owned()).header(token).dispatch().status().code
        });
    }
}
