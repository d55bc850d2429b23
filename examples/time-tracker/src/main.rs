//! A time tracker on rocket, for one person's own machine. Without a key every program there may do
//! everything. With `API_KEY=..` only programs that send the key may. `cargo run -p
//! example-time-tracker`

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rocket::http::Status;
use rocket::{Build, Rocket, State, delete, get, launch, post, routes};
use scopes::{Authenticate, VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// The permissions of programs on the recorded time.
    mod api;
    base "/api/0";

    /// Read buckets and their events.
    events.read { GET "/buckets"; GET "/buckets/{bucket}"; GET "/buckets/{bucket}/events"; }
    /// Record events.
    events.write { POST "/buckets/{bucket}"; POST "/buckets/{bucket}/heartbeat"; }
    /// Delete what was recorded.
    events.delete { DELETE "/buckets/{bucket}"; }
    public("what clients ask for first") { GET "/info"; }
}

/// Events by bucket.
#[derive(Clone, Default)]
struct Buckets(Arc<Mutex<BTreeMap<String, Vec<String>>>>);

impl Buckets {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// rocket sends `/buckets/` to this handler too, and the guard treats it like `/buckets`.
#[requires(api::events.read)]
#[get("/buckets")]
fn list(buckets: &State<Buckets>) -> String {
    buckets.open().keys().map(|name| format!("{name}\n")).collect()
}

#[requires(api::events.read)]
#[get("/buckets/<bucket>")]
fn show(buckets: &State<Buckets>, bucket: &str) -> Option<String> {
    buckets.open().get(bucket).map(|events| format!("{bucket}: {} events\n", events.len()))
}

#[requires(api::events.read)]
#[get("/buckets/<bucket>/events")]
fn events(buckets: &State<Buckets>, bucket: &str) -> Option<String> {
    buckets.open().get(bucket).map(|events| events.join("\n"))
}

#[requires(api::events.write)]
#[post("/buckets/<bucket>")]
fn create(buckets: &State<Buckets>, bucket: &str) -> Status {
    buckets.open().entry(bucket.to_owned()).or_default();
    Status::Created
}

/// Records that an event lasts. If the last event is the same and `pulsetime` is not 0, nothing is
/// added.
#[requires(api::events.write)]
#[post("/buckets/<bucket>/heartbeat?<pulsetime>", data = "<event>")]
fn heartbeat(buckets: &State<Buckets>, bucket: &str, pulsetime: u32, event: String) -> Option<Status> {
    let mut buckets = buckets.open();
    let events = buckets.get_mut(bucket)?;
    if pulsetime == 0 || events.last() != Some(&event) {
        events.push(event);
    }
    Some(Status::Accepted)
}

#[requires(api::events.delete)]
#[delete("/buckets/<bucket>")]
fn remove(buckets: &State<Buckets>, bucket: &str) -> Option<Status> {
    buckets.open().remove(bucket).map(|_| Status::NoContent)
}

#[get("/info")]
fn info(caller: api::Caller) -> &'static str {
    if caller.into_grant().is_some() { "a program with the key\n" } else { "a program without a key\n" }
}

fn everything() -> api::Grant {
    api::Grant::new(api::Scopes::all())
}

fn server(buckets: Buckets, key: Option<String>) -> Rocket<Build> {
    let open = key.is_none();
    let verify = move |token: String| {
        let is_key = key.as_ref() == Some(&token);
        async move { Ok::<_, VerifyError>(is_key.then(everything)) }
    };
    let who = Authenticate::new(verifier_fn(verify)).anonymous(open.then(everything));
    rocket::build()
        .mount("/api/0", routes![list, show, events, create, heartbeat, remove, info])
        .manage(buckets)
        .attach(who)
}

#[launch]
fn rocket() -> _ {
    println!("curl -i -X POST http://127.0.0.1:8000/api/0/buckets/editor");
    println!("curl -i -d main.rs 'http://127.0.0.1:8000/api/0/buckets/editor/heartbeat?pulsetime=5'");
    println!("curl -i http://127.0.0.1:8000/api/0/buckets/");
    server(Buckets::default(), std::env::var("API_KEY").ok())
}

#[cfg(test)]
mod tests;
