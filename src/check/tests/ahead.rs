//! A permit decides alike with and without the findings of the authentication layer.

use std::sync::{Arc, Mutex};

use http::{Extensions, Method};
use scopes_core::demands::Demands;

use super::{USER, USERS, verdict};
use crate::auth::outcome::Authentication;
use crate::auth::stored::{Identity, Stored};
use crate::check::permit_of;
use crate::fixture::permits::{EventsRead, UsersRead};
use crate::fixture::{EVENTS_READ, TestScope, USERS_READ, USERS_WRITE, grant};
use crate::gate::{Gate, Ruling, admit};
use crate::report_only::ReportOnly;
use crate::request::facts::Facts;
use crate::request::locate::Place;
use crate::settings::Settings;

const TARGETS: [&str; 8] = [
    "/api/environments/e1/users",
    "/api/environments/e2/users",
    "/api/environments/e1/users?x",
    "/api/environments/e1/users/7",
    "/api/environments/e1/either",
    "/api/users/7",
    "/api/me",
    "/elsewhere",
];
const TEMPLATES: [&str; 6] =
    [USERS, USER, "/api/environments/{environment}/either", "/api/users/{id}", "/api/me", "/{*path}"];

/// The entry of a request, as the layer makes it for this target.
fn entry(settings: &Arc<Settings>, scopes: &[TestScope], ahead: Option<(&Method, &str)>) -> Stored<TestScope> {
    let identity = Identity::new(Authentication::Granted(grant(scopes)), Arc::clone(settings));
    let mut stored = Stored::new(identity);
    if let Some((method, target)) = ahead {
        let facts = Facts::new(method, target);
        let own = Place::of::<TestScope>(settings).at_target(facts);
        stored.judge_ahead(facts, &own.map(|own| Demands::of(method.as_str(), own, None)));
    }
    stored
}

/// The decision of a gate inside of the layer, and whether the handler must compare the owner.
fn ruled(stored: Stored<TestScope>, facts: Facts<'_>) -> String {
    let mut extensions = Extensions::new();
    stored.insert(&mut extensions);
    match Gate::<TestScope>::new().ruling(&extensions, facts) {
        Ruling::Outside => "outside".into(),
        Ruling::Denied(denied) => denied.status().to_string(),
        Ruling::Passed(passed, reported) => {
            let is_found = passed.is_some();
            let is_unbound = admit::<TestScope>(&mut extensions, passed, None).is_some();
            format!("passed: found {is_found}, unbound {is_unbound}, reported {}", reported.is_some())
        }
    }
}

#[test]
fn findings_of_the_layer_change_no_decision() {
    let mut ready = 0;
    let events: Arc<Mutex<Vec<String>>> = Arc::default();
    for settings in [Settings::new(), Settings::new().report_only(ReportOnly::Tenants)] {
        let seen = Arc::clone(&events);
        let settings = Arc::new(settings.on_decision(move |event| {
            let (route, template) = (event.route().map(|route| route.to_string()), event.matched_template());
            seen.lock().unwrap().push(format!("{:?} {route:?} {template:?}", event.outcome()));
        }));
        for scopes in [&[USERS_READ][..], &[USERS_WRITE], &[USERS_READ, EVENTS_READ]] {
            for (sent_by, sent) in
                [&Method::GET, &Method::POST].into_iter().flat_map(|method| TARGETS.map(|at| (method, at)))
            {
                ready += usize::from(entry(&settings, scopes, Some((sent_by, sent))).judged_ahead().is_some());
                for target in TARGETS {
                    for template in TEMPLATES.map(Some).into_iter().chain([None]) {
                        for is_misread in [false, true] {
                            let mut facts = Facts::new(&Method::GET, target);
                            facts.matched_template = template;
                            facts.misread = is_misread;
                            let told = &events;
                            let decided = |ahead| {
                                let stored = entry(&settings, scopes, ahead);
                                let users = permit_of::<UsersRead>(Some(&stored), facts);
                                let reported = users.as_ref().is_ok_and(crate::Permit::is_reported);
                                let tenant = users.as_ref().ok().and_then(|permit| permit.tenant().map(str::to_owned));
                                let is_missing = stored.state().owner_check.is_missing();
                                let events = permit_of::<EventsRead>(Some(&stored), facts);
                                let ruled = ruled(stored, facts);
                                let told = std::mem::take(&mut *told.lock().unwrap());
                                (verdict(&users), reported, tenant, is_missing, verdict(&events), ruled, told)
                            };
                            let (with, without) = (decided(Some((sent_by, sent))), decided(None));
                            assert_eq!(with, without, "{sent_by} {sent}, then {target} matched by {template:?}");
                        }
                    }
                }
            }
        }
    }
    assert!(ready >= 10, "the layer has findings for {ready} requests only");
}
