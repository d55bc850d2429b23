use poem::endpoint::BoxEndpoint;
use poem::web::Path;
use poem::{Endpoint as _, EndpointExt as _, IntoEndpoint, Request, Response, Route, get, handler};
use scopes::poem::Gate;
use scopes::requires;

use super::{Answer, Runtime, Server, Setup, api, greeted, permitted};

#[handler]
fn start_page() -> &'static str {
    "start"
}

#[handler]
fn greeting(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
#[handler]
fn peek(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
#[handler]
fn held(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[handler]
fn me(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[requires(api::packages.read as permit)]
#[handler]
fn list() -> String {
    permitted(&permit)
}

#[requires(api::packages.write as permit)]
#[handler]
fn create() -> String {
    permitted(&permit)
}

#[requires(api::packages.export as permit)]
#[handler]
fn export() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
#[handler]
fn compared(Path(owner): Path<String>) -> Result<String, scopes::Denied> {
    permit.same_tenant(&owner)?;
    Ok(permitted(&permit))
}

type Boxed = BoxEndpoint<'static, Response>;

fn served(setup: &Setup, wrap: fn(Boxed) -> Boxed) -> Server {
    fn boxed<E: IntoEndpoint>(endpoint: E) -> Boxed
    where
        E::Endpoint: 'static,
    {
        endpoint.into_endpoint().map_to_response().boxed()
    }
    let app = Route::new()
        .at("/start", wrap(boxed(get(start_page))))
        .at("/greeting", wrap(boxed(get(greeting))))
        .at("/known", wrap(boxed(get(me))))
        .at("/me", wrap(boxed(get(me))))
        .at("/whoami", wrap(boxed(get(greeting))))
        .at("/peek", wrap(boxed(get(peek))))
        .at("/held", wrap(boxed(get(held))))
        .at("/undeclared", wrap(boxed(get(greeting))))
        .at("/packages", wrap(boxed(get(list).post(create))))
        .at("/packages/export", wrap(boxed(get(export))))
        .at("/packages/:id", wrap(boxed(get(compared))))
        .at("/drafts/:id", wrap(boxed(get(list))))
        .at("/accounts/:account/packages", wrap(boxed(get(list))))
        .with(setup.authenticate.clone());
    let runtime = Runtime::new();
    Box::new(move |ask| {
        let request = Request::builder().method(ask.method.parse().unwrap()).uri_str(ask.target);
        let request =
            if ask.credentials.is_empty() { request } else { request.header("authorization", ask.credentials) };
        runtime.run(async {
            let response = app.get_response(request.finish()).await;
            let challenge = response.header("www-authenticate").unwrap_or_default().to_owned();
            Answer {
                status: response.status().as_u16(),
                challenge,
                text: response.into_body().into_string().await.unwrap(),
            }
        })
    })
}

pub(super) fn with_permits(setup: &Setup) -> Server {
    served(setup, |endpoint| endpoint)
}

pub(super) fn gated(setup: &Setup) -> Server {
    served(setup, |endpoint| endpoint.with(Gate::<api::Scope>::new()).boxed())
}
