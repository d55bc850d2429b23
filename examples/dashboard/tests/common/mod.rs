//! A server on a port of its own, and a client that sends exactly what a test says.

mod client;
pub(crate) mod database;
#[allow(dead_code, reason = "most tests have no webhooks")]
pub(crate) mod hooked;
#[allow(dead_code, reason = "other tests start a server of their own")]
pub(crate) mod live;
#[cfg(unix)]
#[allow(dead_code, reason = "most tests run the server in their own process")]
pub(crate) mod program;
#[allow(dead_code, reason = "most tests do not lose their database")]
pub(crate) mod proxy;
#[allow(dead_code, reason = "most tests send requests of their own")]
pub(crate) mod script;
#[allow(dead_code, reason = "most tests send no forms")]
pub(crate) mod visitor;

use std::net::SocketAddr;
use std::time::Duration;

use dashboard::app::App;
use dashboard::catalogue::api;
use dashboard::database::sql;
use dashboard::seed::Seed;
use dashboard::server;
use dashboard::session::Session;
use dashboard::settings::{Rates, Settings};
use dashboard::store::Store;
use scopes_store::{NewToken, Page, Token};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use client::{Client, Request, Response};

/// A server on a database of its own, which has the contents of a new database but no tokens.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) app: App,
    pub(crate) seed: Seed,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

/// A stored token and its text.
pub(crate) struct Stored {
    pub(crate) id: String,
    pub(crate) raw: String,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(Seed::new()).await
    }

    pub(crate) async fn start_with(seed: Seed) -> Self {
        Self::start_changed(seed, |_| {}).await
    }

    /// Starts a server with other settings. Without a change it has no rate limits.
    pub(crate) async fn start_changed(seed: Seed, change: impl FnOnce(&mut Settings)) -> Self {
        let store = match database::url().await {
            Some(url) => Store::open(&url.parse().unwrap()).await.unwrap(),
            None => Store::in_memory().await.unwrap(),
        };
        Self::start_on(store, seed, change).await
    }

    /// Starts a server on this database, which must be empty.
    pub(crate) async fn start_on(store: Store, seed: Seed, change: impl FnOnce(&mut Settings)) -> Self {
        store.populate(&seed.contents, Vec::new()).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = Settings::new(format!("http://{address}"));
        settings.rates = Rates::UNLIMITED;
        change(&mut settings);
        let app = App::new(store, settings).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move { stopped.await.unwrap_or_default() };
        let serving = tokio::spawn(server::serve(listener, app.clone(), stopped));
        Self { address, app, seed, stop, serving }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Stores a token directly, without a request to the API.
    pub(crate) async fn token(&self, scopes: &[&str], environment_id: &str) -> Stored {
        let issuer = api::Grant::new(api::Scopes::all()).for_tenant(environment_id).unwrap();
        let new = NewToken::named("made for a test").tenant(environment_id).unwrap();
        let scopes = scopes.iter().map(|scope| scope.parse::<api::Scope>().unwrap());
        let new = scopes.fold(new, NewToken::scopes);
        let made = self.app.store.tokens.issue(&issuer.with_subject(&self.seed.admin), new).await.unwrap();
        Stored { id: made.id().to_owned(), raw: made.secret().reveal().to_owned() }
    }

    /// The environment's tokens in use.
    pub(crate) async fn tokens_of(&self, environment_id: &str) -> Vec<Token<api::Scope>> {
        let page = self.app.store.tokens.of_tenant(environment_id).list(Page::first(1000)).await.unwrap();
        page.into_iter().collect()
    }

    #[allow(dead_code, reason = "most tests need a database that works")]
    /// Makes the database refuse events. Everything else can be written.
    pub(crate) async fn refuse_events(&self) {
        let refuse = sql("").either(
            "CREATE TRIGGER no_events BEFORE INSERT ON objects WHEN NEW.kind = 'event' \
             BEGIN SELECT RAISE(ABORT, 'no events'); END",
            "ALTER TABLE objects ADD CONSTRAINT no_events CHECK (kind <> 'event') NOT VALID",
        );
        self.app.store.database.execute(refuse).await.unwrap();
    }

    /// Makes the JWT of a session.
    pub(crate) fn session(&self, admin_id: &str, environment_id: &str) -> String {
        let session = Session { admin_id: admin_id.to_owned(), environment_id: environment_id.to_owned() };
        self.app.sessions.issue(&session, Duration::from_secs(60)).unwrap()
    }

    /// Stops the server like Ctrl-C.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        let serving = tokio::time::timeout(Duration::from_secs(20), self.serving).await;
        serving.expect("the server stops in time").unwrap();
    }
}
