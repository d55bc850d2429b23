//! actix-web: permits as extractors. A gate does not exist for actix-web.

use std::collections::BTreeMap;

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::http::{Method, Uri};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, HttpRequest};
use frameworks::{CREDENTIALS, Failure, Layers, Register, Run, TENANT, api, registered, succeeded};
use scopes::{Denied, Permit, Required, Route};

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let routes = |config: &mut ServiceConfig| registered(Paths::default(), run.has_permits()).configure(config);
    let authenticate = run.authenticate(frameworks::grant()?);
    actix_web::rt::System::new().block_on(async {
        match run.layers {
            Layers::Bare => called(init_service(App::new().configure(routes)).await, &run).await,
            Layers::Authenticate | Layers::Permits => {
                called(init_service(App::new().configure(routes).wrap(authenticate)).await, &run).await
            }
            Layers::Gate => Err("actix-web has no gate".into()),
        }
    })
}

async fn called<A, B>(app: A, run: &Run) -> Result<(), Failure>
where
    A: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let token = HeaderValue::try_from(CREDENTIALS.to_owned())?;
    let _shared = token.clone();
    let requests = run.requests();
    for _ in 0..run.rounds {
        for (method, path) in &requests {
            let mut request = TestRequest::default().to_request();
            let head = request.head_mut();
            head.method = Method::from_bytes(method.as_bytes())?;
            head.uri = Uri::try_from(path.as_str())?;
            head.headers.insert(AUTHORIZATION, token.clone());
            let answer = app.call(request).await?;
            succeeded(answer.status().as_u16(), method, path)?;
        }
    }
    println!("{}", requests.len());
    Ok(())
}

/// The handlers of each path.
#[derive(Default)]
struct Paths(BTreeMap<String, Vec<actix_web::Route>>);

impl Paths {
    fn add(mut self, route: Route<'static>, handler: impl FnOnce(actix_web::Route) -> actix_web::Route) -> Self {
        let method = Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
        self.0.entry(route.template()).or_default().push(handler(web::method(method)));
        self
    }

    fn configure(self, config: &mut ServiceConfig) {
        for (path, handlers) in self.0 {
            config.service(handlers.into_iter().fold(web::resource(path), |resource, handler| resource.route(handler)));
        }
    }
}

impl Register for Paths {
    fn open(self, route: Route<'static>, bound: bool) -> Self {
        self.add(route, |handler| {
            handler.to(move |request: HttpRequest| async move {
                std::hint::black_box(bound);
                answer(&request)
            })
        })
    }

    fn guarded<R: Required<Scope = api::Scope>>(self, route: Route<'static>, bound: bool) -> Self {
        self.add(route, |handler| {
            handler.to(move |permit: Permit<R>, request: HttpRequest| async move {
                if !bound {
                    permit.same_tenant(TENANT)?;
                }
                Ok::<_, Denied>(answer(&request))
            })
        })
    }
}

fn answer(request: &HttpRequest) -> String {
    request.match_info().iter().map(|(_, value)| value.len()).sum::<usize>().to_string()
}
