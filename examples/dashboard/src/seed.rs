//! The contents of a new database: two environments, an administrator of both, and one object of
//! each kind in either environment.

use uuid::Uuid;

use crate::catalogue::api;
use crate::store::{Admin, Contents, Environment, EnvironmentKind, Kind, Membership, Object};

/// The contents of a new database, and their ids.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The argument of [`Store::populate`](crate::store::Store::populate).
    pub contents: Contents,
    /// Id of the live environment.
    pub live: String,
    /// Id of the sandbox.
    pub sandbox: String,
    /// Id of the administrator.
    pub admin: String,
}

impl Seed {
    /// Makes the contents with fresh ids.
    #[must_use]
    pub fn new() -> Self {
        let id = || Uuid::new_v4().to_string();
        let (live, sandbox, admin) = (id(), id(), id());
        let environment = |id: &str, name: &str, kind| Environment { id: id.to_owned(), name: name.to_owned(), kind };
        let objects = [&live, &sandbox].into_iter().flat_map(|owner| {
            Kind::ALL.iter().map(move |&kind| Object { kind, id: id(), environment_id: owner.clone() })
        });
        Self {
            contents: Contents {
                environments: vec![
                    environment(&live, "Example", EnvironmentKind::Live),
                    environment(&sandbox, "Example (sandbox)", EnvironmentKind::Sandbox),
                ],
                admins: vec![Admin {
                    id: admin.clone(),
                    alias: "ada".to_owned(),
                    first_name: "Ada".to_owned(),
                    last_name: "Example".to_owned(),
                    email: "ada@example.com".to_owned(),
                }],
                memberships: [&live, &sandbox]
                    .map(|environment_id| Membership {
                        admin_id: admin.clone(),
                        environment_id: environment_id.clone(),
                        scopes: api::Scopes::all().to_string(),
                    })
                    .into(),
                objects: objects.collect(),
            },
            live,
            sandbox,
            admin,
        }
    }

    /// Returns the id of the environment's object of this kind.
    #[must_use]
    pub fn object(&self, kind: Kind, environment_id: &str) -> Option<&str> {
        self.contents
            .objects
            .iter()
            .find(|object| object.kind == kind && object.environment_id == environment_id)
            .map(|object| object.id.as_str())
    }
}

impl Default for Seed {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn each_environment_owns_one_object_of_each_kind() {
        let (store, seed) = (testing::store().await, Seed::new());
        store.populate(&seed.contents, Vec::new()).await.unwrap();
        for environment in [&seed.live, &seed.sandbox] {
            for &kind in Kind::ALL {
                let id = seed.object(kind, environment).unwrap();
                assert_eq!(store.owner_of(kind, id).await.unwrap().as_ref(), Some(environment), "{kind}");
            }
        }
        for environment in [&seed.live, &seed.sandbox] {
            let membership = store.membership(&seed.admin, environment).await.unwrap().unwrap();
            assert_eq!(membership.scopes.split(' ').count(), 18);
        }
        assert_eq!(store.membership(&seed.live, &seed.live).await.unwrap(), None);
        let any = store.any_membership().await.unwrap().unwrap();
        assert_eq!((any.admin_id, any.environment_id), (seed.admin, seed.live));
    }
}
