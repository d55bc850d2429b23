//! Handlers for callers with and without credentials.

use super::*;

/// Path, credentials, status, text.
const CASES: &[Case] = &[
    ("GET", "/greeting", "", 200, "hello, stranger"),
    ("GET", "/greeting", "Bearer reader", 200, "holder of `packages.read`"),
    ("GET", "/greeting", "Bearer none", 200, "holder of ``"),
    ("GET", "/greeting", "Bearer bad", 401, ""),
    ("GET", "/greeting", "Bearer down", 503, ""),
    ("GET", "/greeting", "Bearer a b", 400, ""),
    ("GET", "/greeting", "Basic dTpw", 401, ""),
    ("GET", "/known", "", 401, ""),
    ("GET", "/known", "Bearer none", 200, ""),
    ("GET", "/whoami", "", 401, ""),
    ("GET", "/whoami", "Bearer none", 200, "holder of ``"),
    ("GET", "/whoami", "Bearer bad", 401, ""),
    ("GET", "/peek", "", 401, ""),
    ("GET", "/peek", "Bearer none", 403, ""),
    ("GET", "/peek", "Bearer reader", 200, "holder of `packages.read`"),
    ("GET", "/undeclared", "", 401, ""),
    ("GET", "/undeclared", "Bearer bad", 401, ""),
];

#[test]
fn what_the_caller_is_on_each_route() {
    check(&Setup::new(Settings::new()), |framework| {
        let undeclared = if framework.is_gated { 404 } else { 500 };
        [CASES, &[("GET", "/undeclared", "Bearer reader", undeclared, "")]].concat()
    });
}

/// axum distinguishes an extractor that finds nothing from one that refuses.
#[test]
fn an_optional_grant_on_axum() {
    use axum::Router;
    use axum::routing::get;

    async fn optional(grant: Option<api::Grant>) -> String {
        greeted(&grant.map_or(api::Caller::Anonymous, api::Caller::Granted))
    }
    #[scopes::requires(api::packages.read)]
    async fn beside_a_permit(grant: Option<api::Grant>) -> String {
        greeted(&grant.map_or(api::Caller::Anonymous, api::Caller::Granted))
    }
    let router = || {
        let router = Router::new().route("/greeting", get(optional)).route("/whoami", get(optional));
        router.route("/peek", get(beside_a_permit)).route("/undeclared", get(optional))
    };
    let setup = Setup::new(Settings::new());
    let servers = [
        ("gate", on_axum::served(api::gate(router()).authenticate(setup.authenticate.clone()))),
        ("permits", on_axum::served(router().layer(setup.authenticate.clone()))),
    ];
    for (name, mut server) in servers {
        for &(method, target, credentials, status, text) in CASES {
            if target == "/known" {
                continue;
            }
            let answer = server(Ask { method, target, credentials });
            assert_eq!(answer.status, status, "{name}: {target} `{credentials}`: {answer:?}");
            assert!(answer.text.contains(text), "{name}: {target} `{credentials}`: {answer:?}");
        }
    }
    let grant = api::Grant::new(api::Scope::PackagesRead);
    let anonymous = setup.anonymous(grant).authenticate;
    let mut server = on_axum::served(api::gate(router()).authenticate(anonymous));
    for (target, status, text) in
        [("/greeting", 200, "stranger"), ("/peek", 200, "stranger"), ("/whoami", 401, ""), ("/undeclared", 401, "")]
    {
        let answer = server(Ask { method: "GET", target, credentials: "" });
        assert!(answer.status == status && answer.text.contains(text), "{target}: {answer:?}");
    }
}

/// A scoped route needs a permit or a gate, for callers of both kinds.
#[test]
fn a_caller_without_a_permit_on_a_scoped_route() {
    use axum::Router;
    use axum::routing::get;

    let hello = || Router::new().route("/peek", get(async |caller: api::Caller| greeted(&caller)));
    let setup = Setup::new(Settings::new()).anonymous(api::Grant::new(api::Scope::PackagesRead));
    let gated = on_axum::served(api::gate(hello()).authenticate(setup.authenticate.clone()));
    let plain = on_axum::served(hello().layer(setup.authenticate));
    for (mut server, expected) in [(gated, 200), (plain, 500)] {
        for credentials in ["", "Bearer reader"] {
            assert_eq!(server(Ask { method: "GET", target: "/peek", credentials }).status, expected, "{credentials}");
        }
    }
}
