//! Bare tower services: a function that looks for the handler in matchit's routers, one for each
//! method.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use frameworks::{CREDENTIALS, Failure, Layers, Register, Run, TENANT, api, registered, succeeded};
use http::{HeaderValue, Method, Request, Response, header};
use scopes::tower::Gate;
use scopes::{Carrier, Denied, Required, Route};
use tower::{Layer, Service};

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let handlers = Handlers(Arc::new(registered(Routers::default(), run.has_permits())));
    let authenticate = run.authenticate(frameworks::grant()?);
    tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        match run.layers {
            Layers::Bare => called(handlers, &run).await,
            Layers::Authenticate | Layers::Permits => called(authenticate.layer(handlers), &run).await,
            Layers::Gate => called(authenticate.layer(Gate::<api::Scope>::new().layer(handlers)), &run).await,
        }
    })
}

async fn called<A>(mut app: A, run: &Run) -> Result<(), Failure>
where
    A: Service<Request<String>, Response = Response<String>, Error = Infallible>,
{
    // Shared, like the values that hyper reads, so a clone does not allocate.
    let token = HeaderValue::try_from(CREDENTIALS.to_owned())?;
    let _shared = token.clone();
    let requests = run.requests();
    for _ in 0..run.rounds {
        for (method, path) in &requests {
            let request = Request::builder().method(*method).uri(path).header(header::AUTHORIZATION, token.clone());
            let answer = app.call(request.body(String::new())?).await?;
            succeeded(answer.status().as_u16(), method, path)?;
        }
    }
    println!("{}", requests.len());
    Ok(())
}

type Answer = Result<Response<String>, Denied>;
type Handler = Box<dyn Fn(Request<String>, usize) -> Answer + Send + Sync>;

#[derive(Default)]
struct Routers(HashMap<Method, matchit::Router<Handler>>);

impl Routers {
    fn add(mut self, route: Route<'static>, handler: Handler) -> Self {
        let method = Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
        self.0.entry(method).or_default().insert(route.template(), handler).unwrap_or_else(|error| panic!("{error}"));
        self
    }
}

impl Register for Routers {
    fn open(self, route: Route<'static>, bound: bool) -> Self {
        self.add(
            route,
            Box::new(move |_, length| {
                std::hint::black_box(bound);
                Ok(Response::new(length.to_string()))
            }),
        )
    }

    fn guarded<R: Required<Scope = api::Scope>>(self, route: Route<'static>, bound: bool) -> Self {
        self.add(
            route,
            Box::new(move |request, length| {
                let permit = request.permit::<R>()?;
                if !bound {
                    permit.same_tenant(TENANT)?;
                }
                Ok(Response::new(length.to_string()))
            }),
        )
    }
}

#[derive(Clone)]
struct Handlers(Arc<Routers>);

impl Service<Request<String>> for Handlers {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let found = self.0.0.get(request.method()).and_then(|router| router.at(request.uri().path()).ok());
        let answer = match found {
            Some(found) => {
                let length = found.params.iter().map(|(_, value)| value.len()).sum();
                (found.value)(request, length)
            }
            None => Ok(Response::builder().status(404).body(String::new()).unwrap_or_default()),
        };
        ready(Ok(answer.unwrap_or_else(Denied::into_http_response)))
    }
}
