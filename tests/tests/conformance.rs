//! Every case of the suite on every server, on real connections; prints a table and fails if any
//! case fails or is skipped.
//!
//! It does not use libtest's harness, so that the table is always visible. Run it with `cargo test
//! --test conformance`. With `CONFORMANCE_ONLY=rocket` only servers of that name are tested. The
//! others are printed as skipped, which is a failure as well.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use scopes_tests::server::ServerUnderTest;
use scopes_tests::servers::{actix_web, axum, hyper, poem, rocket, salvo, warp};
use scopes_tests::suite::{self, Group};

/// The groups of one server, and how many seconds they took.
struct Report {
    server: &'static str,
    groups: Vec<Group>,
    seconds: f32,
    skipped: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Like libtest: a filter that does not match leaves the test out.
    let filtered = arguments.iter().any(|argument| !argument.starts_with('-') && !"conformance".contains(&**argument));
    if filtered || arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    macro_rules! reports {
        ($($server:ty),+ $(,)?) => { vec![$(report(<$server>::NAME, suite::run::<$server>)),+] };
    }
    let mut reports = reports![
        actix_web::ActixWeb,
        axum::AxumPermits,
        axum::AxumGate,
        axum::AxumNormalisedPermits,
        axum::AxumNormalised,
        hyper::HyperGate,
        hyper::HyperCarrier,
        poem::PoemPermits,
        poem::PoemGate,
        poem::PoemNormalised,
        rocket::RocketServer,
        salvo::SalvoPermits,
        salvo::SalvoGate,
        warp::WarpPermits,
        warp::WarpGate,
    ];
    reports.push(report("tonic, carrier", || suite::grpc::run(false)));
    reports.push(report("tonic, tower gate, carrier", || suite::grpc::run(true)));
    let failed = print(&reports);
    let all = || reports.iter().flat_map(|report| &report.groups);
    println!(
        "{} servers in {:.1} s, {} cases, {failed} failed; {} groups that do not apply",
        reports.len(),
        started.elapsed().as_secs_f32(),
        all().map(|group| group.cases).sum::<usize>(),
        all().filter(|group| group.not_applicable.is_some()).count()
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Each server gets its own runtime, so that it ends with its cases.
fn report<F: Future<Output = Vec<Group>>>(server: &'static str, run: impl FnOnce() -> F) -> Report {
    let started = Instant::now();
    if std::env::var("CONFORMANCE_ONLY").is_ok_and(|only| !server.contains(&only)) {
        return Report { server, groups: Vec::new(), seconds: 0.0, skipped: true };
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    // A panic does not stop the cases of other servers.
    let groups = catch_unwind(AssertUnwindSafe(|| runtime.block_on(run()))).unwrap_or_default();
    runtime.shutdown_background();
    Report { server, groups, seconds: started.elapsed().as_secs_f32(), skipped: false }
}

fn print(reports: &[Report]) -> usize {
    let width = reports.iter().map(|report| report.server.len()).max().unwrap_or_default();
    let longest = reports.iter().max_by_key(|report| report.groups.len());
    let names: Vec<&str> =
        longest.map(|report| report.groups.iter().map(|group| group.name).collect()).unwrap_or_default();
    print!("{:width$}", "");
    names.iter().for_each(|name| print!("  {name}"));
    println!("  seconds");
    let mut failed = 0;
    for Report { server, groups, seconds, skipped } in reports {
        print!("{server:width$}");
        for group in groups {
            let failures = group.failures.len();
            let count = match (failures, group.not_applicable) {
                (0, Some(_)) => "n/a".to_owned(),
                (0, None) => group.cases.to_string(),
                _ => format!("{failures}/{} FAILED", group.cases),
            };
            print!("  {count:>width$}", width = group.name.len());
            // A group without cases was skipped, unless it gives a reason.
            failed += failures + usize::from(group.cases == 0 && group.not_applicable.is_none());
        }
        if groups.len() != names.len() {
            failed += 1;
            print!("  {}", if *skipped { "SKIPPED" } else { "STOPPED BY A PANIC" });
        }
        println!("  {seconds:7.1}");
    }
    for Report { server, groups, .. } in reports {
        for group in groups {
            group.not_applicable.iter().for_each(|why| println!("{server}, {}: does not apply: {why}", group.name));
            group.impossible.iter().for_each(|what| println!("{server}, {}: not possible there: {what}", group.name));
            group.remarks.iter().for_each(|what| println!("{server}, {}: {what}", group.name));
            group.failures.iter().take(20).for_each(|what| println!("{server}, {}: FAILED: {what}", group.name));
        }
    }
    failed
}
