//! salvo: permits as extractors; authentication and gate are hoops of the service.

use std::marker::PhantomData;

use frameworks::{CREDENTIALS, Failure, Layers, Register, Run, TENANT, api, registered, succeeded};
use http::uri::Scheme;
use http::{HeaderValue, Method, header};
use salvo_core::extract::Extractible;
use salvo_core::http::ReqBody;
use salvo_core::{Depot, FlowCtrl, Handler, Request, Response, Router, Service, async_trait};
use scopes::salvo::Gate;
use scopes::{Denied, Permit, Required, Route};

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let service = Service::new(registered(Routes(Router::new()), run.has_permits()).0);
    let authenticate = run.authenticate(frameworks::grant()?);
    let service = match run.layers {
        Layers::Bare => service,
        Layers::Authenticate | Layers::Permits => service.hoop(authenticate),
        Layers::Gate => service.hoop(authenticate).hoop(Gate::<api::Scope>::new()),
    };
    tokio::runtime::Builder::new_current_thread().build()?.block_on(called(service, &run))
}

async fn called(app: Service, run: &Run) -> Result<(), Failure> {
    let token = HeaderValue::try_from(CREDENTIALS.to_owned())?;
    let _shared = token.clone();
    let requests = run.requests();
    for _ in 0..run.rounds {
        for (method, path) in &requests {
            let request = http::Request::builder().method(*method).uri(path);
            let request = request.header(header::AUTHORIZATION, token.clone()).body(ReqBody::None)?;
            let answer = app.handle(Request::from_hyper(request, Scheme::HTTP)).await;
            succeeded(answer.status_code.unwrap_or_default().as_u16(), method, path)?;
        }
    }
    println!("{}", requests.len());
    Ok(())
}

struct Routes(Router);

impl Routes {
    fn add(self, route: Route<'static>, handler: impl Handler) -> Self {
        let method = Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
        let is_method = salvo_core::routing::filters::MethodFilter(method);
        Self(self.0.push(Router::with_path(route.template()).filter(is_method).goal(handler)))
    }
}

impl Register for Routes {
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

#[async_trait]
impl Handler for Open {
    async fn handle(&self, request: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        std::hint::black_box(self.bound);
        answer(request, response);
    }
}

struct Guarded<R> {
    bound: bool,
    requirement: PhantomData<fn() -> R>,
}

impl<R: Required<Scope = api::Scope>> Guarded<R> {
    async fn checked(&self, request: &mut Request, depot: &mut Depot) -> Result<(), Denied> {
        let permit = Permit::<R>::extract(request, depot).await?;
        if !self.bound {
            permit.same_tenant(TENANT)?;
        }
        Ok(())
    }
}

#[async_trait]
impl<R: Required<Scope = api::Scope>> Handler for Guarded<R> {
    async fn handle(&self, request: &mut Request, depot: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        match self.checked(request, depot).await {
            Ok(()) => answer(request, response),
            Err(denied) => {
                response.render(denied);
            }
        }
    }
}

fn answer(request: &Request, response: &mut Response) {
    response.render(request.params().iter().map(|(_, value)| value.len()).sum::<usize>().to_string());
}
