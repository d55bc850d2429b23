//! The catalogue that the servers of these tests serve.

scopes::scopes! {
    pub(crate) mod api;

    base "/api";
    tenant environment;

    users.read {
        under "/environments/:environment" {
            GET "/users";
            GET "/users/:user";
            GET "/files/{*path}";
            GET "/either";
        }
        #[unbound("compared")]
        GET "/users/:user";
        #[global("test")]
        #[raw(key)]
        GET "/raw/:key";
    }
    users.write {
        POST "/environments/:environment/users";
        POST "/environments/:environment/users/{user}:cancel";
        #[global("test")]
        POST "/jobs/{job}:run";
    }
    events.read {
        GET "/environments/:environment/either";
        #[global("the same for all")]
        GET "/eventTypes";
    }
    all.read includes *.read;

    all(users.write, events.read) { POST "/environments/:environment/replay"; }
    public("probe") { GET "/health"; }
    authenticated("who am I") {
        GET "/environments/:environment/me";
        #[global("the caller")]
        GET "/me";
    }
    external("session") { POST "/session"; }
}

pub(crate) use api::{CATALOGUE, Scope as TestScope};

pub(crate) const USERS_READ: TestScope = TestScope::UsersRead;
pub(crate) const USERS_WRITE: TestScope = TestScope::UsersWrite;
pub(crate) const EVENTS_READ: TestScope = TestScope::EventsRead;
pub(crate) const ALL_READ: TestScope = TestScope::AllRead;
