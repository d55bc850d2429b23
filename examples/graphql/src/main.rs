//! The API of the examples with async-graphql: resolvers check the grant in the request's data, and
//! the tenant is an argument. The program sends a few queries to its own schema: `cargo run -p
//! example-graphql`.

use async_graphql::{Context, EmptySubscription, Object, Request, Result, Schema};
use scopes::{VerifyError, requires};

scopes::scopes! {
    /// The permissions of this API's tokens.
    mod api;

    tenant environment;

    /// Read users.
    users.read {
        GET "/environments/{environment}/users" as list_users;
        GET "/environments/{environment}/users/{user}" as show_user;
    }
    /// Add users.
    users.write { POST "/environments/{environment}/users" as create_user; }
    authenticated("who am I") { GET "/me" as me; }
    public("liveness probe") { GET "/health" as health; }
}

struct Query;

#[Object]
impl Query {
    #[requires(api::users.read, from = ctx.data_opt::<api::Grant>(), tenant = &environment)]
    async fn list_users(&self, ctx: &Context<'_>, environment: String) -> Result<String> {
        Ok(format!("the users of {environment}"))
    }

    #[requires(api::users.read as permit, from = ctx.data_opt::<api::Grant>(), tenant = &environment)]
    async fn show_user(&self, ctx: &Context<'_>, environment: String, user: String) -> Result<String> {
        Ok(format!("{user} of {environment}, shown to {}", permit.subject().unwrap_or_default()))
    }
}

struct Mutation;

#[Object]
impl Mutation {
    #[requires(api::users.write, from = ctx.data_opt::<api::Grant>(), tenant = &environment)]
    async fn create_user(&self, ctx: &Context<'_>, environment: String, name: String) -> Result<String> {
        Ok(format!("{name} is now in {environment}"))
    }
}

/// Stands in for a look-up in a database.
async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes: api::Scopes = match &*token {
        "reader" => api::Scope::UsersRead.into(),
        "writer" => api::Scope::UsersRead | api::Scope::UsersWrite,
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes).for_tenant("E1")?.with_subject(token)))
}

/// Returns the answer, or the text of the first error.
async fn answer(token: &str, query: &str) -> Result<String, VerifyError> {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    // A web framework's handler gets the grant from the verifier, or from its own permit.
    let request = match verify(token.to_owned()).await? {
        Some(grant) => Request::new(query).data(grant),
        None => Request::new(query),
    };
    let response = schema.execute(request).await;
    Ok(response.errors.first().map_or_else(|| response.data.to_string(), |error| error.message.clone()))
}

#[tokio::main]
async fn main() -> Result<(), VerifyError> {
    for (token, query) in [
        ("reader", r#"{ listUsers(environment: "E1") }"#),
        ("reader", r#"{ showUser(environment: "E1", user: "ada") }"#),
        ("writer", r#"mutation { createUser(environment: "E1", name: "grace") }"#),
        ("reader", r#"mutation { createUser(environment: "E1", name: "grace") }"#),
        ("reader", r#"{ listUsers(environment: "E2") }"#),
        ("guessed", r#"{ listUsers(environment: "E1") }"#),
    ] {
        println!("{token}, {query}: {}", answer(token, query).await?);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
