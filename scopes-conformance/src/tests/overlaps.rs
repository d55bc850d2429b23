//! Routes whose path a wider route matches too: what the path needs, however it is spelled and
//! whichever handler answers.

use std::sync::LazyLock;

use scopes_core::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};

use super::*;
use scopes::UntypedCatalogue;

/// The scopes of the fixture, on routes that overlap.
static SHAPES: LazyLock<Catalogue<TestScope>> = LazyLock::new(|| {
    let mut declaration = Declaration::new("api");
    declaration.base = Some("/api".into());
    declaration.tenant = Some("environment".into());
    let users = declaration.scope("users.read").route("GET", "/users/{id}").route("GET", "/files/{*path}");
    without_tenant(&mut users.routes);
    let writing = declaration.scope("users.write").route("POST", "/users/{id}").route("GET", "/users/export");
    without_tenant(&mut writing.routes);
    writing.route("GET", "/files/{environment}/docs");
    let events = declaration.scope("events.read");
    events
        .route("POST", "/users/{id}:cancel")
        .route("GET", "/avatars/{name}.orig")
        .route("GET", "/pages/reports/{*file}");
    without_tenant(&mut events.routes);
    declaration.scope("all.read").including("*.read");
    let public = declaration.block(BlockKind::Public("for all callers".into()));
    public.route("GET", "/avatars/{name}").route("GET", "/pages/{*page}");
    let me = declaration.block(BlockKind::Authenticated("who am I".into()));
    without_tenant(&mut me.route("GET", "/users/me").routes);
    Catalogue::__new(Box::leak(Box::new(UntypedCatalogue::from_declaration(&declaration).unwrap())))
});

fn without_tenant(routes: &mut [RouteDeclaration]) {
    for route in routes {
        route.tenancy = Some(At::new(TenancyDeclaration::Global("test".into()), Place::default()));
    }
}

/// The handler that the raw target leads to, if the caller may reach it.
fn raw(method: &str, target: &str, grant: Option<&Grant<TestScope>>) -> Option<String> {
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    let decision = SHAPES.decide(&method, target, grant);
    decision.is_allowed().then(|| decision.route().unwrap().to_string())
}

/// Decodes the target, and fills an empty value beside text.
fn read(target: &str) -> String {
    decoded(target).replace("/.orig", "/x.orig").replace("/:cancel", "/x:cancel")
}

/// Demands the scopes of the raw and of the decoded target. In the decoded target, a value beside
/// text may be empty.
fn sound(asked: &Asked) -> Option<String> {
    let grant = asked.grant();
    raw(&asked.method, &read(&asked.target), grant.as_ref())?;
    raw(&asked.method, &asked.target, grant.as_ref())
}

const TOKENS: [&str; 5] =
    ["secret-reader-e1", "secret-writer-e1", "secret-both-e2", "secret-auditor-e1", "secret-owner-e2"];

/// Each handler answers with its name. If the rule gives ` with ` after the name, the text after it
/// is the body.
fn attacks(rule: Rule) -> Conformance<TestScope> {
    attacks_on(serve_answers(move |asked| {
        let handler = rule(asked);
        let both = handler.as_deref().and_then(|handler| handler.split_once(" with "));
        let (name, body) = both
            .map_or((handler.clone(), handler.clone()), |(name, body)| (Some(name.to_owned()), Some(body.to_owned())));
        Some(with_body(asked, name, &body.unwrap_or_default()))
    }))
}

fn attacks_on(address: SocketAddr) -> Conformance<TestScope> {
    let start = Conformance::new(address, &SHAPES).time_limit(Duration::from_secs(2));
    TOKENS.iter().fold(start, |all, token| all.token(*token, known(token).unwrap()))
}

/// The reports with and without handlers that name themselves.
fn reports(rule: Rule) -> [Report; 2] {
    [attacks(rule).run(), attacks(rule).handler_header("x-handler").run()]
}

fn classes(report: &Report) -> Vec<&str> {
    report.classes.iter().filter(|class| class.breaches > 0).map(|class| class.name).collect()
}

#[track_caller]
fn assert_names(report: &Report, class: &str, request: &str) {
    let named = |breach: &Breach| breach.class == class && breach.request == request;
    assert!(report.breaches.iter().any(named), "{class}, {request}: {report}");
}

#[test]
fn a_sound_server_is_clean() {
    for report in reports(sound) {
        report.assert_complete();
        for class in ["text beside", "narrower routes", "escaped literals"] {
            assert!(report.classes.iter().any(|found| found.name == class), "{class}: {report}");
        }
    }
}

/// A router that does not decode before it matches sends a path with an escape to the wider route.
#[test]
fn a_router_that_reads_raw_paths_is_clean() {
    let rule: Rule = |asked| {
        let has_text = asked.target.contains("/avatars") || asked.method == "POST";
        if has_text { sound(asked) } else { raw(&asked.method, &asked.target, asked.grant().as_ref()) }
    };
    for report in reports(rule) {
        report.assert_complete();
    }
}

/// The router does not support text beside parameters: one handler gets all values, and demands
/// only the wider route's scopes.
#[test]
fn text_beside_a_parameter_is_not_demanded() {
    let rule: Rule = |asked| {
        let handler = raw(&asked.method, &asked.target, Some(&everything()))?;
        let wider = match &*handler {
            "GET /api/avatars/{name}.orig" => "GET /api/avatars/{name}",
            "POST /api/users/{id}:cancel" => "POST /api/users/{id}",
            _ => return sound(asked),
        };
        let path = asked.target.replace(".orig", "").replace(":cancel", "");
        raw(&asked.method, &path, asked.grant().as_ref()).map(|_| wider.to_owned())
    };
    for report in reports(rule) {
        assert_names(&report, "text beside", "GET /api/avatars/1.orig");
        assert_names(&report, "text beside", "HEAD /api/avatars/1.orig");
        assert_names(&report, "text beside", "POST /api/users/1:cancel");
        assert!(report.breaches.iter().any(|breach| breach.caller == "a token of `users.write` for `e1`"), "{report}");
        let reason = "the path is also that of `GET /api/avatars/{name}.orig`, which needs events.read";
        assert!(report.breaches.iter().any(|breach| breach.reason == reason), "{report}");
    }
}

/// The guard looks at the raw text, and the handler gets it decoded.
#[test]
fn escaped_text_beside_a_parameter_is_not_demanded() {
    let rule: Rule = |asked| {
        let is_text =
            ["/avatars/", "/users/"].iter().any(|start| asked.target.contains(start)) && asked.target.contains('%');
        if is_text { raw(&asked.method, &asked.target, asked.grant().as_ref()) } else { sound(asked) }
    };
    for report in reports(rule) {
        assert_eq!(classes(&report), ["text beside"], "{report}");
        for request in ["GET /api/avatars/1%2eorig", "GET /api/avatars/1.ori%67", "POST /api/users/1%3acancel"] {
            assert_names(&report, "text beside", request);
        }
    }
    let empty: Rule = |asked| {
        let is_empty = asked.target.ends_with("/.orig");
        if is_empty { raw(&asked.method, &asked.target, asked.grant().as_ref()) } else { sound(asked) }
    };
    for report in reports(empty) {
        assert_eq!(classes(&report), ["text beside"], "{report}");
        assert_names(&report, "text beside", "GET /api/avatars/.orig");
    }
}

/// A router within a route, whose own routes are not guarded.
#[test]
fn a_narrower_route_is_not_demanded() {
    let rule: Rule = |asked| {
        let handler = raw(&asked.method, &asked.target, Some(&everything()))?;
        let path = match &*handler {
            "GET /api/users/export" => "/api/users/7",
            "GET /api/pages/reports/{*file}" => "/api/pages/7",
            "GET /api/files/{environment}/docs" => "/api/files/7",
            _ => return sound(asked),
        };
        raw(&asked.method, path, asked.grant().as_ref()).map(|_| handler)
    };
    for report in reports(rule) {
        assert_names(&report, "narrower routes", "GET /api/users/export");
        assert_names(&report, "narrower routes", "HEAD /api/users/export");
        assert_names(&report, "narrower routes", "GET /api/pages/reports/1");
        assert_names(&report, "narrower routes", "GET /api/files/e1/docs");
        let reason = "the path is also that of `GET /api/users/export`, which needs users.write";
        assert!(report.breaches.iter().any(|breach| breach.reason == reason), "{report}");
        assert!(report.breaches.iter().any(|breach| breach.reason.ends_with("is another tenant's")), "{report}");
    }
    // This class finds the fault even if all others are left out.
    let mut all = without_tricks(attacks(rule));
    for class in ["no token", "unknown token", "malformed token", "missing scope", "other tenant", "afterwards"] {
        all = all.without(class);
    }
    assert_eq!(classes(&all.run()), ["narrower routes"]);
}

/// The guard checks the raw path, and the handler decodes it. The body tells which route has
/// answered.
#[test]
fn an_escaped_literal_hides_its_route() {
    let rule: Rule = |asked| {
        let wider = raw(&asked.method, &asked.target, asked.grant().as_ref())?;
        let is_served_decoded = asked.target.starts_with("/api/pages/");
        if !is_served_decoded {
            return sound(asked);
        };
        // The wider route's handler answers with the narrower route's body.
        let narrower = raw(&asked.method, &decoded(&asked.target), Some(&everything()))?;
        Some(if asked.target.contains('%') { format!("{wider} with {narrower}") } else { narrower })
    };
    for report in reports(rule) {
        assert_eq!(classes(&report), ["escaped literals"], "{report}");
        assert_names(&report, "escaped literals", "GET /api/pages/%72eports/1");
        let reason = "the answer is that of `GET /api/pages/reports/{*file}`, which needs events.read";
        assert!(report.breaches.iter().all(|breach| breach.reason == reason), "{report}");
    }
}

/// A body that all routes give does not identify a route.
#[test]
fn a_body_that_others_have_tells_nothing() {
    let address = serve_answers(|asked| {
        let handler = raw(&asked.method, &asked.target, asked.grant().as_ref())
            .filter(|_| sound(asked).is_some() || asked.target.contains("/pages/"));
        Some(answer(asked, handler))
    });
    attacks_on(address).run().assert_clean();
}

/// All three faults at once: a guard looks only at the raw target, and the router after it decodes
/// paths.
#[test]
fn three_faults_are_three_classes() {
    let rule: Rule = |asked| {
        let target = decoded(&asked.target);
        let is_plain = !asked.target.contains('%');
        let wider = ["/api/users/7", "/api/pages/7", "/api/files/7", "/api/avatars/7"]
            .into_iter()
            .find(|wider| target.starts_with(wider.trim_end_matches('7')))?;
        raw(&asked.method, if is_plain { wider } else { &asked.target }, asked.grant().as_ref())?;
        raw(&asked.method, &target, Some(&everything()))
    };
    for report in reports(rule) {
        let found = classes(&report);
        for class in ["text beside", "narrower routes", "escaped literals"] {
            assert!(found.contains(&class), "{class}: {report}");
        }
    }
}

/// Requests that must succeed are not sent: requests of callers who may reach both routes, and
/// requests with values that no other route matches.
#[test]
fn what_must_stay_open_is_not_tried() {
    let all = attacks(sound).token("secret-all", everything());
    let templates = all.setup.templates();
    for planned in SHAPES.routes().flat_map(|route| all.setup.overlapping(&templates, route)) {
        let grant = planned.caller.map(|number| known(TOKENS[number]).unwrap());
        let target = read(&String::from_utf8(planned.trick.target.clone()).unwrap());
        assert_eq!(raw(&planned.trick.method, &target, grant.as_ref()), None, "{planned:?}");
    }
    let of =
        |path: &str| all.setup.overlapping(&templates, SHAPES.routes().find(|route| route.path() == path).unwrap());
    let me = of("/users/me");
    assert!(me.is_empty(), "every token may, and without one nothing is open: {me:?}");
    assert_eq!(of("/users/{id}").len() + of("/avatars/{name}").len() + of("/pages/{*page}").len(), 0);
}

/// Without a token that may reach only one of the two routes, nothing is proven.
#[test]
fn a_pair_that_no_token_tells_apart_is_told() {
    let address = serve_answers(|asked| Some(answer(asked, sound(asked))));
    let start = || without_tricks(Conformance::new(address, &SHAPES)).time_limit(Duration::from_secs(2));
    let with = |tokens: &[&str]| tokens.iter().fold(start(), |all, token| all.token(*token, known(token).unwrap()));
    let untried = |report: &Report| {
        let of_class = report.untried.iter().filter(|untried| untried.class == "narrower routes");
        of_class.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    // Both tokens that may reach the wider route may also reach the narrower one.
    let report = with(&["secret-owner-e1", "secret-both-e2"]).run();
    let export = Untried {
        route: "GET /api/users/export".to_owned(),
        class: "narrower routes",
        reason: "no token may reach only `GET /api/users/{id}`, which takes its paths too".to_owned(),
    };
    assert!(untried(&report).contains(&export) && !report.is_complete(), "{report}");
    let report = with(&TOKENS).run();
    assert_eq!(untried(&report), [], "{report}");
}

/// The number of requests of a caller does not depend on the number of wider routes.
#[test]
fn requests_do_not_grow_with_pairs() {
    let count = |wider: &[&str]| {
        let mut declaration = Declaration::new("api");
        declaration.scope("users.read").route("GET", "/a/{b}.c/d/{e}.f/g/h{i}/j");
        let public = declaration.block(BlockKind::Public("for all callers".into()));
        public.routes.extend(wider.iter().map(|path| RouteDeclaration::new("GET", path)));
        let catalogue = Box::leak(Box::new(UntypedCatalogue::from_declaration(&declaration).unwrap()));
        let catalogue = Catalogue::<TestScope>::__new(catalogue);
        let all = Conformance::new(([127, 0, 0, 1], 9).into(), &catalogue);
        all.setup.overlapping(&all.setup.templates(), catalogue.routes().next().unwrap()).len()
    };
    let one = count(&["/{*all}"]);
    assert!((10..=16).contains(&one), "{one}");
    assert_eq!(count(&["/{*all}", "/a/{*all}", "/a/{b}/{*all}", "/a/{b}/d/{*all}", "/{a}/{b}/d/{e}/g/{*all}"]), one);
    assert_eq!(count(&[]), 0);
}
