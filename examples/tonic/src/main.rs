//! The API of the examples over gRPC, with tonic: a method is a route,
//! `POST "/package.Service/Method"`, and the gate refuses before the message is read.
//! `cargo run -p example-tonic`.

use scopes::tower::{Authenticate, Gate};
use scopes::{VerifyError, requires, verifier_fn};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::transport::{Server, server::TcpIncoming};
use tonic::{Request, Response, Status};
use users_server::{Users, UsersServer};

scopes::scopes! {
    /// The permissions of this API's tokens.
    mod api;

    tenant environment;

    /// Read users.
    users.read {
        // The tenant must be in the path of some route. This server does not serve this route.
        GET "/environments/{environment}/users";
        #[unbound("the method compares the message's environment")]
        POST "/examples.Users/List" as list_users;
    }
    /// Add users.
    #[unbound("the method compares the message's environment")]
    users.write { POST "/examples.Users/Create" as create_user; }
}

#[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, reason = "tonic writes this")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/examples.Users.rs"));
}
use generated::users_server;

#[derive(Clone, PartialEq, prost::Message)]
struct Environment {
    #[prost(string, tag = "1")]
    id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct NewUser {
    #[prost(string, tag = "1")]
    environment: String,
    #[prost(string, tag = "2")]
    name: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Names {
    #[prost(string, repeated, tag = "1")]
    names: Vec<String>,
}

struct Store;

#[tonic::async_trait]
impl Users for Store {
    #[requires(api::users.read as permit)]
    async fn list(&self, #[grant] request: Request<Environment>) -> Result<Response<Names>, Status> {
        permit.same_tenant(&request.get_ref().id)?;
        Ok(Response::new(Names { names: vec!["ada".to_owned()] }))
    }

    #[requires(api::users.write as permit)]
    async fn create(&self, #[grant] request: Request<NewUser>) -> Result<Response<Names>, Status> {
        let NewUser { environment, name } = request.into_inner();
        permit.same_tenant(&environment)?;
        Ok(Response::new(Names { names: vec![name] }))
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

async fn serve(listener: TcpListener) -> Result<(), tonic::transport::Error> {
    let authenticate = Authenticate::<api::Scope>::new(verifier_fn(verify));
    let server = Server::builder().layer(authenticate).layer(Gate::<api::Scope>::new().body_with(Body::new));
    { server }.add_service(UsersServer::new(Store)).serve_with_incoming(TcpIncoming::from(listener)).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", include_str!("../try.txt"));
    Ok(serve(TcpListener::bind("127.0.0.1:3000").await?).await?)
}

#[cfg(test)]
mod tests;
