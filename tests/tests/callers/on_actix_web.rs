use actix_web::body::MessageBody as _;
use actix_web::dev::Service as _;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, web};
use scopes::requires;

use super::{Answer, Server, Setup, api, greeted, permitted};

#[requires(api::packages.read as permit)]
async fn list() -> String {
    permitted(&permit)
}

#[requires(api::packages.write as permit)]
async fn create() -> String {
    permitted(&permit)
}

#[requires(api::packages.export as permit)]
async fn export() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
async fn compared(owner: web::Path<String>) -> Result<String, scopes::Denied> {
    permit.same_tenant(&owner)?;
    Ok(permitted(&permit))
}

async fn greeting(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
async fn peek(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
async fn held(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

async fn me(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

pub(super) fn start(setup: &Setup) -> Server {
    let runtime = actix_web::rt::System::new();
    let app = App::new()
        .route("/start", web::get().to(async || "start"))
        .route("/greeting", web::get().to(greeting))
        .route("/known", web::get().to(me))
        .route("/me", web::get().to(me))
        .route("/whoami", web::get().to(greeting))
        .route("/peek", web::get().to(peek))
        .route("/held", web::get().to(held))
        .route("/undeclared", web::get().to(greeting))
        .route("/packages", web::get().to(list))
        .route("/packages", web::post().to(create))
        .route("/packages/export", web::get().to(export))
        .route("/packages/{id}", web::get().to(compared))
        .route("/drafts/{id}", web::get().to(list))
        .route("/accounts/{account}/packages", web::get().to(list))
        .wrap(setup.authenticate.clone());
    let app = runtime.block_on(init_service(app));
    Box::new(move |ask| {
        let request = TestRequest::with_uri(ask.target).method(ask.method.parse().unwrap());
        let request = if ask.credentials.is_empty() {
            request
        } else {
            request.insert_header(("authorization", ask.credentials))
        };
        runtime.block_on(async {
            let response = app.call(request.to_request()).await.unwrap();
            let challenge = response.headers().get("www-authenticate");
            let challenge = challenge.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            let status = response.status().as_u16();
            let text = actix_web::body::to_bytes(response.into_body().boxed()).await.unwrap();
            Answer { status, text: String::from_utf8(text.to_vec()).unwrap(), challenge }
        })
    })
}
