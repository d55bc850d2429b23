//! axum-casbin: a policy for each route, matched by `keyMatch2`, in front of the router.

use std::fmt::Write;

use axum_casbin::casbin::DefaultModel;
use axum_casbin::casbin::StringAdapter;
use axum_casbin::{CasbinAxumLayer, CasbinVals};

use crate::layers::Authenticated;
use crate::{Failure, Peer, TOKEN, by_bearer, router, routes, unguarded};

const MODEL: &str = "
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && keyMatch2(r.obj, p.obj) && r.act == p.act
";

pub(crate) async fn peer() -> Result<Peer, Failure> {
    let mut policies = String::new();
    for (route, _) in routes() {
        let template = route.template();
        let segments = template.split('/').map(|segment| match segment.strip_prefix('{') {
            Some(parameter) => format!(":{}", parameter.trim_end_matches('}')),
            None => segment.to_owned(),
        });
        writeln!(policies, "p, caller, {}, {}", segments.collect::<Vec<_>>().join("/"), route.method())?;
    }
    let model = DefaultModel::from_str(MODEL).await?;
    let layer = CasbinAxumLayer::new(model, StringAdapter::new(policies)).await?;
    let caller = CasbinVals { subject: "caller".to_owned(), domain: None };
    by_bearer(router(|_| unguarded).layer(layer).layer(Authenticated(caller)), TOKEN)
}
