//! Environments, administrators, and the contents of a new database.

use scopes_store::{Made, NewToken};

use super::{ObjectRow, Store, StoreError};
use crate::catalogue::api;
use crate::database::sql;

/// The number of the transactions that fill a database.
const POPULATE: i64 = 0x1d0f_6e2a_83b5_c497;

/// A project's environment: the tenant of this API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// UUID, the `environmentId` of the routes.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Live or sandbox.
    pub kind: EnvironmentKind,
}

/// The purpose of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentKind {
    /// Real users.
    Live,
    /// Experiments.
    Sandbox,
}

impl EnvironmentKind {
    /// The text that the database stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Sandbox => "sandbox",
        }
    }
}

/// A user of the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    /// UUID.
    pub id: String,
    /// Display name.
    pub alias: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
}

/// An administrator's membership of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The administrator.
    pub admin_id: String,
    /// The environment.
    pub environment_id: String,
    /// Wire names of the scopes that may be given to tokens, separated by spaces.
    pub scopes: String,
}

/// The contents of a new database.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Tenants.
    pub environments: Vec<Environment>,
    /// Administrators, who may sign in.
    pub admins: Vec<Admin>,
    /// The environments to which each administrator may sign in.
    pub memberships: Vec<Membership>,
    /// Objects of the environments.
    pub objects: Vec<ObjectRow>,
}

impl Store {
    /// Whether the database is empty, as on the first start.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.database.optional(sql("SELECT id FROM environments LIMIT 1")).await?.is_none())
    }

    /// Adds all the contents and the tokens that administrators issue to an empty database. On an
    /// error, nothing is added.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotEmpty`] if another process was faster. Otherwise if the database fails, an
    /// id exists already, or a row refers to a missing row.
    pub async fn populate(
        &self,
        contents: &Contents,
        tokens: Vec<(api::Grant, NewToken<api::Scope>)>,
    ) -> Result<Vec<Made<api::Scope>>, StoreError> {
        let mut transaction = self.database.begin().await?;
        transaction.wait_for_others(POPULATE).await?;
        if transaction.optional(sql("SELECT id FROM environments LIMIT 1")).await?.is_some() {
            return Err(StoreError::NotEmpty);
        }
        for Environment { id, name, kind } in &contents.environments {
            let insert = sql("INSERT INTO environments (id, name, kind) VALUES ($1, $2, $3)");
            transaction.execute(insert.bind(id).bind(name).bind(kind.as_str())).await?;
        }
        for Admin { id, alias, first_name, last_name, email } in &contents.admins {
            let insert =
                sql("INSERT INTO admins (id, alias, first_name, last_name, email) VALUES ($1, $2, $3, $4, $5)");
            let insert = insert.bind(id).bind(alias).bind(first_name).bind(last_name).bind(email);
            transaction.execute(insert).await?;
        }
        for Membership { admin_id, environment_id, scopes } in &contents.memberships {
            let insert = sql("INSERT INTO memberships (admin_id, environment_id, scopes) VALUES ($1, $2, $3)");
            transaction.execute(insert.bind(admin_id).bind(environment_id).bind(scopes)).await?;
        }
        for object in &contents.objects {
            object.insert(&mut transaction).await?;
        }
        let mut made = Vec::new();
        for (issuer, token) in tokens {
            made.push(self.tokens.within(transaction.connection()).issue(&issuer, token).await?);
        }
        transaction.commit().await?;
        Ok(made)
    }

    /// Finds an administrator, even one who has left all environments.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn admin(&self, id: &str) -> Result<Option<Admin>, StoreError> {
        let admin = sql("SELECT alias, first_name, last_name, email FROM admins WHERE id = $1").bind(id);
        let Some(row) = self.database.optional(admin).await? else { return Ok(None) };
        Ok(Some(Admin {
            id: id.to_owned(),
            alias: row.text("alias")?,
            first_name: row.text("first_name")?,
            last_name: row.text("last_name")?,
            email: row.text("email")?,
        }))
    }

    /// Ends an administrator's membership of an environment, and revokes the tokens that act for
    /// the administrator there.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn end_membership(&self, admin_id: &str, environment_id: &str) -> Result<(), StoreError> {
        let mut transaction = self.database.begin().await?;
        let membership = sql("DELETE FROM memberships WHERE admin_id = $1 AND environment_id = $2");
        transaction.execute(membership.bind(admin_id).bind(environment_id)).await?;
        let theirs = self.tokens.within(transaction.connection()).of_subject(admin_id).in_tenant(environment_id);
        theirs.revoke_all().await?;
        drop(theirs);
        transaction.commit().await?;
        Ok(())
    }

    /// Finds an environment.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn environment(&self, id: &str) -> Result<Option<Environment>, StoreError> {
        let environment = sql("SELECT name, kind FROM environments WHERE id = $1").bind(id);
        let Some(row) = self.database.optional(environment).await? else { return Ok(None) };
        let kind = match row.text("kind")?.as_str() {
            "live" => EnvironmentKind::Live,
            _ => EnvironmentKind::Sandbox,
        };
        Ok(Some(Environment { id: id.to_owned(), name: row.text("name")?, kind }))
    }

    /// Finds an administrator's membership of an environment. Returns `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn membership(&self, admin_id: &str, environment_id: &str) -> Result<Option<Membership>, StoreError> {
        let membership = sql("SELECT scopes FROM memberships WHERE admin_id = $1 AND environment_id = $2");
        let Some(row) = self.database.optional(membership.bind(admin_id).bind(environment_id)).await? else {
            return Ok(None);
        };
        Ok(Some(Membership {
            admin_id: admin_id.to_owned(),
            environment_id: environment_id.to_owned(),
            scopes: row.text("scopes")?,
        }))
    }

    /// Finds a member of a live environment or, if there is none, of any environment.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn any_membership(&self) -> Result<Option<Membership>, StoreError> {
        let membership = sql("SELECT admin_id, environment_id, scopes FROM memberships \
             JOIN environments ON environments.id = environment_id ORDER BY kind, environment_id, admin_id LIMIT 1");
        let Some(row) = self.database.optional(membership).await? else { return Ok(None) };
        Ok(Some(Membership {
            admin_id: row.text("admin_id")?,
            environment_id: row.text("environment_id")?,
            scopes: row.text("scopes")?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn an_environment_is_found() {
        let store = testing::store().await;
        assert!(store.is_empty().await.unwrap());
        let environment = Environment { id: "a".to_owned(), name: "A".to_owned(), kind: EnvironmentKind::Live };
        let contents = Contents { environments: vec![environment.clone()], ..Contents::default() };
        store.populate(&contents, Vec::new()).await.unwrap();
        assert!(!store.is_empty().await.unwrap());
        assert_eq!(store.environment("a").await.unwrap(), Some(environment));
        assert_eq!(store.environment("b").await.unwrap(), None);
    }

    #[tokio::test]
    async fn nothing_is_added_if_one_part_cannot_be() {
        let store = testing::store().await;
        let environment = Environment { id: "a".to_owned(), name: String::new(), kind: EnvironmentKind::Live };
        let homeless = ObjectRow {
            id: "1".to_owned(),
            kind: "user",
            environment_id: "b".to_owned(),
            parent_id: None,
            unique_key: None,
            label: None,
            user_id: None,
            enabled: None,
            due_at: None,
            created_at: 0,
            updated_at: 0,
            version: 0,
            body: "{}".to_owned(),
        };
        let contents = Contents { environments: vec![environment], objects: vec![homeless], ..Contents::default() };
        assert!(store.populate(&contents, Vec::new()).await.is_err());
        assert!(store.is_empty().await.unwrap());
    }
}
