//! tonic: a gRPC method is a route, `POST "/package.Service/Method"`; the gate refuses before the
//! message is read.

use scopes::tower::{Authenticate, Gate};
use scopes::{VerifyError, requires, verifier_fn};
use tonic::body::Body;
use tonic::transport::Server;
use tonic::{Request, Response, Status};
use users_server::{Users, UsersServer};

scopes::scopes! {
    mod api;

    tenant environment;

    users.read {
        GET "/environments/:environment/users";
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/List";
    }
}

#[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, reason = "tonic writes this")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/dashboard.Users.rs"));
}
use generated::users_server;

#[derive(Clone, PartialEq, prost::Message)]
struct Environment {
    #[prost(string, tag = "1")]
    id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Names {
    #[prost(string, repeated, tag = "1")]
    names: Vec<String>,
}

struct Store;

#[tonic::async_trait]
impl Users for Store {
    #[requires(api::users.read as permit, POST "/dashboard.Users/List")]
    async fn list(&self, #[grant] request: Request<Environment>) -> Result<Response<Names>, Status> {
        permit.same_tenant(&request.get_ref().id)?;
        Ok(Response::new(Names { names: vec!["Ada".to_owned()] }))
    }
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead).for_tenant("E1")).transpose()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let authenticate = Authenticate::<api::Scope>::new(verifier_fn(verify));
    let server = Server::builder().layer(authenticate).layer(Gate::<api::Scope>::new().body_with(Body::new));
    Ok({ server }.add_service(UsersServer::new(Store)).serve("127.0.0.1:3000".parse()?).await?)
}
