//! The claim about `minimum`: with the least set of scopes, a token passes every request that was
//! recorded as allowed. Proven on random requests, against the check that servers use.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Extensions, Method};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use scopes::check::{self, Facts};
use scopes::export::usage::{Evidence, Outcome, minimum};
use scopes::usage::Recorder;
use scopes::{
    Access, Authentication, Catalogue, DecisionEvent, Grant, Required, Route, Scope, ScopeId, ScopeInfo, ScopeSet,
    Settings,
};
use scopes_tests::catalogues::{Served, Visitor, kinds, open_shapes, shapes};

/// Routes within routes, with every form of demand.
mod mixed {
    use scopes::{All, Any, Required, Route};
    use scopes_tests::catalogues::{Served, Visitor};

    scopes::scopes! {
        /// Routes that one path can mean, each with another demand.
        pub mod api;

        tenant account;

        users.read {
            under "/:account/users" {
                GET "/:user" as get_user;
                GET "/{user}.csv" as get_table;
            }
        }
        users.export { GET "/:account/users/export.csv" as export_users; }
        users.admin {
            GET "/:account/users/{user}.csv" as get_table;
            #[unbound("the handler compares")]
            GET "/all/users/:user" as get_any_user;
        }
        files.read { GET "/:account/files/{*path}" as get_file; }
        secrets.read { GET "/:account/files/secret/{*path}" as get_secret; }
        users.all includes users.read, users.export, users.admin;
        everything includes users.all, files.read, secrets.read;

        all(files.read, users.export) { GET "/:account/files/export/{*path}" as export_files; }
        public("pages") { GET "/pages/{*page}" as get_page; }
        authenticated("about the caller") {
            #[global("the caller")]
            GET "/pages/users/me" as get_me;
        }
    }

    use api::{Scope, permits::*};

    impl Served for Scope {
        fn visit<V: Visitor<Self>>(route: Route<'static>, visitor: V) -> V::Output {
            macro_rules! of {
                ($($requirement:ty),+) => {
                    $(if <$requirement>::is_requirement_of(route) {
                        return visitor.visit::<$requirement>();
                    })+
                };
            }
            of!(
                UsersRead, UsersExport, UsersAdmin, FilesRead, SecretsRead, Any<UsersAdmin, UsersRead>,
                All<FilesRead, UsersExport>
            );
            panic!("no type is listed for the requirement of {route}")
        }
    }
}

/// Segments that fit several routes, as they are sent.
const SEGMENTS: [&str; 23] = [
    "exp%6Frt",
    "a.orig",
    "r%65ports",
    "acme",
    "all",
    "users",
    "us%65rs",
    "7",
    "export",
    "export.csv",
    "7.csv",
    "7%2Ecsv",
    "exp%6Frt.csv",
    "files",
    "secret",
    "s%65cret",
    "pages",
    "me",
    "items",
    "environments",
    "7:cancel",
    "v2",
    "reports",
];

/// One request of a client, by positions in lists.
#[derive(Clone, Debug)]
struct Asked {
    route: Index,
    /// The template that a router has matched, if it says so: of this route, or of another.
    template: Option<Index>,
    values: Vec<Index>,
    changed: Option<(Index, Index)>,
}

fn asked() -> impl Strategy<Value = Asked> {
    let parts = (
        any::<Index>(),
        any::<Option<Index>>(),
        prop::collection::vec(any::<Index>(), 6),
        any::<Option<(Index, Index)>>(),
    );
    parts.prop_map(|(route, template, values, changed)| Asked { route, template, values, changed })
}

/// A request whose method and target were chosen.
struct Sent {
    method: Method,
    target: String,
    template: Option<String>,
    /// The route of the handler that runs.
    handler: Route<'static>,
}

impl Asked {
    fn send<S: Scope>(&self, catalogue: &Catalogue<S>) -> Option<Sent> {
        let routes: Vec<Route<'static>> = catalogue.untyped().routes().collect();
        let route = self.route.get(&routes);
        let method: Method = route.method().parse().ok()?;
        let mut values = self.values.iter().cycle();
        let mut segments: Vec<String> = Vec::new();
        for segment in route.template().split('/').skip(1) {
            let (Some(open), Some(close)) = (segment.find('{'), segment.find('}')) else {
                segments.push(segment.to_owned());
                continue;
            };
            let value = values.next()?.get(&SEGMENTS);
            segments.push(format!("{}{value}{}", &segment[..open], &segment[close + 1..]));
        }
        if let Some((place, value)) = &self.changed {
            let place = place.index(segments.len());
            segments[place] = (*value.get(&SEGMENTS)).to_owned();
        }
        let target = format!("/{}", segments.join("/"));
        let with_method: Vec<Route<'static>> =
            routes.iter().copied().filter(|other| other.method() == route.method()).collect();
        let routed = self.template.map(|index| *index.get(&with_method));
        let handler = match routed {
            Some(routed) => routed,
            None => catalogue.untyped().at(method.as_str(), target.as_bytes()).ok()?.route(),
        };
        Some(Sent { method, target, template: routed.map(Route::template), handler })
    }
}

struct Permitted<'a>(&'a Extensions, Facts<'a>);

impl<S: Scope> Visitor<S> for Permitted<'_> {
    type Output = bool;

    fn visit<R: Required<Scope = S>>(self) -> bool {
        check::permit::<R>(self.0, self.1).is_ok()
    }
}

/// Whether the guard of the handler lets the request through.
fn passes<S: Served>(sent: &Sent, grant: Grant<S>, settings: &Arc<Settings>) -> bool {
    let mut extensions = Extensions::new();
    Authentication::Granted(grant).store(&mut extensions, settings);
    let facts = Facts::new(&sent.method, &sent.target);
    let facts = sent.template.as_deref().map_or(facts, |template| facts.with_template(template));
    match sent.handler.access() {
        Access::Scoped => S::visit(sent.handler, Permitted(&extensions, facts)),
        _ => check::caller::<S>(&extensions, facts).is_ok(),
    }
}

/// Sends the requests, and sends those that were allowed again with the least set of scopes.
/// Returns how many were allowed, and how many of these needed more than one route.
fn proven<S: Served>(
    catalogue: &'static Catalogue<S>,
    held: &[Index],
    tenants: &[&str],
    requests: &[Asked],
) -> Result<(usize, usize), TestCaseError> {
    let all: Vec<ScopeId> = catalogue.untyped().scopes().map(ScopeInfo::id).collect();
    let held: ScopeSet<S> = held.iter().map(|index| S::from_id(*index.get(&all)).unwrap()).collect();
    let recorder = Recorder::new(catalogue);
    let shared = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&shared);
    let count = move |event: &DecisionEvent<'_>| {
        counter.fetch_add(usize::from(!event.also_required().is_empty()), Ordering::Relaxed);
    };
    let settings = Arc::new(Settings::new().on_decision(recorder.hook()).on_decision(count));
    let grant = |scopes: ScopeSet<S>| {
        let grant = Grant::new(scopes).with_token_id("t-1");
        grant.for_tenants(tenants).unwrap()
    };
    let sent: Vec<Sent> = requests.iter().filter_map(|asked| asked.send(catalogue)).collect();
    let allowed: Vec<&Sent> = sent.iter().filter(|sent| passes(sent, grant(held), &settings)).collect();
    let mut lines = Vec::new();
    recorder.write_to(&mut lines).unwrap();
    let mut evidence = Evidence::new(catalogue.untyped());
    for line in String::from_utf8(lines).unwrap().lines() {
        evidence.read_line(line).unwrap();
    }
    let Some((_, usage)) = evidence.clients().next() else {
        prop_assert!(allowed.is_empty());
        return Ok((0, 0));
    };
    let least = minimum(catalogue.untyped(), usage.routes(Outcome::Allowed), [], usage.held());
    let least: ScopeSet<S> = least.scopes().iter().map(|id| S::from_id(*id).unwrap()).collect();
    let quiet = Arc::new(Settings::new());
    for sent in &allowed {
        prop_assert!(
            passes(sent, grant(least), &quiet),
            "{} {} {:?} needs more than {least:?} of {held:?}",
            sent.method,
            sent.target,
            sent.template
        );
    }
    Ok((allowed.len(), shared.load(Ordering::Relaxed)))
}

/// Runs the proof with random clients and requests. Some of the requests must need several routes,
/// or nothing is proven.
fn prove<S: Served>(catalogue: &'static Catalogue<S>, least_shared: usize) {
    let counts = Cell::new((0, 0));
    let tenants = prop_oneof![
        Just(&["acme", "all"][..]),
        Just(&["acme"][..]),
        Just(&["other"][..]),
        Just(&["acme", "all", "users", "7", "export", "files", "secret", "pages"][..])
    ];
    let client = (prop::collection::vec(any::<Index>(), 1..8), tenants, prop::collection::vec(asked(), 1..12));
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() });
    let outcome = runner.run(&client, |(held, tenants, requests)| {
        let (more, more_shared) = proven(catalogue, &held, tenants, &requests)?;
        counts.set((counts.get().0 + more, counts.get().1 + more_shared));
        Ok(())
    });
    outcome.unwrap();
    let (allowed, shared) = counts.get();
    println!("{allowed} requests allowed, {shared} of them on several routes");
    assert!(allowed > 1_000 && shared >= least_shared, "{allowed} {shared}");
}

#[test]
fn the_least_set_passes_what_was_recorded() {
    prove(&mixed::api::CATALOGUE, 40);
    prove(&shapes::api::CATALOGUE, 20);
    prove(&kinds::api::CATALOGUE, 0);
    prove(&open_shapes::api::CATALOGUE, 2);
}
