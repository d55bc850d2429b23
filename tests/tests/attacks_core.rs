//! Every line of the attack corpus against the core, with its exact verdict.

use scopes_core::{CallerStatus, Denial, Holder, Tenants, UntypedCatalogue};
use scopes_tests::attacks::{Attack, corpus, declaration};

fn verdict(attack: &Attack) -> String {
    let catalogue = UntypedCatalogue::from_declaration(&declaration(&attack.base)).expect("a sound catalogue");
    let tenants = Tenants::only(["E1"]).expect("a sound tenant");
    // Unknown names in a stored token grant nothing.
    let mut words = [0_u64; 1];
    for id in attack.scopes.iter().filter_map(|name| catalogue.scope_named(name)) {
        words[0] |= 1 << id.index();
    }
    catalogue.close(&mut words);
    let caller =
        if attack.authenticated { CallerStatus::Granted(Holder::new(&words, &tenants)) } else { CallerStatus::Absent };
    let decision = catalogue.decide(attack.method, &attack.target, &caller);
    match decision.verdict() {
        Ok(()) => "ALLOW".into(),
        Err(Denial::ScopeMissing) => "403s".into(),
        Err(Denial::OtherTenant) => "403e".into(),
        Err(denial) => denial.status().to_string(),
    }
}

#[test]
fn the_core_gives_every_expected_verdict() {
    let corpus = corpus();
    assert_eq!(corpus.len(), 97, "the corpus is complete");
    let wrong: Vec<String> = corpus
        .iter()
        .filter_map(|attack| {
            let found = verdict(attack);
            let target = String::from_utf8_lossy(&attack.target);
            (found != attack.expected).then(|| {
                format!(
                    "{} {} {} {:.60}: expected {}, found {found}",
                    attack.id, attack.group, attack.method, target, attack.expected
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn refusals_of_methods_list_what_is_allowed() {
    let catalogue = UntypedCatalogue::from_declaration(&declaration("")).expect("a sound catalogue");
    for (method, target, allowed) in [
        ("PUT", "/environments/E1/tokens", "GET, HEAD, POST"),
        ("HEAD", "/environments/E1/waas/authenticate", "POST"),
        ("GET", "/environments/E1/users/U1/balances", "POST"),
        ("TRACE", "/environments/E1/users/U1", "DELETE, GET, HEAD"),
    ] {
        let Err(scopes_core::NoRoute::MethodNotAllowed(set)) = catalogue.at(method, target.as_bytes()) else {
            panic!("{method} {target} is not a 405");
        };
        let mut names: Vec<&str> = catalogue.method_names(set).collect();
        names.sort_unstable();
        assert_eq!(names.join(", "), allowed, "{method} {target}");
    }
}

#[test]
fn handlers_see_the_value_that_was_judged() {
    let catalogue = UntypedCatalogue::from_declaration(&declaration("")).expect("a sound catalogue");
    for (target, user) in [
        ("/environments/E1/users/a%2Db", "a-b"),
        ("/environments/E1/users/U1%3Fa=1", "U1?a=1"),
        ("/environments/E1/users/U1%23x", "U1#x"),
        ("/environments/E1/users/%EF%BC%8F", "\u{ff0f}"),
        ("/environments/%451/users/U1.png", "U1.png"),
    ] {
        let found = catalogue.at("GET", target.as_bytes()).expect("a route");
        assert_eq!(found.parameter("userId").as_deref(), Some(user), "{target}");
        assert_eq!(found.tenant().as_deref(), Some("E1"), "{target}");
    }
}
