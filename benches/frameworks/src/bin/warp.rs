//! warp: permits as filters; authentication and gate are tower layers around its service.

use std::convert::Infallible;

use frameworks::{CREDENTIALS, Failure, Layers, Register, Run, TENANT, api, registered, succeeded};
use http::{HeaderValue, Request, header};
use scopes::tower::Gate;
use scopes::warp::{Guard, recover};
use scopes::{Denied, Permit, Required, Route};
use tower::{Layer, Service};
use warp::filters::BoxedFilter;
use warp::reply::Response;
use warp::{Filter, Reply};

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let service = warp::service(registered(Filters::default(), run.has_permits()).all());
    let authenticate = run.authenticate(frameworks::grant()?);
    tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        match run.layers {
            Layers::Bare => called(service, &run).await,
            Layers::Authenticate | Layers::Permits => called(authenticate.layer(service), &run).await,
            Layers::Gate => called(authenticate.layer(Gate::<api::Scope>::new().layer(service)), &run).await,
        }
    })
}

async fn called<A>(mut app: A, run: &Run) -> Result<(), Failure>
where
    A: Service<Request<String>, Response = Response, Error = Infallible>,
{
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

/// One filter per route.
#[derive(Default)]
struct Filters(Vec<BoxedFilter<(Response,)>>);

impl Filters {
    /// Combines the filters. warp tries them one after another, in the catalogue's order.
    fn all(self) -> BoxedFilter<(Response,)> {
        let none = warp::any().and_then(async || Err::<Response, _>(warp::reject::not_found())).boxed();
        let all = self.0.into_iter().rev().fold(none, |all, filter| filter.or(all).unify().boxed());
        all.recover(recover).map(Reply::into_response).boxed()
    }
}

impl Register for Filters {
    fn open(mut self, route: Route<'static>, bound: bool) -> Self {
        let handler = request(route).map(move |values: Vec<String>| {
            std::hint::black_box(bound);
            answer(&values).into_response()
        });
        self.0.push(handler.boxed());
        self
    }

    fn guarded<R: Required<Scope = api::Scope>>(mut self, route: Route<'static>, bound: bool) -> Self {
        let handler = request(route).guarded().map(move |permit: Permit<R>, values: Vec<String>| {
            let checked = if bound { Ok(()) } else { permit.same_tenant(TENANT).map(|_| ()) };
            checked.map(|()| answer(&values)).map_or_else(Denied::into_response, Reply::into_response)
        });
        self.0.push(handler.boxed());
        self
    }
}

/// Compares method and path, and gives the values of the path's parameters.
fn request(route: Route<'static>) -> BoxedFilter<(Vec<String>,)> {
    let method = http::Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
    let is_method = warp::method().and_then(move |found| {
        std::future::ready(if found == method { Ok(()) } else { Err(warp::reject::not_found()) })
    });
    let mut filter = is_method.untuple_one().map(Vec::new).boxed();
    for segment in route.template().split('/').skip(1) {
        filter = if segment.starts_with('{') {
            let push = |mut values: Vec<String>, value: String| {
                values.push(value);
                values
            };
            filter.and(warp::path::param()).map(push).boxed()
        } else {
            filter.and(warp::path(segment.to_owned())).boxed()
        };
    }
    filter.and(warp::path::end()).boxed()
}

fn answer(values: &[String]) -> String {
    values.iter().map(String::len).sum::<usize>().to_string()
}
