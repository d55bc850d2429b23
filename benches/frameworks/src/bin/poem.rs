//! poem: permits as extractors; the gate is around each endpoint.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use frameworks::{CREDENTIALS, Failure, Layers, Register, Run, TENANT, api, registered, succeeded};
use http::{HeaderValue, Method, header};
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt, FromRequest, IntoResponse, Request, RequestBody, Response, RouteMethod};
use scopes::poem::Gate;
use scopes::{Permit, Required, Route};

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let paths = Paths { with_gate: run.layers == Layers::Gate, by_path: BTreeMap::new() };
    let routes = registered(paths, run.has_permits()).router();
    let authenticate = run.authenticate(frameworks::grant()?);
    tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        match run.layers {
            Layers::Bare => called(routes, &run).await,
            Layers::Authenticate | Layers::Permits | Layers::Gate => called(routes.with(authenticate), &run).await,
        }
    })
}

async fn called(app: impl Endpoint, run: &Run) -> Result<(), Failure> {
    let token = HeaderValue::try_from(CREDENTIALS.to_owned())?;
    let _shared = token.clone();
    let requests = run.requests();
    for _ in 0..run.rounds {
        for (method, path) in &requests {
            let mut request = Request::builder().method(Method::from_bytes(method.as_bytes())?).uri_str(path).finish();
            request.headers_mut().insert(header::AUTHORIZATION, token.clone());
            let answer = app.get_response(request).await;
            succeeded(answer.status().as_u16(), method, path)?;
        }
    }
    println!("{}", requests.len());
    Ok(())
}

/// The handlers of each path.
struct Paths {
    with_gate: bool,
    by_path: BTreeMap<String, Vec<(Method, BoxEndpoint<'static, Response>)>>,
}

impl Paths {
    fn add(mut self, route: Route<'static>, handler: impl Endpoint<Output = Response> + 'static) -> Self {
        let handler = if self.with_gate { handler.with(Gate::<api::Scope>::new()).boxed() } else { handler.boxed() };
        let method = Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
        let path = route.template().replace('{', ":").replace('}', "");
        self.by_path.entry(path).or_default().push((method, handler));
        self
    }

    fn router(self) -> poem::Route {
        self.by_path.into_iter().fold(poem::Route::new(), |router, (path, handlers)| {
            let methods = RouteMethod::new();
            let methods =
                handlers.into_iter().fold(methods, |methods, (method, handler)| methods.method(method, handler));
            router.at(path, methods)
        })
    }
}

impl Register for Paths {
    fn open(self, route: Route<'static>, bound: bool) -> Self {
        self.add(route, Open { bound })
    }

    fn guarded<R: Required<Scope = api::Scope>>(self, route: Route<'static>, bound: bool) -> Self {
        self.add(route, Guarded::<R> { bound, requirement: PhantomData })
    }
}

struct Open {
    bound: bool,
}

impl Endpoint for Open {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        std::hint::black_box(self.bound);
        answer(&request)
    }
}

struct Guarded<R> {
    bound: bool,
    requirement: PhantomData<fn() -> R>,
}

impl<R: Required<Scope = api::Scope>> Endpoint for Guarded<R> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let permit = Permit::<R>::from_request(&request, &mut RequestBody::default()).await?;
        if !self.bound {
            permit.same_tenant(TENANT)?;
        }
        answer(&request)
    }
}

fn answer(request: &Request) -> poem::Result<Response> {
    let values: Vec<String> = request.path_params()?;
    Ok(values.iter().map(String::len).sum::<usize>().to_string().into_response())
}
