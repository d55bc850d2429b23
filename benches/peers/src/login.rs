//! axum-login: `permission_required!` on each route, sessions in memory, a user who has logged in.

use std::collections::HashSet;
use std::convert::Infallible;

use axum::body::Body;
use axum::routing::{get, on};
use axum_login::tower_sessions::{MemoryStore, SessionManagerLayer};
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, AuthzBackend, permission_required};
use http::{Request, header};
use tower::Service;
use tower::util::BoxCloneSyncService;

use crate::{App, Failure, Peer, routed, scopes, unguarded};

#[derive(Clone, Debug)]
struct User;

impl AuthUser for User {
    type Id = u64;

    fn id(&self) -> u64 {
        7
    }

    fn session_auth_hash(&self) -> &[u8] {
        b"hash"
    }
}

#[derive(Clone, Debug)]
struct Users;

impl AuthnBackend for Users {
    type User = User;
    type Credentials = ();
    type Error = Infallible;

    async fn authenticate(&self, (): ()) -> Result<Option<User>, Infallible> {
        Ok(Some(User))
    }

    async fn get_user(&self, _: &u64) -> Result<Option<User>, Infallible> {
        Ok(Some(User))
    }
}

impl AuthzBackend for Users {
    type Permission = &'static str;

    async fn get_user_permissions(&self, _: &User) -> Result<HashSet<&'static str>, Infallible> {
        Ok(scopes().collect())
    }
}

async fn log_in(mut session: AuthSession<Users>) -> &'static str {
    match session.login(&User).await {
        Ok(()) => "ok",
        Err(_) => "failed",
    }
}

macro_rules! endpoint {
    ($scope:expr, $filter:ident; $($permission:literal)*) => {
        match $scope {
            $($permission => on($filter, unguarded)
                .route_layer(permission_required!(Users, login_url = "/login", $permission)),)*
            other => panic!("no permission is listed for `{other}`"),
        }
    };
}

pub(crate) async fn peer() -> Result<Peer, Failure> {
    let router = routed(|scope, filter| {
        endpoint!(scope, filter;
            "waas.authenticate" "waas.delegatedAccess.signMessage" "environment.balances.read"
            "environment.apiTokens.read" "environment.apiTokens.write" "environment.events.read"
            "environment.webhooks.read" "environment.webhooks.write" "environment.analytics.read"
            "environment.users.read" "environment.users.write" "environment.settings.read"
            "environment.settings.write"
        )
    });
    let sessions = SessionManagerLayer::new(MemoryStore::default());
    let layer = AuthManagerLayerBuilder::new(Users, sessions).build();
    let mut app: App = BoxCloneSyncService::new(router.route("/login", get(log_in)).layer(layer).with_state(()));
    let answer = app.call(Request::builder().uri("/login").body(Body::empty())?).await?;
    let cookie = answer.headers().get(header::SET_COOKIE).ok_or("no session was begun")?.to_str()?;
    let cookie = cookie.split(';').next().unwrap_or_default().try_into()?;
    Ok((app, header::COOKIE, cookie))
}
