//! Random catalogues, random axum routers that serve them, random targets and callers. A handler
//! runs only if the caller satisfies the route that the handler was registered for and the route
//! that the path literally means.
//!
//! The oracle shares no code with the guard. It judges by the route that a handler was registered
//! for and by the path that the handler itself got. So the way in which routers are combined must
//! not open anything.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod catalogue;
mod oracle;
mod routers;

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use catalogue::{Access, Declared, NAMES, TestScope};
use scopes::{Authentication, Grant, ScopeSet, Settings, VerifyError, tower::Authenticate, verifier_fn};
use tower::{Service, ServiceExt};

use oracle::{Caller, best, decoded};
use routers::{Ran, Tree, take_ran};

/// A sequence of numbers that a seed determines (xorshift64*).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..5 {
            random.below(2);
        }
        random
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) % end as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Tokens are grants: scope numbers, then whether the caller is of tenant `E1`.
fn authenticate() -> Authenticate<TestScope> {
    Authenticate::new(verifier_fn(async |token: String| Ok::<_, VerifyError>(Some(granted(&token)))))
}

fn granted(token: &str) -> Grant<TestScope> {
    let (scopes, tenant) = token.split_once('/').unwrap();
    let scopes = scopes.bytes().map(|digit| TestScope::numbered(digit - b'0')).collect::<ScopeSet<_>>();
    let grant = Grant::new(scopes);
    if tenant.is_empty() { grant } else { grant.for_tenant(tenant).unwrap() }
}

/// Used instead of [`authenticate`]: makes the token's grant the anonymous grant.
async fn as_anonymous(mut request: Request, next: Next) -> Response {
    let token = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let grant = token.and_then(|token| token.strip_prefix("Bearer ")).map(granted);
    let authentication = grant.map_or(Authentication::Absent, Authentication::Anonymous);
    authentication.store(request.extensions_mut(), &Arc::default());
    next.run(request).await
}

async fn ask<A>(app: &A, method: &str, target: &str, caller: &Caller) -> (u16, Option<Ran>)
where
    A: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    take_ran();
    let mut request = Request::builder().method(method).uri(target);
    if let Some(scopes) = &caller.scopes {
        let digits: String = scopes.iter().map(|&scope| char::from(b'0' + scope)).collect();
        let tenant = if caller.is_of_e1 { "E1" } else { "" };
        request = request.header("authorization", format!("Bearer {digits}/{tenant}"));
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status().as_u16(), take_ran())
}

fn target(random: &mut Random, routes: &[Declared]) -> String {
    let values =
        ["a", "b", "me", "7", "x7", "7.y", "x7.y", ".y", "x", "E1", "E1", "E2", "7:go", ":go", "o-E1", "o-E2", "x7:go"];
    let mut segments: Vec<String> = Vec::new();
    if random.chance(80) {
        for segment in routes[random.below(routes.len())].path.split('/').skip(1) {
            let Some((before, name, after)) = oracle::parameter(segment) else {
                segments.push(if random.chance(8) { random.pick(&values) } else { segment }.to_owned());
                continue;
            };
            if name.starts_with('*') {
                segments.extend((0..1 + random.below(2)).map(|_| random.pick(&values).to_owned()));
                continue;
            }
            let value = match name {
                "t" if random.chance(75) => "E1",
                "t" => random.pick(&["E2", "me", "a"]),
                _ => random.pick(&values),
            };
            segments.push(format!("{before}{value}{after}"));
        }
    } else {
        segments.extend((0..1 + random.below(3)).map(|_| random.pick(&values).to_owned()));
    }
    if random.chance(45) {
        let segment = random.below(segments.len());
        let at = random.below(segments[segment].len());
        let byte = segments[segment].as_bytes()[at];
        let escape = if random.chance(50) { format!("%{byte:02X}") } else { format!("%{byte:02x}") };
        segments[segment].replace_range(at..=at, &escape);
    }
    format!("/{}{}", segments.join("/"), if random.chance(4) { "/" } else { "" })
}

/// Makes callers who hold the scopes of some reading of the target, all scopes, none, and random
/// ones.
fn callers(random: &mut Random, routes: &[Declared], method: &str, target: &str, would_run: &Ran) -> Vec<Caller> {
    let scopes_of = |index: usize| match &routes[index].access {
        Access::Scoped(scopes) => scopes.clone(),
        _ => Vec::new(),
    };
    let of_handler: Vec<u8> = would_run.registered.iter().flat_map(|(index, _)| scopes_of(*index)).collect();
    let of =
        |segments: &[Vec<u8>]| best(routes, method, segments).map(|(index, _)| scopes_of(index)).unwrap_or_default();
    let (of_decoded, of_raw) = (of(&decoded(target)), of(&oracle::raw(target)));
    let all = [&*of_handler, &of_decoded, &of_raw].concat();
    let some = (0..NAMES.len() as u8).filter(|_| random.chance(50)).collect();
    let everything = (0..NAMES.len() as u8).collect();
    let held = [None, Some(everything), Some(of_handler), Some(of_decoded), Some(of_raw), Some(all), Some(some)];
    let of_e1 = held.into_iter().map(|scopes| Caller { scopes, is_of_e1: true, free: None });
    of_e1.chain([Caller { scopes: Some(Vec::new()), is_of_e1: false, free: None }]).collect()
}

#[tokio::test]
async fn no_handler_runs_that_the_caller_does_not_satisfy() {
    // axum panics on routers that it refuses to build. Their messages are not printed.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = tokio::spawn(every_seed()).await;
    let _ = std::panic::take_hook();
    outcome.unwrap();
}

async fn every_seed() {
    let seeds = std::env::var("SCOPES_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(1_500_u64);
    let (mut requests, mut ran_count, mut anonymous_count) = (0, 0, 0_u64);
    let (mut wrong, mut odd) = (Vec::new(), Vec::new());
    for seed in 1..=seeds {
        let random = &mut Random::new(seed);
        let Some(routes) = catalogue::random(random) else { continue };
        for _ in 0..3 {
            let tree = Tree::random(random, &routes);
            let (Some(plain), Some(gated), Some(permits)) =
                (tree.router(&routes, false), tree.router(&routes, false), tree.router(&routes, true))
            else {
                continue;
            };
            let relaxed_route = &routes[random.below(routes.len())];
            let relaxed = Settings::new().report_only_route::<TestScope>(relaxed_route.method, &relaxed_route.path);
            let relaxed = authenticate().settings(relaxed.unwrap());
            let gated = scopes::axum::gate::<TestScope>(gated);
            let relaxed_permits = permits.clone().layer(relaxed.clone());
            let relaxed = gated.clone().layer(relaxed);
            let anonymous = gated.clone().layer(from_fn(as_anonymous));
            let anonymous_permits = permits.clone().layer(from_fn(as_anonymous));
            let (gated, permits) = (gated.layer(authenticate()), permits.layer(authenticate()));
            for _ in 0..14 {
                let target = target(random, &routes);
                let method = random.pick(&["GET", "GET", "GET", "GET", "HEAD", "POST"]);
                let (_, Some(would_run)) = ask(&plain, method, &target, &Caller::default()).await else { continue };
                // These are the limits that the gate's documentation names.
                let meant = best(&routes, method, &oracle::raw(&target)).map(|(index, _)| index);
                let is_unregistered = meant.is_some_and(|index| !tree.serves(&routes, index));
                if tree.is_misused(&routes, &would_run) || is_unregistered && tree.is_unknown_to_a_gate(&would_run) {
                    continue;
                }
                for caller in callers(random, &routes, method, &target, &would_run) {
                    requests += 1;
                    let is_unknown = tree.is_unknown_to_a_gate(&would_run);
                    let mut judge = |which: &str, status: u16, caller: &Caller, ran: &Ran| {
                        for fault in oracle::faults(&routes, method, &target, caller, ran, is_unknown) {
                            let routes: Vec<String> = routes.iter().map(ToString::to_string).collect();
                            wrong.push(format!("{which}, seed {seed}: {method} {target} by {caller:?} was {status} on {tree:?} of {routes:?}: {fault}"));
                        }
                    };
                    let (status, ran) = ask(&gated, method, &target, &caller).await;
                    if let Some(ran) = &ran {
                        ran_count += 1;
                        judge("gate", status, &caller, ran);
                    }
                    let (status, strange) = ask(&anonymous, method, &target, &caller).await;
                    if let Some(fault) = anonymous_fault(&routes, status, strange.as_ref(), ran.as_ref()) {
                        odd.push(format!("anonymous, seed {seed}: {method} {target} by {caller:?}: {fault}"));
                    }
                    anonymous_count += u64::from(strange.is_some());
                    // Relaxing one route never opens another, and never closes one.
                    let free = Caller { free: Some(relaxed_route.to_string()), ..caller.clone() };
                    if !is_unknown {
                        let (status, relaxed) = ask(&relaxed, method, &target, &free).await;
                        match &relaxed {
                            Some(ran) => judge("report only", status, &free, ran),
                            None => {
                                assert!(ran.is_none(), "`report_only` refuses more, seed {seed}: {method} {target}");
                            }
                        }
                    }
                    let (status, ran) = ask(&permits, method, &target, &caller).await;
                    // Without a gate only a handler with a permit is judged.
                    let is_judged = |status: u16, ran: &Ran| status != 500 && ran.has_permits(&routes);
                    let ran = ran.filter(|ran| is_judged(status, ran));
                    let (status, strange) = ask(&anonymous_permits, method, &target, &caller).await;
                    let strange = strange.filter(|ran| is_judged(status, ran));
                    // Handlers without a permit, and mistakes of the set-up, count as refused.
                    let status = if strange.is_none() && (status == 500 || ran.is_none()) { 401 } else { status };
                    if let Some(fault) = anonymous_fault(&routes, status, strange.as_ref(), ran.as_ref()) {
                        odd.push(format!("anonymous, permit, seed {seed}: {method} {target} by {caller:?}: {fault}"));
                    }
                    if let Some(ran) = &ran {
                        judge("permit", status, &caller, ran);
                    }
                    let (status, relaxed) = ask(&relaxed_permits, method, &target, &free).await;
                    match relaxed.filter(|ran| is_judged(status, ran)) {
                        Some(ran) => judge("report only, permit", status, &free, &ran),
                        None => assert!(ran.is_none(), "a permit refuses more, seed {seed}: {method} {target}"),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {requests} requests, the first: {}", wrong.len(), wrong[0]);
    assert!(odd.is_empty(), "{} of {requests} requests, the first: {}", odd.len(), odd[0]);
    assert!(anonymous_count * 5 > requests, "{anonymous_count} of {requests} requests ran a handler, anonymous");
    assert!(requests > 20 * seeds && ran_count * 4 > requests, "{ran_count} of {requests} requests ran a handler");
}

/// Compares the answer to an anonymous caller with the answer to a caller with the same grant and
/// credentials (`known`), and returns what is wrong.
fn anonymous_fault(routes: &[Declared], status: u16, ran: Option<&Ran>, known: Option<&Ran>) -> Option<String> {
    // A router that does not support text beside parameters gives one handler the values of several
    // routes.
    let needs_credentials = |(index, local): &(usize, String), ran: &Ran| {
        routes[*index].access == Access::Authenticated && oracle::takes(local, ran)
    };
    match (ran, known) {
        (Some(_), None) => Some("credentials make it less".to_owned()),
        (Some(ran), Some(_)) if ran.registered.iter().any(|route| needs_credentials(route, ran)) => {
            Some("no credentials".to_owned())
        }
        // Another route that the path can be read as may need credentials.
        (None, Some(_)) if !routes.iter().any(|route| matches!(route.access, Access::Authenticated)) => {
            Some(format!("refused with {status}"))
        }
        (None, _) if !matches!(status, 400 | 401) => Some(format!("answered with {status}")),
        _ => None,
    }
}
