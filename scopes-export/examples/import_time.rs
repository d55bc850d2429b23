//! Prints how long the import of OpenAPI documents with 10,000 operations takes.
//!
//! `cargo run --release -p scopes-export --features yaml --example import_time`. It fails if an
//! import takes longer than two seconds, or ten without optimisation.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use scopes_export::openapi::read::{NoFiles, Options, import};

const RESOURCES: usize = 1_250;
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });

/// Eight operations for each resource: method, the end of the path, and the demand in JSON, which
/// is YAML as well.
const OPERATIONS: [(&str, &str, &str); 8] = [
    ("get", "", "[{\"o\": [\"RESOURCE.read\"]}, {\"o\": [\"all.read\"]}]"),
    ("post", "", "[{\"o\": [\"RESOURCE.write\"]}]"),
    ("get", "/{id}", "[{\"o\": [\"RESOURCE.read\"]}, {\"o\": [\"all.read\"]}]"),
    ("put", "/{id}", "[{\"o\": [\"RESOURCE.read\", \"RESOURCE.write\"]}]"),
    ("delete", "/{id}", "[{\"o\": [\"RESOURCE.write\"]}]"),
    ("get", "/{id}/history", "[{\"o\": []}]"),
    ("post", "/{id}:archive", "[{\"o\": [\"RESOURCE.write\"]}]"),
    ("get", "/status", "[{}]"),
];

fn yaml() -> String {
    let mut text = String::from("openapi: 3.1.0\npaths:\n");
    for resource in 0..RESOURCES {
        let mut last = None;
        for (number, (method, end, security)) in OPERATIONS.iter().enumerate() {
            if last != Some(end) {
                let _ = writeln!(text, "  /resources{resource}{end}:");
            }
            last = Some(end);
            let security = security.replace("RESOURCE", &format!("resource{resource}"));
            let _ = writeln!(
                text,
                "    {method}:\n      operationId: operation{resource}_{number}\n      summary: An operation of resource {resource}.\n      \
                 parameters:\n        - {{name: id, in: path, required: true, schema: {{type: string}}}}\n      \
                 security: {security}\n      responses:\n        \"200\":\n          description: The answer."
            );
        }
    }
    text
}

fn json() -> String {
    let mut text = String::from("{\"openapi\": \"3.1.0\", \"paths\": {");
    for resource in 0..RESOURCES {
        let mut last = None;
        for (number, (method, end, security)) in OPERATIONS.iter().enumerate() {
            let open = match last {
                None if resource == 0 => format!("\n\"/resources{resource}{end}\": {{"),
                None => format!("}},\n\"/resources{resource}{end}\": {{"),
                Some(last) if last == end => ",".to_owned(),
                Some(_) => format!("}},\n\"/resources{resource}{end}\": {{"),
            };
            last = Some(end);
            let security = security.replace("RESOURCE", &format!("resource{resource}"));
            let _ = write!(
                text,
                "{open}\"{method}\": {{\"operationId\": \"operation{resource}_{number}\", \"summary\": \"An operation.\", \
                 \"security\": {security}, \"responses\": {{\"200\": {{\"description\": \"The answer.\"}}}}}}"
            );
        }
    }
    text + "}}}"
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut is_slow = false;
    for (what, text) in [("YAML", yaml()), ("JSON", json())] {
        let start = Instant::now();
        let mut read = import(&text, "api", &mut NoFiles, &Options::new())?;
        let mut time = start.elapsed();
        // The fastest of three, because the machine may do other work as well.
        for _ in 0..2 {
            let start = Instant::now();
            read = import(&text, "api", &mut NoFiles, &Options::new())?;
            time = time.min(start.elapsed());
        }
        is_slow |= time > LIMIT;
        println!(
            "{what}: {} operations in {} KiB, {} routes, {} scopes, {} findings, {time:.0?}",
            read.operations(),
            text.len() / 1024,
            read.catalogue().routes().len(),
            read.catalogue().scopes().len(),
            read.findings().len()
        );
        if read.catalogue().routes().len() != RESOURCES * OPERATIONS.len() {
            return Err("operations are missing".into());
        }
    }
    Ok(if is_slow { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
