//! Prints the cost of a verdict, compared with authorization libraries.
//!
//! The inputs and questions of the libraries differ; each row names them. Some libraries look at
//! method and path, others are given the route.

use std::collections::{BTreeMap, HashSet};
use std::hint::black_box;

use actix_web_grants::authorities::{AuthDetails, AuthoritiesCheck};
use aliri_oauth2::{Scope as AliriScope, ScopePolicy};
use aliri_traits::Policy;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet,
    Request as CedarRequest, RestrictedExpression,
};
use scopes_benches::clock::{markdown, medians};
use scopes_benches::contenders;
use scopes_benches::sets::{self, METHODS, Request, Set, TENANT};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let set = sets::set("dashboard").ok_or("no dashboard")?;
    let requests = set.hits();
    let scopes: Vec<String> = (0..set.routes.len()).map(|route| format!("scope{}", route / 10)).collect();
    let held: HashSet<String> = scopes.iter().cloned().collect();

    let contenders = contenders::all(&set);
    let of = |name: &str| contenders.iter().find(|contender| contender.name() == name).ok_or("no such contender");
    let (decide, matchit) = (of("scopes decide")?, of("matchit")?);
    let casbin = Casbin::new(&set, &scopes, &held)?;
    let cedar = Cedar::new(&set, &scopes, &held)?;
    let details = AuthDetails::new(held.iter().cloned());
    let oauth = held.iter().cloned().collect::<Vec<_>>().join(" ");
    let caller = AliriScope::try_from(oauth.as_str())?;
    let policies: Vec<ScopePolicy> = scopes
        .iter()
        .map(|scope| AliriScope::try_from(scope.as_str()).map(ScopePolicy::allow_one))
        .collect::<Result<_, _>>()?;

    let with_grants = |route: usize| details.has_authority(scopes[route].as_str());
    let with_aliri = |route: usize| policies[route].evaluate(&caller).is_ok();
    let routed = |check: &dyn Fn(usize) -> bool| {
        requests.iter().filter(|request| matchit.find(request).is_some_and(|route| check(black_box(route)))).count()
    };
    let operations: [(&str, Box<dyn Fn() -> usize + '_>); 6] = [
        ("scopes: path, parameters, scope, tenant", Box::new(|| decide.run(&requests))),
        ("matchit: path and parameters only", Box::new(|| matchit.run(&requests))),
        ("matchit, then actix-web-grants: path, scope", Box::new(|| routed(&with_grants))),
        ("matchit, then aliri_oauth2: path, scope", Box::new(|| routed(&with_aliri))),
        (
            "matchit, then Cedar: path, scope, tenant",
            Box::new(|| {
                requests
                    .iter()
                    .filter(|request| matchit.find(request).is_some_and(|route| cedar.allows(route, request)))
                    .count()
            }),
        ),
        (
            "casbin, keyMatch2: path, scope",
            Box::new(|| requests.iter().filter(|request| casbin.allows(request)).count()),
        ),
    ];
    for (name, operation) in &operations {
        assert_eq!(operation(), requests.len(), "{name} denies what is allowed");
    }
    let timed: Vec<_> =
        operations.iter().map(|(_, operation)| (requests.len(), || _ = black_box(operation()))).collect();
    let names = operations.iter().map(|(name, _)| (*name).to_owned());
    markdown("one verdict on the dashboard's 128 routes", &names.zip(medians(&timed)).collect::<Vec<_>>());
    Ok(())
}

/// One policy line per route. The caller has the role of each scope.
struct Casbin(Enforcer);

impl Casbin {
    fn new(set: &Set, scopes: &[String], held: &HashSet<String>) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let model = DefaultModel::from_str(
                "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n[role_definition]\ng = _, _\n\
                 [policy_effect]\ne = some(where (p.eft == allow))\n\
                 [matchers]\nm = r.act == p.act && keyMatch2(r.obj, p.obj) && g(r.sub, p.sub)\n",
            );
            let mut enforcer = Enforcer::new(model.await?, MemoryAdapter::default()).await?;
            let lines = set.routes.iter().zip(scopes).map(|((method, path), scope)| {
                let path = path.replace('{', ":").replace('}', "");
                vec![scope.clone(), path, METHODS[*method].to_owned()]
            });
            enforcer.add_policies(lines.collect()).await?;
            let roles = held.iter().map(|scope| vec!["caller".to_owned(), scope.clone()]).collect();
            enforcer.add_grouping_policies(roles).await?;
            Ok(Self(enforcer))
        })
    }

    fn allows(&self, request: &Request) -> bool {
        self.0.enforce(("caller", request.path.as_str(), METHODS[request.method])).unwrap_or(false)
    }
}

/// One policy per scope, for the actions that are its routes. The environment is the resource.
struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    caller: EntityUid,
    actions: Vec<EntityUid>,
    environment: EntityTypeName,
}

impl Cedar {
    fn new(set: &Set, scopes: &[String], held: &HashSet<String>) -> Result<Self, Failure> {
        let uid = |kind: &str, id: &str| -> Result<EntityUid, Failure> {
            Ok(EntityUid::from_type_name_and_id(kind.parse::<EntityTypeName>()?, EntityId::new(id)))
        };
        let actions: Vec<EntityUid> =
            (0..set.routes.len()).map(|route| uid("Action", &format!("route{route}"))).collect::<Result<_, _>>()?;
        let mut of_scope: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (route, scope) in scopes.iter().enumerate() {
            of_scope.entry(scope).or_default().push(format!("Action::\"route{route}\""));
        }
        let text: String = of_scope
            .iter()
            .map(|(scope, actions)| {
                format!(
                    "permit(principal, action in [{}], resource) when {{ principal.scopes.contains(\"{scope}\") && \
                     principal.environment == resource }};\n",
                    actions.join(", ")
                )
            })
            .collect();
        let caller = uid("Token", "caller")?;
        let held = RestrictedExpression::new_set(held.iter().cloned().map(RestrictedExpression::new_string));
        let environment = RestrictedExpression::new_entity_uid(uid("Environment", TENANT)?);
        let attributes = [("scopes".to_owned(), held), ("environment".to_owned(), environment)];
        let entity = Entity::new(caller.clone(), attributes.into_iter().collect(), HashSet::new())?;
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: text.parse()?,
            entities: Entities::from_entities([entity], None)?,
            caller,
            actions,
            environment: "Environment".parse()?,
        })
    }

    fn allows(&self, route: usize, request: &Request) -> bool {
        let tenant = request.path.split('/').find(|segment| *segment == TENANT).unwrap_or(TENANT);
        let resource = EntityUid::from_type_name_and_id(self.environment.clone(), EntityId::new(tenant));
        let request =
            CedarRequest::new(self.caller.clone(), self.actions[route].clone(), resource, Context::empty(), None);
        request.is_ok_and(|request| {
            let answer = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
            answer.decision() == Decision::Allow
        })
    }
}
