//! Environments, administrators, and the objects that routes name without their environment.

use core::fmt;

use scopes_store::{Made, NewToken};

use super::{Store, StoreError};
use crate::catalogue::api;

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

macro_rules! kinds {
    ($($name:ident $wire:literal $doc:literal)*) => {
        /// Kinds of objects that have a route by id alone.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $doc] $name,)*
        }

        impl Kind {
            /// All kinds, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The text that the database stores.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $wire,)*
                }
            }
        }
    };
}

kinds! {
    Allowlist "allowlist" "An allowlist."
    AllowlistEntry "allowlistEntry" "One entry of an allowlist."
    CustomField "customField" "A custom field."
    DeeplinkUrl "deeplinkUrl" "A deep link."
    Exchange "exchange" "An exchange."
    OauthAccount "oauthAccount" "An account linked through OAuth."
    Origin "origin" "A browser origin."
    Provider "provider" "A sign-in provider."
    Session "session" "A user's session."
    User "user" "A user."
    Wallet "wallet" "A wallet."
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An object and its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// Its id, unique among the objects of its kind.
    pub id: String,
    /// The environment that owns it.
    pub environment_id: String,
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
    /// Objects that routes name by id.
    pub objects: Vec<Object>,
}

impl Store {
    /// Whether the database is empty, as on the first start.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let found: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM environments)").fetch_one(&self.pool).await?;
        Ok(found == 0)
    }

    /// Adds all the contents and the tokens that administrators issue. On an error, nothing is
    /// added.
    ///
    /// # Errors
    ///
    /// If the database fails, an id exists already, or a row refers to a missing row.
    pub async fn populate(
        &self,
        contents: &Contents,
        tokens: Vec<(api::Grant, NewToken<api::Scope>)>,
    ) -> Result<Vec<Made<api::Scope>>, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for environment in &contents.environments {
            sqlx::query("INSERT INTO environments (id, name, kind) VALUES (?, ?, ?)")
                .bind(&environment.id)
                .bind(&environment.name)
                .bind(environment.kind.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        for admin in &contents.admins {
            sqlx::query("INSERT INTO admins (id, alias, first_name, last_name, email) VALUES (?, ?, ?, ?, ?)")
                .bind(&admin.id)
                .bind(&admin.alias)
                .bind(&admin.first_name)
                .bind(&admin.last_name)
                .bind(&admin.email)
                .execute(&mut *transaction)
                .await?;
        }
        for membership in &contents.memberships {
            sqlx::query("INSERT INTO memberships (admin_id, environment_id, scopes) VALUES (?, ?, ?)")
                .bind(&membership.admin_id)
                .bind(&membership.environment_id)
                .bind(&membership.scopes)
                .execute(&mut *transaction)
                .await?;
        }
        for object in &contents.objects {
            sqlx::query("INSERT INTO objects (kind, id, environment_id) VALUES (?, ?, ?)")
                .bind(object.kind.as_str())
                .bind(&object.id)
                .bind(&object.environment_id)
                .execute(&mut *transaction)
                .await?;
        }
        let mut made = Vec::new();
        for (issuer, token) in tokens {
            made.push(self.tokens.within(&mut transaction).issue(&issuer, token).await?);
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
        let row: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT alias, first_name, last_name, email FROM admins WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(alias, first_name, last_name, email)| Admin {
            id: id.to_owned(),
            alias,
            first_name,
            last_name,
            email,
        }))
    }

    /// Ends an administrator's membership of an environment, and revokes the tokens that act for
    /// the administrator there.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn end_membership(&self, admin_id: &str, environment_id: &str) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM memberships WHERE admin_id = ? AND environment_id = ?")
            .bind(admin_id)
            .bind(environment_id)
            .execute(&mut *transaction)
            .await?;
        let theirs = self.tokens.within(&mut transaction).of_subject(admin_id).in_tenant(environment_id);
        theirs.revoke_all().await?;
        drop(theirs);
        transaction.commit().await?;
        Ok(())
    }

    /// Finds the environment that owns an object. Returns `None` if the object does not exist.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn owner_of(&self, kind: Kind, id: &str) -> Result<Option<String>, StoreError> {
        let owner = sqlx::query_scalar("SELECT environment_id FROM objects WHERE kind = ? AND id = ?")
            .bind(kind.as_str())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(owner)
    }

    /// Finds an administrator's membership of an environment. Returns `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn membership(&self, admin_id: &str, environment_id: &str) -> Result<Option<Membership>, StoreError> {
        let scopes = sqlx::query_scalar("SELECT scopes FROM memberships WHERE admin_id = ? AND environment_id = ?")
            .bind(admin_id)
            .bind(environment_id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(scopes.map(|scopes| Membership {
            admin_id: admin_id.to_owned(),
            environment_id: environment_id.to_owned(),
            scopes,
        }))
    }

    /// Finds a member of a live environment or, if there is none, of any environment.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn any_membership(&self) -> Result<Option<Membership>, StoreError> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "SELECT admin_id, environment_id, scopes FROM memberships \
             JOIN environments ON environments.id = environment_id ORDER BY kind = 'live' DESC LIMIT 1",
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(admin_id, environment_id, scopes)| Membership { admin_id, environment_id, scopes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_owner_is_found_by_kind_and_id() {
        let store = Store::in_memory().await.unwrap();
        assert!(store.is_empty().await.unwrap());
        let environment =
            |id: &str| Environment { id: id.to_owned(), name: id.to_owned(), kind: EnvironmentKind::Sandbox };
        let object = |kind, owner: &str| Object { kind, id: "1".to_owned(), environment_id: owner.to_owned() };
        store
            .populate(
                &Contents {
                    environments: vec![environment("a"), environment("b")],
                    objects: vec![object(Kind::User, "a"), object(Kind::Wallet, "b")],
                    ..Contents::default()
                },
                Vec::new(),
            )
            .await
            .unwrap();
        assert!(!store.is_empty().await.unwrap());
        for (kind, id, owner) in [
            (Kind::User, "1", Some("a")),
            (Kind::Wallet, "1", Some("b")),
            (Kind::User, "2", None),
            (Kind::Origin, "1", None),
        ] {
            assert_eq!(store.owner_of(kind, id).await.unwrap().as_deref(), owner, "{kind} {id}");
        }
    }

    #[tokio::test]
    async fn nothing_is_added_if_one_part_cannot_be() {
        let store = Store::in_memory().await.unwrap();
        let environment = Environment { id: "a".to_owned(), name: String::new(), kind: EnvironmentKind::Live };
        let homeless = Object { kind: Kind::User, id: "1".to_owned(), environment_id: "b".to_owned() };
        let contents = Contents { environments: vec![environment], objects: vec![homeless], ..Contents::default() };
        assert!(store.populate(&contents, Vec::new()).await.is_err());
        assert!(store.is_empty().await.unwrap());
    }
}
