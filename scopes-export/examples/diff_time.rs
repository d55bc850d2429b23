//! Prints how long the comparison of two catalogues of 10,000 routes takes.
//!
//! `cargo run --release -p scopes-export --example diff_time`. It fails if a comparison takes
//! longer than two seconds.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use scopes_core::UntypedCatalogue;
use scopes_core::declaration::Declaration;
use scopes_export::diff::diff;

const RESOURCES: usize = 1_250;
const LIMIT: Duration = Duration::from_secs(2);

/// Eight routes for each resource; `shift` moves each of them to another scope.
fn catalogue(shift: usize, prefix: &str) -> Result<UntypedCatalogue, Box<dyn std::error::Error>> {
    let mut declaration = Declaration::new("api");
    for index in 0..RESOURCES {
        let at = format!("{prefix}/resources{}", (index + shift) % RESOURCES);
        let read = declaration.scope(&format!("resource{index}.read"));
        read.route("GET", &at).route("GET", &format!("{at}/{{id}}")).route("GET", &format!("{at}/{{id}}/history"));
        let write = declaration.scope(&format!("resource{index}.write"));
        write.route("POST", &at).route("PUT", &format!("{at}/{{id}}")).route("DELETE", &format!("{at}/{{id}}"));
        write.route("POST", &format!("{at}/{{id}}:archive")).route("POST", &format!("{at}/batch"));
    }
    declaration.scope("all.read").including("*.read");
    Ok(UntypedCatalogue::from_declaration(&declaration)?)
}

fn with_catch_all() -> Result<UntypedCatalogue, Box<dyn std::error::Error>> {
    let text = scopes_export::json::to_json(&catalogue(0, "")?);
    let public = r#""public": [{"reason": "the site", "routes": [["GET", "/{*page}"], ["POST", "/{a}/{b}/history"]]}], "scopes":"#;
    Ok(UntypedCatalogue::from_json(&text.replacen(r#""scopes":"#, public, 1))?)
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let old = catalogue(0, "")?;
    let mut is_slow = false;
    for (what, new) in [
        ("equal", catalogue(0, "")?),
        ("every route of another scope", catalogue(1, "")?),
        ("every path moved", catalogue(0, "/v2")?),
        ("a catch-all beside all routes", with_catch_all()?),
    ] {
        let start = Instant::now();
        let found = diff(&old, &new)?;
        let time = start.elapsed();
        is_slow |= time > LIMIT;
        println!(
            "{what}: {} and {} routes, {} findings, {time:.0?}",
            old.routes().len(),
            new.routes().len(),
            found.findings().len()
        );
    }
    Ok(if is_slow { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
