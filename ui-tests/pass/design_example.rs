scopes::scopes! {
    /// Permissions of the dashboard API's tokens.
    pub mod api;

    base "/api/v0";
    tenant environmentId;

    /// Read users, their wallets and related data.
    environment.users.read {
        under "/environments/:environmentId" {
            /// Users of an environment.
            GET "/users";
            GET "/users/:userId" as get_user;
        }
        #[deprecated = "use /environments/:environmentId/users/:userId"]
        #[unbound("the user's environment is compared in the handler")]
        GET "/users/:userId";
    }
    environment.users.write { POST "/environments/:environmentId/users"; }
    environment.events.read {
        #[global("event types are the same for all users")]
        GET "/eventTypes";
    }
    environment.events.write;                      // no route: legal

    /// Everything that can be read.
    all.read includes *.read;

    all(environment.users.write, environment.events.read) {      // needs BOTH
        POST "/environments/{environmentId}/users/{userId}:replay";
    }
    public("liveness probe") { GET "/health"; }                  // no credentials
    authenticated("who am I") { GET "/me"; }                     // a valid grant of this catalogue, no scope
    external("dashboard session, checked by its own extractor") { POST "/user/tokens"; }
    "legacy:status" { #[global("old probe")] GET "/status/{ref}"; }   // dotted name derived: legacy.status
}

mod handlers {
    use crate::api;
    use crate::api::environment;
    use scopes::{Denied, requires};

    #[requires(api::environment.users.read)]
    pub async fn list_users() {}

    #[requires(environment.users.read)]
    pub async fn list_users_by_the_short_name() {}

    #[requires(any(api::environment.users.read, api::all.read))]
    pub async fn read_anything() {}

    #[requires(api::environment.users.read, GET "/environments/:environmentId/users")]
    pub async fn list_users_of_the_route() {}

    // The attribute may write the base, and parameters in either form and with any name.
    #[requires(api::environment.users.read, GET "/api/v0/environments/{id}/users")]
    pub async fn list_users_below_the_base() {}

    #[requires(api::environment.users.read as permit)]
    pub async fn show_user(user: u32) -> Result<String, Denied> {
        permit.same_tenant("e1")?;
        let grant: &api::Grant = permit.grant();
        Ok(format!("{user} {:?} {:?} {:?} {:?}", grant, permit.subject(), permit.tenant(), permit.principal_as::<u8>()))
    }

    #[requires(
        all(api::environment.users.write, api::environment.events.read),
        POST "/environments/{environmentId}/users/{userId}:replay",
    )]
    pub async fn replay() {}

    #[requires(all(api::environment.users.read, api::environment.users.write), stricter, GET "/users/:userId")]
    pub async fn edit_user() {}

    #[requires(api::legacy.status, unchecked_route("mounted by a proxy"), GET "/elsewhere")]
    pub async fn status() {}

    pub fn written_by_hand(_: scopes::Permit<api::permits::EnvironmentUsersRead>) {}
}

fn main() {
    use scopes::test::permit;
    let _ = (handlers::replay, handlers::edit_user, handlers::show_user, handlers::status);
    let _ = handlers::list_users(permit("e1"));
    let _ = handlers::list_users_by_the_short_name(permit("e1"));
    let _ = handlers::list_users_of_the_route(permit("e1"));
    let _ = handlers::list_users_below_the_base(permit("e1"));
    let _ = handlers::read_anything(permit("e1"));
    handlers::written_by_hand(permit("e1"));

    assert_eq!(api::Scope::ALL.len(), 6);
    assert_eq!(api::Scope::LegacyStatus.as_str(), "legacy:status");
    assert_eq!(api::Scope::EnvironmentUsersRead.description(), "Read users, their wallets and related data.");
    assert_eq!(api::environment::users::read, api::Scope::EnvironmentUsersRead);
    let found = api::CATALOGUE.at(&http::Method::GET, "/api/v0/environments/e1/users/7").unwrap();
    assert_eq!((found.route().name(), found.tenant().as_deref()), ("get_user", Some("e1")));
}
