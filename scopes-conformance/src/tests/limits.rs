//! Tests of the rate, the methods and the `Host` of requests.

use std::sync::Mutex;
use std::time::Instant;

use super::*;

/// The requests that a server got, one line per request.
fn asked_for(conformance: impl Fn(SocketAddr) -> Conformance<TestScope>) -> (Report, Vec<String>) {
    let all = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&all);
    let address = serve_answers(move |asked| {
        let headers = asked.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>();
        seen.lock().unwrap().push(format!("{} {} {}", asked.method, asked.target, headers.join(", ")));
        Some(answer(asked, right(asked)))
    });
    let report = conformance(address).run();
    let all = all.lock().unwrap().clone();
    (report, all)
}

#[test]
fn reading_changes_nothing() {
    let (report, all) = asked_for(|address| attacks_on(address).read_only());
    report.assert_clean();
    assert!(all.len() > 1000 && all.iter().any(|asked| asked.starts_with("OPTIONS ")), "{}", all.len());
    for asked in &all {
        assert!(["GET ", "HEAD ", "OPTIONS "].iter().any(|method| asked.starts_with(method)), "{asked}");
        for other in ["POST", "PUT", "PATCH", "DELETE"] {
            assert!(
                !asked.contains(&format!("_method={other}")) && !asked.contains(&format!("ethod: {other}")),
                "{asked}"
            );
            assert!(!asked.contains(&format!("verride: {other}")), "{asked}");
        }
    }
    let posts = CATALOGUE.routes().filter(|route| route.method() == "POST").count();
    assert_eq!(report.unreached.len(), posts);
    assert!(
        report.unreached.iter().all(|route| route.reason == "only methods that change nothing are sent"),
        "{report}"
    );
    assert!(report.read_only && report.to_string().contains("\nread only: "), "{report}");
}

#[test]
fn requests_are_paced() {
    let started = Instant::now();
    let (report, all) = asked_for(|address| without_tricks(attacks_on(address)).at_most_per_second(1000));
    assert!(started.elapsed() > Duration::from_millis(all.len() as u64 - 1), "{report}");
    // Without a limit the client does not pause.
    assert_eq!(conformance(right).at_most_per_second(0).setup.pace, Duration::ZERO);
}

#[test]
fn the_host_has_a_name() {
    let (report, all) = asked_for(|address| without_tricks(attacks_on(address)).host("api.test:8080"));
    report.assert_complete();
    assert!(all.iter().all(|asked| asked.contains("Host: api.test:8080")), "{all:?}");
    for host in ["", "a b", "a\r\nX: y"] {
        assert_eq!(conformance(right).host(host).setup.mistakes(), [Problem::Host], "{host:?}");
    }
}
