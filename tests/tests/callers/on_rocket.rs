use rocket::http::{Header, Method};
use rocket::local::blocking::Client;
use rocket::{Config, get, post, routes};
use scopes::requires;

use super::{Answer, Server, Setup, api, greeted, permitted};

#[get("/start")]
fn start_page() -> &'static str {
    "start"
}

#[get("/greeting")]
fn greeting(caller: api::Caller) -> String {
    greeted(&caller)
}

#[get("/whoami")]
fn whoami(caller: api::Caller) -> String {
    greeted(&caller)
}

#[get("/undeclared")]
fn undeclared(caller: api::Caller) -> String {
    greeted(&caller)
}

#[get("/known")]
fn known(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[requires(api::packages.read)]
#[get("/peek")]
fn peek(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
#[get("/held")]
fn held(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[get("/me")]
fn me(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[requires(api::packages.read as permit)]
#[get("/packages")]
fn list() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
#[get("/drafts/<_>")]
fn draft() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
#[get("/accounts/<_>/packages")]
fn of_account() -> String {
    permitted(&permit)
}

#[requires(api::packages.write as permit)]
#[post("/packages")]
fn create() -> String {
    permitted(&permit)
}

#[requires(api::packages.export as permit)]
#[get("/packages/export")]
fn export() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
#[get("/packages/<owner>", rank = 2)]
fn compared(owner: &str) -> Result<String, scopes::Denied> {
    permit.same_tenant(owner)?;
    Ok(permitted(&permit))
}

pub(super) fn start(setup: &Setup) -> Server {
    let server = rocket::custom(Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() })
        .mount("/", routes![start_page, greeting, whoami, undeclared, known, peek, held])
        .mount("/", routes![me, list, draft, of_account, create, export, compared])
        .attach(setup.authenticate.clone());
    let client = Client::untracked(server).unwrap();
    Box::new(move |ask| {
        let mut request = client.req(ask.method.parse::<Method>().unwrap(), ask.target.to_owned());
        if !ask.credentials.is_empty() {
            request.add_header(Header::new("authorization", ask.credentials.to_owned()));
        }
        let response = request.dispatch();
        let challenge = response.headers().get_one("www-authenticate").unwrap_or_default().to_owned();
        Answer { status: response.status().code, challenge, text: response.into_string().unwrap_or_default() }
    })
}
