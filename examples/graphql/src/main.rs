//! async-graphql: resolvers ask the grant that the request's data hold; the tenant is an argument.

use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Request, Result, Schema};
use scopes::requires;

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    /// Read users.
    users.read { GET "/environments/:environment/users"; }
    /// Read event types.
    events.read {
        #[global("event types are the same for everybody")]
        GET "/eventTypes";
    }
}

struct Query;

#[Object]
impl Query {
    #[requires(api::users.read, from = ctx.data_opt::<api::Grant>(), tenant = &environment)]
    async fn users(&self, ctx: &Context<'_>, environment: String) -> Result<Vec<String>> {
        Ok(vec![format!("Ada of {environment}")])
    }

    #[requires(api::events.read, from = ctx.data_opt::<api::Grant>())]
    async fn event_types(&self, ctx: &Context<'_>) -> Result<Vec<&'static str>> {
        Ok(vec!["created", "deleted"])
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    // A web framework's handler gets this one from the verifier, or from its own permit.
    let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("E1")?;
    for query in [r#"{ users(environment: "E1") }"#, r#"{ users(environment: "E2") }"#, "{ eventTypes }"] {
        let response = schema.execute(Request::new(query).data(grant.clone())).await;
        println!("{query}: {} {:?}", response.data, response.errors.first().map(|error| &error.message));
    }
    let response = schema.execute(r#"{ users(environment: "E1") }"#).await;
    println!("without a grant: {:?}", response.errors.first().map(|error| &error.message));
    Ok(())
}
