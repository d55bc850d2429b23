//! Tokens that come from another table.

use std::fmt;
use std::time::SystemTime;

use scopes::tokens::{ParseTokenError, TokenDigest, TokenFormat};
use scopes::{Scope, TenantError, Tenants};
use serde_json::Value;

use crate::access::Access;
use crate::audit::{self, Actor};
use crate::clock::to_micros;
use crate::database::Statement;
use crate::error::{Error, Invalid};
use crate::id;
use crate::issue::{TokenRow, insert, insert_digest};
use crate::new_token::data_text;
use crate::owner::id_list;
use crate::store::Store;

/// A token that another table had, for [`Store::import`](crate::Store::import).
///
/// It keeps its id, its rights and its times, and its holders notice nothing. Import issuers before
/// the tokens that they have issued.
///
/// Only tokens of the store's [`TokenFormat`] can be imported. The verifier never looks up another
/// text, and the plain SHA-256 of a short key could be guessed from a stolen database. Issue new
/// tokens for such keys.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// use scopes::Verifier;
/// use scopes_store::ImportedToken;
///
/// // A row of the old table: a random id, and the SHA-256 of the token.
/// let format = TokenFormat::new("acme_");
/// let token = format.generate()?;
/// let old = ImportedToken::of_digest("17", token.digest(), token.checksum());
/// let old = old.name("ci job").subject("user-7").scope_names("users.read").tenant("E1")?;
/// store.import(old).await?;
///
/// let grant = store.verify(token.reveal()).await.unwrap().expect("it is stored");
/// assert_eq!(grant.scopes().to_string(), "users.read");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ImportedToken {
    id: String,
    digest: TokenDigest,
    checksum: String,
    name: String,
    subject: Option<String>,
    scopes: String,
    tenants: Tenants,
    data: Option<Value>,
    created_at: Option<SystemTime>,
    not_before: Option<SystemTime>,
    expires_at: Option<SystemTime>,
    revoked_at: Option<SystemTime>,
    last_used: Option<SystemTime>,
    issuer_id: Option<String>,
}

impl ImportedToken {
    /// Describes a token by the SHA-256 of its whole text and the text's last six characters, if
    /// the old table has these.
    #[must_use]
    pub fn of_digest(id: impl Into<String>, digest: TokenDigest, checksum: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            digest,
            checksum: checksum.into(),
            name: String::new(),
            subject: None,
            scopes: String::new(),
            tenants: Tenants::None,
            data: None,
            created_at: None,
            not_before: None,
            expires_at: None,
            revoked_at: None,
            last_used: None,
            issuer_id: None,
        }
    }

    /// Describes a token by its text, if the old table has it. The store keeps only its digest.
    ///
    /// ```
    /// use scopes::tokens::ParseTokenError;
    /// use scopes_store::{ImportedToken, TokenFormat};
    ///
    /// let format = TokenFormat::new("acme_");
    /// let short = ImportedToken::of_text("17", "acme_1234", &format);
    /// assert_eq!(short.unwrap_err(), ParseTokenError::Length);
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not a token of the format, and why.
    pub fn of_text(id: impl Into<String>, text: &str, format: &TokenFormat) -> Result<Self, ParseTokenError> {
        let token = format.parse(text)?;
        Ok(Self::of_digest(id, token.digest(), token.checksum()))
    }

    /// Sets the name that people read in lists.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.name("ci job")).await?;
    /// assert_eq!(store.of_all_owners().get("17").await?.name(), "ci job");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Sets the subject that the token acts for.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.subject("user-7")).await?;
    /// assert_eq!(store.of_all_owners().get("17").await?.subject(), Some("user-7"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    /// Sets the wire names of the scopes, separated by spaces. A name that the catalogue does not
    /// have is kept and grants nothing.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.scope_names("users.read since.gone")).await?;
    /// assert_eq!(store.of_all_owners().get("17").await?.scopes().len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn scope_names(self, names: impl Into<String>) -> Self {
        Self { scopes: names.into(), ..self }
    }

    /// Adds a tenant that the token is valid for.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.tenant("E1")?).await?;
    /// assert!(store.of_tenant("E1").get("17").await.is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the text cannot be a tenant.
    pub fn tenant(self, tenant: &str) -> Result<Self, TenantError> {
        let tenants = Tenants::only(self.tenants.iter().chain([tenant]))?;
        Ok(Self { tenants, ..self })
    }

    /// Sets the application's data.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.data(serde_json::json!({"old": 17}))).await?;
    /// assert!(store.of_all_owners().get("17").await?.data().is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn data(self, data: Value) -> Self {
        Self { data: Some(data), ..self }
    }

    /// Sets the time at which the token was issued; without it, the time of the import.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.created_at(std::time::SystemTime::UNIX_EPOCH)).await?;
    /// let stored = store.of_all_owners().get("17").await?;
    /// assert_eq!(stored.created_at(), std::time::SystemTime::UNIX_EPOCH);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn created_at(self, time: SystemTime) -> Self {
        Self { created_at: Some(time), ..self }
    }

    /// Sets the time before which the token is not valid.
    #[must_use]
    pub fn not_before(self, time: SystemTime) -> Self {
        Self { not_before: Some(time), ..self }
    }

    /// Sets the end of the token's lifetime, also one that has passed.
    #[must_use]
    pub fn expires_at(self, time: SystemTime) -> Self {
        Self { expires_at: Some(time), ..self }
    }

    /// The token was revoked at this time.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.revoked_at(std::time::SystemTime::UNIX_EPOCH)).await?;
    /// let stored = store.of_all_owners().get("17").await?;
    /// assert_eq!(stored.revoked_at(), Some(std::time::SystemTime::UNIX_EPOCH));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn revoked_at(self, time: SystemTime) -> Self {
        Self { revoked_at: Some(time), ..self }
    }

    /// Sets the time at which the token was last used.
    #[must_use]
    pub fn last_used(self, time: SystemTime) -> Self {
        Self { last_used: Some(time), ..self }
    }

    /// Names the token with which this one was issued, which was imported before.
    #[must_use]
    pub fn issuer(self, id: impl Into<String>) -> Self {
        Self { issuer_id: Some(id.into()), ..self }
    }
}

impl fmt::Debug for ImportedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportedToken").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

pub(crate) async fn import<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
    token: ImportedToken,
) -> Result<(), Error<S>> {
    let now = store.settings.clock.now();
    id::check_id(&token.id)?;
    id::check_name(&token.name)?;
    token.subject.as_deref().map_or(Ok(()), id::check_subject)?;
    let sound = |name: &str| !name.chars().any(|c| c.is_whitespace() || c.is_control());
    if !token.scopes.split(' ').all(sound) {
        return Err(Invalid::ScopeName.into());
    }
    let is_checksum = token.checksum.len() == 6 && token.checksum.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_checksum {
        return Err(Invalid::Checksum.into());
    }
    let mut held = access.hold().await?;
    let mut begun = held.begin().await?;
    let mut connection = begun.connection();
    let mut expires_at = token.expires_at.map(to_micros);
    let mut revoked_at = token.revoked_at.map(to_micros);
    if let Some(issuer_id) = &token.issuer_id {
        id::check_id(issuer_id)?;
        let statement = Statement::new("SELECT expires_at, revoked_at FROM scopes_tokens WHERE id = $1")
            .either("", " FOR SHARE")
            .bind(issuer_id.as_str());
        let issuer = connection.optional(statement).await?.ok_or(Invalid::Issuer)?;
        // The rules of this store hold from now on, even if the old table broke them.
        expires_at = expires_at.into_iter().chain(issuer.optional_number("expires_at")?).min();
        revoked_at = revoked_at.or(issuer.optional_number("revoked_at")?);
    }
    let row = TokenRow {
        id: token.id.clone(),
        subject: token.subject.as_deref(),
        name: &token.name,
        scopes: token.scopes.clone(),
        tenants: &token.tenants,
        data: data_text(token.data.as_ref())?,
        created_at: token.created_at.map_or(now, to_micros),
        not_before: token.not_before.map(to_micros),
        expires_at,
        revoked_at,
        issuer_id: token.issuer_id.as_deref(),
    };
    insert(&mut connection, &row, true).await?;
    insert_digest(&mut connection, &token.id, token.digest.as_bytes(), &token.checksum).await?;
    if let Some(time) = token.last_used {
        let statement = Statement::new("INSERT INTO scopes_uses (token_id, last_used_at) VALUES ($1, $2)");
        connection.execute(statement.bind(token.id.as_str()).bind(to_micros(time))).await?;
    }
    audit::write(&mut connection, "imported", &id_list([token.id.as_str()]), Actor::default(), now).await?;
    Ok(begun.commit().await?)
}
