//! Prints how long it takes to find the least set among 1,000 scopes on 10,000 routes.
//!
//! `cargo run --release -p scopes-export --example minimum_time`. It fails if a search takes longer
//! than a second, or if one is not proven that should be.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use scopes_core::{Route, RouteId, UntypedCatalogue};
use scopes_export::json::from_json;
use scopes_export::usage::minimum;
use serde_json::json;

const SCOPES: usize = 1_000;
const ROUTES: usize = 10_000;
/// Without optimisation everything is slower.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 1 });

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound
    }
}

/// A catalogue whose route number `n` has the alternatives `any_of(n)`.
fn catalogue(mut any_of: impl FnMut(usize) -> Vec<Vec<usize>>) -> Result<UntypedCatalogue, Box<dyn std::error::Error>> {
    let name = |scope: usize| format!("s{scope}");
    let scopes: Vec<_> = (0..SCOPES).map(|scope| json!({"scope": name(scope)})).collect();
    let routes = (0..ROUTES).map(|route| {
        let mut any: Vec<Vec<usize>> = any_of(route);
        for all in &mut any {
            all.sort_unstable();
            all.dedup();
        }
        any.sort();
        any.dedup();
        let any: Vec<Vec<String>> = any.iter().map(|all| all.iter().copied().map(name).collect()).collect();
        json!({"route": ["GET", format!("/r{route}")], "any_of": any})
    });
    let text = json!({"name": "api", "scopes": scopes, "requirements": routes.collect::<Vec<_>>()}).to_string();
    Ok(from_json(&text)?)
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut random = Random(1);
    // Ten routes for each resource's own scope, and the scope of its area opens them as well.
    let areas = catalogue(|route| vec![vec![10 + route % 900], vec![route % 10]])?;
    // The same, and either of two scopes together with a third one.
    let pairs = catalogue(|route| {
        let own = 100 + route % 900;
        vec![vec![own, route % 10], vec![own, 10 + route % 80]]
    })?;
    // Neighbours open each other's routes, in a circle.
    let neighbours = catalogue(|route| vec![vec![route % SCOPES], vec![(route + 1) % SCOPES]])?;
    // Nothing is like this: three scopes drawn by lot open each route.
    let lots = catalogue(|_| (0..3).map(|_| vec![random.below(SCOPES)]).collect())?;

    let mut is_bad = false;
    for (what, catalogue, share, is_provable) in [
        ("a scope for each resource, or one for its area", &areas, 2, true),
        ("the same, every route used", &areas, 1, true),
        ("two scopes together, or two others", &pairs, 2, true),
        ("the same, every route used", &pairs, 1, true),
        ("neighbours open each other's routes", &neighbours, 3, false),
        ("the same, every route used", &neighbours, 1, false),
        ("scopes by lot, one route in five hundred used", &lots, 500, true),
        ("the same, one route in a hundred used", &lots, 100, false),
        ("scopes by lot, every route used", &lots, 1, false),
    ] {
        let used: Vec<RouteId> = catalogue.routes().map(Route::id).filter(|id| id.index() % share == 0).collect();
        let start = Instant::now();
        let least = minimum(catalogue, used.iter().copied(), None, None);
        let time = start.elapsed();
        is_bad |= time > LIMIT || (is_provable && !least.is_proven());
        let proof = match least.bound() {
            None => "proven".to_owned(),
            Some(bound) => format!("NOT proven, at least {} scopes", bound.scopes()),
        };
        let (scopes, opened) = (least.scopes().len(), least.opened_without_use().len());
        println!(
            "{what}: {} scopes, {} routes, {} used: {scopes} scopes open {opened} more, {proof}, {} ties, {time:.0?}",
            catalogue.scopes().len(),
            catalogue.routes().len(),
            used.len(),
            least.ties().len(),
        );
    }
    Ok(if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
