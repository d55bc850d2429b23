//! rocket: permits as request guards. A gate does not exist for rocket.

use std::marker::PhantomData;

use frameworks::{CREDENTIALS, Failure, Layers, Register, Run, TENANT, api, registered, succeeded};
use rocket::http::{Header, Method};
use rocket::local::asynchronous::Client;
use rocket::route::{Handler, Outcome};
use rocket::{Build, Config, Data, Request, Rocket, async_trait};
use scopes::{Permit, Required, Route};

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let config = Config { log_level: rocket::config::LogLevel::Off, ..Config::release_default() };
    let routes = registered(Routes::default(), run.has_permits());
    let server = rocket::custom(config).mount("/", routes.0);
    let authenticate = run.authenticate(frameworks::grant()?);
    let server = match run.layers {
        Layers::Bare => server,
        Layers::Authenticate | Layers::Permits => server.attach(authenticate),
        Layers::Gate => return Err("rocket has no gate".into()),
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(called(server, &run))
}

async fn called(server: Rocket<Build>, run: &Run) -> Result<(), Failure> {
    let client = Client::untracked(server).await?;
    let mut requests = Vec::new();
    for (method, path) in run.requests() {
        requests.push((method, method.parse::<Method>().map_err(|_| method)?, path));
    }
    for _ in 0..run.rounds {
        for (name, method, path) in &requests {
            let request = client.req(*method, path.as_str()).header(Header::new("Authorization", CREDENTIALS));
            succeeded(request.dispatch().await.status().code, name, path)?;
        }
    }
    println!("{}", requests.len());
    Ok(())
}

#[derive(Default)]
struct Routes(Vec<rocket::Route>);

impl Routes {
    fn add(mut self, route: Route<'static>, handler: impl Handler) -> Self {
        let path = route.template().replace('{', "<").replace('}', ">");
        let method = route.method().parse().unwrap_or_else(|_| panic!("rocket has the method of {route}"));
        // Each route has its own rank, because rocket reports collisions between routes that do not
        // overlap.
        let rank = isize::try_from(self.0.len()).unwrap_or_default();
        self.0.push(rocket::Route::ranked(rank, method, &path, handler));
        self
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

#[derive(Clone)]
struct Open {
    bound: bool,
}

#[async_trait]
impl Handler for Open {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        std::hint::black_box(self.bound);
        answer(request)
    }
}

struct Guarded<R> {
    bound: bool,
    requirement: PhantomData<fn() -> R>,
}

impl<R> Clone for Guarded<R> {
    fn clone(&self) -> Self {
        Self { bound: self.bound, requirement: PhantomData }
    }
}

#[async_trait]
impl<R: Required<Scope = api::Scope>> Handler for Guarded<R> {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let permit = match request.guard::<Permit<R>>().await {
            rocket::outcome::Outcome::Success(permit) => permit,
            rocket::outcome::Outcome::Error((status, _)) => return Outcome::Error(status),
            rocket::outcome::Outcome::Forward(status) => return Outcome::Forward((data, status)),
        };
        if !self.bound {
            if let Err(denied) = permit.same_tenant(TENANT) {
                return Outcome::from(request, Err::<(), _>(denied));
            }
        }
        answer(request)
    }
}

fn answer<'r>(request: &'r Request<'_>) -> Outcome<'r> {
    let values = (0..8).map_while(|index| request.param::<&str>(index)?.ok());
    Outcome::from(request, values.map(str::len).sum::<usize>().to_string())
}
