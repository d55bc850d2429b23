use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{CallerStatus, Decision, Denial, Holder};
use crate::catalogue::UntypedCatalogue;
use crate::declaration::At;
use crate::declaration::{BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};
use crate::malformation::Malformation;
use crate::tenant::Tenants;

const BOUND: &str = "/e/{tenant}";

/// One route for each kind of access and of tenancy, all under `GET`: `/scoped/bound/e/{tenant}`
/// and so on.
fn catalogue() -> UntypedCatalogue {
    let routes = |access: &str, tenancies: &[&str]| -> Vec<RouteDeclaration> {
        tenancies
            .iter()
            .map(|&tenancy| {
                let tail = if tenancy == "bound" { BOUND } else { "" };
                let mut route = RouteDeclaration::new("GET", &format!("/{access}/{tenancy}{tail}"));
                route.tenancy = match tenancy {
                    "global" => Some(TenancyDeclaration::Global("why".into())),
                    "unbound" => Some(TenancyDeclaration::Unbound("why".into())),
                    _ => None,
                }
                .map(|tenancy| At::new(tenancy, Place::default()));
                route
            })
            .collect()
    };
    let asked = ["bound", "global", "unbound"];
    let mut declaration = Declaration::new("api");
    declaration.tenant = Some("tenant".into());
    declaration.scope("a").routes = routes("scoped", &asked);
    declaration.scope("b").routes = routes("both", &[]);
    declaration.block(BlockKind::All(["a".into(), "b".into()].into())).routes = routes("both", &asked);
    declaration.block(BlockKind::Authenticated("why".into())).routes = routes("authenticated", &asked);
    declaration.block(BlockKind::Public("why".into())).routes = routes("public", &["bound", "none"]);
    declaration.block(BlockKind::External("why".into())).routes = routes("external", &["bound", "none"]);
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

/// Computes the rule a second time, independently of the code above.
fn expected(access: &str, tenancy: &str, caller: &str, held: u64, tenants: &str, of_path: &str) -> Result<(), Denial> {
    let open = access == "public" || access == "external";
    let scope_held = match access {
        "scoped" => held & 1 == 1,
        "both" => held == 3,
        _ => true,
    };
    let tenant_held = tenancy != "bound" || tenants == "any" || (tenants == "only t" && of_path == "t");
    match caller {
        _ if open => Ok(()),
        "anonymous" if access != "authenticated" && scope_held && tenant_held => Ok(()),
        "anonymous" => Err(Denial::CredentialsAbsent),
        "absent" => Err(Denial::CredentialsAbsent),
        "malformed" => Err(Denial::CredentialsMalformed),
        "invalid" => Err(Denial::CredentialsInvalid),
        "unavailable" => Err(Denial::VerifierUnavailable),
        _ if !scope_held => Err(Denial::ScopeMissing),
        _ if !tenant_held => Err(Denial::OtherTenant),
        _ => Ok(()),
    }
}

const OTHERS: [(&str, CallerStatus<'_>); 4] = [
    ("absent", CallerStatus::Absent),
    ("malformed", CallerStatus::Malformed),
    ("invalid", CallerStatus::Invalid),
    ("unavailable", CallerStatus::Unavailable),
];

#[test]
fn every_combination_gives_the_answer_of_the_table() {
    let catalogue = catalogue();
    let only = Tenants::only(["t"]).unwrap();
    let tenants = [("none", Tenants::None), ("only t", only), ("any", Tenants::Any)];
    let (mut allowed, mut denied) = (0, 0);
    let mut check = |decision: Decision<'_, '_>, expected: Result<(), Denial>, what: &str| {
        assert_eq!(decision.verdict(), expected, "{what}");
        assert_eq!(decision.is_allowed(), expected.is_ok());
        assert!(decision.route().is_some() && decision.matched().is_some());
        *(if expected.is_ok() { &mut allowed } else { &mut denied }) += 1;
    };
    for route in catalogue.routes() {
        let mut words = route.path().split('/').skip(1);
        let (access, tenancy) = (words.next().unwrap(), words.next().unwrap());
        for of_path in ["t", "u"] {
            let target = route.path().replace("{tenant}", of_path);
            for (name, caller) in &OTHERS {
                let decision = catalogue.decide("GET", target.as_bytes(), caller);
                check(decision, expected(access, tenancy, name, 0, "none", of_path), &format!("{name} {target}"));
            }
            for (name, tenants) in &tenants {
                for held in 0..4 {
                    let holder = Holder { scopes: &[held], tenants };
                    for (who, caller) in
                        [("granted", CallerStatus::Granted(holder)), ("anonymous", CallerStatus::Anonymous(holder))]
                    {
                        let decision = catalogue.decide("GET", target.as_bytes(), &caller);
                        let expected = expected(access, tenancy, who, held, name, of_path);
                        check(decision, expected, &format!("{who} {held} {name} {target}"));
                    }
                }
            }
        }
    }
    // 13 routes, 2 paths, 4 callers without a grant, 12 with one, 12 anonymous ones.
    assert_eq!(allowed + denied, 13 * 2 * 28);
    assert!(allowed > 100 && denied > 100, "{allowed} {denied}");
}

#[test]
fn what_has_no_route_is_answered_after_the_credentials() {
    let catalogue = catalogue();
    let long: String = "/a".repeat(5000);
    let no_tenants = Tenants::None;
    let granted = CallerStatus::Granted(Holder { scopes: &[3], tenants: &no_tenants });
    for (method, target, credentials_first, expected) in [
        ("GET", "/nowhere", true, Denial::RouteNotFound),
        ("GET", "/scoped", true, Denial::RouteNotFound),
        ("GET", "/a;b", false, Denial::TargetMalformed(Malformation::Semicolon)),
        ("GET", "/public/none/..", false, Denial::TargetMalformed(Malformation::DotSegment)),
        ("GET", "no-slash", false, Denial::TargetMalformed(Malformation::NotOriginForm)),
        ("GET", long.as_str(), false, Denial::TargetTooLong),
    ] {
        let denial = catalogue.decide(method, target.as_bytes(), &granted).verdict().unwrap_err();
        assert_eq!(denial, expected, "{target}");
        let anonymous = ("anonymous", CallerStatus::Anonymous(Holder { scopes: &[3], tenants: &Tenants::Any }));
        for (name, caller) in OTHERS.iter().chain([&anonymous]) {
            let decision = catalogue.decide(method, target.as_bytes(), caller);
            let denial = decision.verdict().unwrap_err();
            assert_eq!(denial != expected, credentials_first, "{name} {target}");
            assert!(decision.route().is_none());
        }
    }
    for target in ["/scoped/global", "/public/none"] {
        let denial = catalogue.decide("POST", target.as_bytes(), &granted).verdict().unwrap_err();
        let Denial::MethodNotAllowed(methods) = denial else { panic!("{denial:?}") };
        assert_eq!(catalogue.method_names(methods).collect::<Vec<_>>(), ["GET", "HEAD"]);
        let denial = catalogue.decide("POST", target.as_bytes(), &CallerStatus::Absent).verdict().unwrap_err();
        assert_eq!(denial, Denial::CredentialsAbsent);
    }
}

#[test]
fn an_escaped_tenant_is_the_same_tenant() {
    let catalogue = catalogue();
    let tenants = Tenants::only(["t"]).unwrap();
    let caller = CallerStatus::Granted(Holder { scopes: &[3], tenants: &tenants });
    for (tenant, allowed) in
        [("t", true), ("%74", true), ("T", false), ("%2574", false), ("t%20", false), ("tt", false)]
    {
        let target = format!("/scoped/bound/e/{tenant}");
        assert_eq!(catalogue.decide("GET", target.as_bytes(), &caller).is_allowed(), allowed, "{tenant}");
        assert_eq!(catalogue.decide("HEAD", target.as_bytes(), &caller).is_allowed(), allowed, "{tenant}");
    }
}

/// The walk does not keep segments that are far from the end, except the parameter of the common
/// prefix.
#[test]
fn the_tenant_is_found_wherever_it_stands() {
    for fronts in [&["environments"][..], &["environments", "a", "a/b", "a/b/c/d/f"]] {
        let mut declaration = Declaration::new("api");
        declaration.tenant = Some("tenant".into());
        let scope = declaration.scope("a");
        for (front, behind, rest) in fronts
            .iter()
            .flat_map(|front| (0..9).flat_map(move |behind| ["", "/{*rest}"].map(|rest| (front, behind, rest))))
        {
            let literals: String = (0..behind).map(|at| format!("/k{at}")).collect();
            let parameters: String = (0..behind).map(|at| format!("/{{p{at}}}")).collect();
            scope.route("GET", &format!("/{front}/{{tenant}}{literals}{rest}"));
            scope.route("GET", &format!("/{front}/{{tenant}}/x{parameters}{rest}"));
            scope.route("GET", &format!("/{front}/{{tenant}}/{{q}}/y{parameters}{rest}"));
        }
        let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
        let has_common_prefix = catalogue.parts().tables.common_prefix != crate::matcher::Tables::EMPTY.common_prefix;
        assert_eq!(has_common_prefix, fronts.len() == 1);
        each_tenant_is_found(&catalogue);
    }
}

fn each_tenant_is_found(catalogue: &UntypedCatalogue) {
    const MINE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    const OTHERS: &str = "00000000-7dec-11d0-a765-00a0c91e6bf6";
    let tenants = Tenants::only([MINE, "mine"]).unwrap();
    let caller = CallerStatus::Granted(Holder { scopes: &[1], tenants: &tenants });
    for route in catalogue.routes() {
        for (tenant, allowed) in [(MINE, true), (OTHERS, false), ("mine", true), ("others", false)] {
            for value in [MINE, OTHERS, "1"] {
                let path = route.path().replace("{tenant}", tenant);
                let path = path.replace("{*rest}", &format!("{value}/y/{value}/z/w/v"));
                let value_of = |segment| if str::starts_with(segment, '{') { value } else { segment };
                let target = path.split('/').map(value_of).collect::<Vec<_>>().join("/");
                let decision = catalogue.decide("GET", target.as_bytes(), &caller);
                assert_eq!(decision.is_allowed(), allowed, "{route}: {target}");
                // Another route may have matched, because a parameter wins over a rest.
                let matched = decision.matched().unwrap();
                let segments: Vec<_> = matched.route().path().split('/').zip(target.split('/')).collect();
                for (name, found) in matched.parameters() {
                    let segment = segments.iter().find(|(segment, _)| *segment == format!("{{{name}}}"));
                    let is_right = segment.map_or(target.ends_with(&*found), |(_, value)| found == *value);
                    assert!(is_right, "{name} of {target}: {found}");
                }
            }
        }
    }
}

#[test]
fn each_denial_has_its_status() {
    let denials = [
        (Denial::TargetMalformed(Malformation::Semicolon), 400),
        (Denial::TargetTooLong, 414),
        (Denial::CredentialsAbsent, 401),
        (Denial::CredentialsMalformed, 400),
        (Denial::CredentialsInvalid, 401),
        (Denial::VerifierUnavailable, 503),
        (Denial::RouteNotFound, 404),
        (Denial::MethodNotAllowed(crate::MethodSet::default()), 405),
        (Denial::ScopeMissing, 403),
        (Denial::OtherTenant, 403),
    ];
    for (denial, status) in denials {
        assert_eq!(denial.status(), status);
        let text = format!("{denial}");
        assert!(text.starts_with(char::is_lowercase) && !text.ends_with('.'), "{text}");
    }
}
