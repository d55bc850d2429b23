//! Code that the integration tests share: catalogues, the servers under test, the attack corpus,
//! and clients.

pub mod attacks;
pub mod catalogues;
pub mod client;
pub mod journal;
pub mod log;
pub mod probe;
pub mod server;
pub mod servers;
pub mod suite;
pub mod tokens;

scopes::scopes! {
    /// A small API with every kind of route.
    pub mod api;

    base "/api";
    tenant environment;

    /// Read users.
    users.read {
        under "/environments/:environment" {
            GET "/users";
            GET "/users/:user" as get_user;
        }
        #[unbound("the handler compares the user's environment")]
        GET "/users/:user" as user_unbound;
    }
    /// Change users.
    users.write { POST "/environments/:environment/users"; }
    /// Read events.
    events.read {
        #[global("event types are the same for all users")]
        GET "/eventTypes";
    }
    /// Read everything.
    all.read includes *.read;

    public("liveness probe") { GET "/health"; }
    authenticated("who am I") { GET "/me"; }
}
