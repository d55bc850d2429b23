//! Prints what a permit costs without a hook, with a hook that does nothing, and with the recorder:
//! nanoseconds on one thread and on all of them, with one token for each thread and with one token
//! for all. `cargo run --release -p recorder`. The catalogue is the dashboard's.
//!
//! `recorder MODE ROUNDS` runs one mode (`without`, `hook`, `recorder`) on one thread, for counting
//! instructions.

use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use http::{Extensions, Method};
use scopes::check::{Facts, permit};
use scopes::usage::Recorder;
use scopes::{Authentication, Settings};

#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;

use catalogue::api;

const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const ROUNDS: usize = 1_000_000;
const REPEATS: usize = 7;

fn settings(mode: &str, recorder: &Recorder) -> Settings {
    match mode {
        "without" => Settings::new(),
        "hook" => Settings::new().on_decision(|event| {
            black_box(event.token_id());
        }),
        "recorder" => Settings::new().on_decision(recorder.hook()),
        other => panic!("no mode `{other}`"),
    }
}

fn stored(settings: Settings, id: &str) -> Extensions {
    let grant =
        api::Grant::new(api::Scope::EnvironmentUsersRead).for_tenant(TENANT).map(|grant| grant.with_token_id(id));
    let mut extensions = Extensions::new();
    let grant = grant.unwrap_or_else(|error| panic!("{error}"));
    Authentication::Granted(grant).store(&mut extensions, &Arc::new(settings));
    extensions
}

fn permits(extensions: &Extensions, rounds: usize) {
    let target = format!("/api/v0/environments/{TENANT}/users");
    for _ in 0..rounds {
        let facts = Facts::new(&Method::GET, black_box(&target));
        let facts = facts.with_template("/api/v0/environments/{environmentId}/users");
        assert!(black_box(permit::<api::permits::EnvironmentUsersRead>(extensions, facts)).is_ok());
    }
}

/// The time of one decision, the median of several runs.
fn time(mode: &str, threads: usize, is_shared: bool) -> Duration {
    let mut times: Vec<Duration> = (0..REPEATS)
        .map(|_| {
            let recorder = Recorder::new(&api::CATALOGUE);
            let barrier = Barrier::new(threads);
            let run = |thread: usize| {
                let id = if is_shared { "t-0".to_owned() } else { format!("t-{thread}") };
                let extensions = stored(settings(mode, &recorder), &id);
                permits(&extensions, 1_000);
                barrier.wait();
                let start = Instant::now();
                permits(&extensions, ROUNDS);
                start.elapsed()
            };
            let run = &run;
            thread::scope(|scope| {
                let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
                workers.into_iter().filter_map(|worker| worker.join().ok()).max().unwrap_or_default()
            })
        })
        .collect();
    times.sort();
    times[times.len() / 2] / u32::try_from(ROUNDS).unwrap_or(u32::MAX)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, rounds] = arguments.as_slice() {
        let rounds: usize = rounds.parse().unwrap_or_else(|error| panic!("{rounds}: {error}"));
        let recorder = Recorder::new(&api::CATALOGUE);
        return permits(&stored(settings(mode, &recorder), "t-0"), rounds);
    }
    let all = thread::available_parallelism().map_or(1, usize::from);
    println!("| | 1 thread | {all} threads | {all} threads, one token |\n|---|---|---|---|");
    for (mode, what) in [("without", "no hook"), ("hook", "a hook that does nothing"), ("recorder", "the recorder")] {
        let times = [time(mode, 1, false), time(mode, all, false), time(mode, all, true)];
        println!("| {what} | {:?} | {:?} | {:?} |", times[0], times[1], times[2]);
    }
}
