//! A link shortener on actix-web: programs send an API key, web pages send a session cookie. `cargo
//! run -p example-shortener`

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::header::LOCATION;
use actix_web::{App, HttpResponse, HttpServer, Responder, delete, get, post, web};
use scopes::{Authenticate, SettingsError, TokenSource, VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// The permissions of the shortener's callers.
    mod api;

    /// See links and their visits.
    links.read { GET "/api/links"; GET "/api/links/{code}"; }
    /// Make and delete links.
    links.write { POST "/api/links"; DELETE "/api/links/{code}"; }
    authenticated("who am I") { GET "/api/me"; }
    public("what the links are for") { GET "/{code}"; }
}

/// Targets and visits by the link's code.
#[derive(Clone, Default)]
struct Links(Arc<Mutex<BTreeMap<String, (String, u64)>>>);

impl Links {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, (String, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[requires(api::links.read)]
#[get("/api/links")]
async fn list(links: web::Data<Links>) -> String {
    links.open().iter().map(|(code, (target, visits))| format!("{code} {target} {visits}\n")).collect()
}

#[requires(api::links.read)]
#[get("/api/links/{code}")]
async fn show(links: web::Data<Links>, code: web::Path<String>) -> Option<String> {
    links.open().get(&*code).map(|(target, visits)| format!("{target} {visits}\n"))
}

#[requires(api::links.write)]
#[post("/api/links")]
async fn make(links: web::Data<Links>, target: String) -> impl Responder {
    if !target.starts_with("https://") {
        return HttpResponse::BadRequest().body("a link leads to https://\n");
    }
    let mut links = links.open();
    let code = format!("l{}", links.len());
    links.insert(code.clone(), (target, 0));
    HttpResponse::Created().body(format!("{code}\n"))
}

#[requires(api::links.write)]
#[delete("/api/links/{code}")]
async fn remove(links: web::Data<Links>, code: web::Path<String>) -> Option<&'static str> {
    links.open().remove(&*code).map(|_| "deleted\n")
}

#[get("/api/me")]
async fn me(caller: api::Grant) -> String {
    format!("{}: {}\n", caller.subject().unwrap_or_default(), caller.scopes())
}

#[get("/{code}")]
async fn visit(links: web::Data<Links>, code: web::Path<String>) -> impl Responder {
    match links.open().get_mut(&*code) {
        Some((target, visits)) => {
            *visits += 1;
            HttpResponse::Found().insert_header((LOCATION, target.as_str())).finish()
        }
        None => HttpResponse::NotFound().finish(),
    }
}

/// Stands in for a look-up in a database.
async fn api_key(key: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes = match &*key {
        "key|reader" => api::Scope::LinksRead,
        "key|writer" => api::Scope::LinksWrite,
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes).with_subject(key)))
}

/// Users who have logged in may do everything.
async fn session(id: String) -> Result<Option<api::Grant>, VerifyError> {
    Ok((id == "session-of-ada").then(|| api::Grant::new(api::Scopes::all()).with_subject("ada")))
}

fn authenticate() -> Result<Authenticate<api::Scope>, SettingsError> {
    let keys = Authenticate::new(verifier_fn(api_key)).source(TokenSource::header("x-api-key")?);
    Ok(keys.or(TokenSource::cookie("session"), verifier_fn(session)))
}

fn configure(services: &mut web::ServiceConfig) {
    services.service(list).service(show).service(make).service(remove).service(me).service(visit);
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (links, authenticate) = (web::Data::new(Links::default()), authenticate()?);
    let app = move || App::new().app_data(links.clone()).configure(configure).wrap(authenticate.clone());
    println!("curl -i -H 'X-Api-Key: key|writer' -d https://example.com http://127.0.0.1:3000/api/links");
    println!("curl -i -H 'X-Api-Key: key|reader' http://127.0.0.1:3000/api/links");
    Ok(HttpServer::new(app).bind(("127.0.0.1", 3000))?.run().await?)
}

#[cfg(test)]
mod tests;
