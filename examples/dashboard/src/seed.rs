//! The contents of a new database: two environments, an administrator of both, and in either
//! environment a few objects to look at.

use jiff::Timestamp;
use uuid::Uuid;

use crate::catalogue::api;
use crate::handlers::waas::SESSION;
use crate::kinds::access::{Allowlist, AllowlistEntry};
use crate::kinds::forms::{CustomField, CustomFieldType};
use crate::kinds::providers::{Exchange, ExchangeType, Provider};
use crate::kinds::sites::{DeeplinkUrl, Origin};
use crate::kinds::text::{Address, Allowed, BrowserOrigin, DeepLink, Email, FieldName, Text, Time};
use crate::kinds::users::{Chain, NewWallet, OauthAccount, ProviderType, Session, User, Wallet};
use crate::kinds::{Kind, Object};
use crate::objects::row_of;
use crate::store::{Admin, Contents, Environment, EnvironmentKind, Membership, ObjectRow, StoreError};

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
        let (live, sandbox, admin) = (new_id(), new_id(), new_id());
        let environment = |id: &str, name: &str, kind| Environment { id: id.to_owned(), name: name.to_owned(), kind };
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
                // Fails only for a time that cannot be read, and the times here are the clock's.
                objects: [&live, &sandbox].into_iter().flat_map(|id| samples(id).unwrap_or_default()).collect(),
            },
            live,
            sandbox,
            admin,
        }
    }

    /// Returns the id of the environment's object of this kind.
    #[must_use]
    pub fn object(&self, kind: &str, environment_id: &str) -> Option<&str> {
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

fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// One object of each kind that has routes by id alone.
fn samples(environment_id: &str) -> Result<Vec<ObjectRow>, StoreError> {
    let mut samples = Samples { environment_id, rows: Vec::new() };
    let email = "jsmith@example.com";
    let user = samples.add(
        None,
        User {
            email: Email(email.to_owned()),
            alias: Some(Text("jsmith".to_owned())),
            first_name: None,
            last_name: None,
            country: None,
            custom_fields: None,
        },
    )?;
    let address = Address("0x52908400098527886E0F7030069857D2E4169EE7".to_owned());
    let wallet = NewWallet { chain: Chain::Evm, address, name: None };
    samples.add(Some(&user), Wallet { wallet, embedded_version: None, delegated_access: false })?;
    let account_id = Text("jsmith".to_owned());
    samples.add(Some(&user), OauthAccount { provider: ProviderType::Github, account_id })?;
    samples.add(Some(&user), Session { expires_at: Time((Timestamp::now() + SESSION).to_string()) })?;
    samples.add(None, Provider { r#type: ProviderType::Github, client_id: None, scopes: None })?;
    samples.add(None, Exchange { r#type: ExchangeType::Coinbase, client_id: None })?;
    samples.add(None, Origin { origin: BrowserOrigin("https://app.example.com".to_owned()) })?;
    samples.add(None, DeeplinkUrl { url: DeepLink("com.example.app://callback".to_owned()) })?;
    let name = FieldName("favouriteColour".to_owned());
    samples.add(None, CustomField { name, r#type: CustomFieldType::Text, required: None, options: None })?;
    let allowlist = samples.add(None, Allowlist { name: Text("Staff".to_owned()) })?;
    samples.add(Some(&allowlist), AllowlistEntry { value: Allowed(email.to_owned()), note: None })?;
    Ok(samples.rows)
}

struct Samples<'a> {
    environment_id: &'a str,
    rows: Vec<ObjectRow>,
}

impl Samples<'_> {
    fn add<K: Kind>(&mut self, parent: Option<&str>, record: K) -> Result<String, StoreError> {
        let object = Object::new(self.environment_id, parent, Timestamp::now().to_string(), record);
        self.rows.push(row_of(&object)?);
        Ok(object.id)
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
        assert_eq!(seed.contents.objects.len(), 22);
        for sample in &seed.contents.objects {
            assert_eq!(seed.object(sample.kind, &sample.environment_id), Some(sample.id.as_str()));
            assert_eq!(store.object(sample.kind, &sample.id).await.unwrap().as_ref(), Some(sample));
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
