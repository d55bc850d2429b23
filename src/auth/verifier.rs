//! The verifier, which the application writes: it turns a token into a grant.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use scopes_core::Scope;

use super::kept_token::KeptToken;
use crate::grant::Grant;

/// Turns a token into its grant.
///
/// `Ok(None)` says that the token is unknown, revoked or expired (401), `Err` that it cannot be
/// checked at present (503). Write the method as a plain `async fn`:
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use std::collections::HashMap;
/// use scopes::{Verifier, VerifyError};
///
/// /// From each token to its scopes and its tenant.
/// struct Store(HashMap<String, (String, String)>);
///
/// impl Verifier<api::Scope> for Store {
///     async fn verify(&self, token: &str) -> Result<Option<api::Grant>, VerifyError> {
///         let Some((scopes, tenant)) = self.0.get(token) else { return Ok(None) };
///         Ok(Some(api::Grant::new(scopes.parse::<api::Scopes>()?).for_tenant(tenant)?))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), scopes::VerifyError> {
/// let row = ("users.read".to_owned(), "a1".to_owned());
/// let store = Store(HashMap::from([("secret".to_owned(), row)]));
/// assert!(store.verify("secret").await?.is_some());
/// assert!(store.verify("guessed").await?.is_none());
/// # Ok(()) }
/// ```
///
/// # Panics
///
/// A verifier should not panic. A panic fails one request: a route that needs the caller answers
/// 500, and one line is logged. Public routes and the connection are not affected. The panic is
/// caught wherever the verifier's code runs: in the future, when it is made or dropped, and when
/// its error is formatted. The log line has neither the token nor the panic's message. The
/// process's panic hook still prints that message, so it must not hold the token. A lock that the
/// panic has poisoned stays poisoned. With `panic = "abort"` in the profile the process ends.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a verifier",
    note = "a function or closure is wrapped, not called: `verifier_fn(verify)`, or `verifier_fn(async |token: String| {{ .. }})`",
    note = "it returns a future of `Result<Option<api::Grant>, VerifyError>`; a type of your own implements `Verifier<api::Scope>`"
)]
pub trait Verifier<S: Scope>: Send + Sync + 'static {
    /// Returns the grant of a token. The [`TokenSource`](crate::TokenSource) decides which form
    /// tokens have: the form of a bearer token (RFC 6750, section 2.1), or visible ASCII without
    /// comma and quotes. A token has at most 8192 bytes.
    ///
    /// Layers of tower and axum poll the future once within `Service::call` and, if it has to wait,
    /// again from the task. Servers call services from tasks of their runtime. If your own code
    /// calls a service, it must do the same, because a timer outside of a runtime panics.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Verifier, verifier_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), scopes::VerifyError> {
    /// let verifier = verifier_fn(|token: String| async move {
    ///     Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead)))
    /// });
    /// let grant: Option<api::Grant> = verifier.verify("secret").await?;
    /// assert_eq!(grant.unwrap().scopes().to_string(), "users.read");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the token could not be looked up or checked.
    fn verify(&self, token: &str) -> impl Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send;

    /// Answers like [`verify`](Self::verify) if it can do so without waiting, such as after a hit
    /// in a cache. After `None`, `verify` is called. An answer without waiting saves an allocation
    /// per request. This method must not block.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use std::{collections::HashMap, sync::RwLock};
    /// use scopes::{Verifier, VerifyError};
    ///
    /// struct Cached(RwLock<HashMap<String, api::Grant>>);
    ///
    /// impl Verifier<api::Scope> for Cached {
    ///     async fn verify(&self, token: &str) -> Result<Option<api::Grant>, VerifyError> {
    ///         // Ask the store, and keep what it says.
    /// #       let _ = token;
    ///         Ok(None)
    ///     }
    ///
    ///     fn verify_now(&self, token: &str) -> Option<Result<Option<api::Grant>, VerifyError>> {
    ///         let known = self.0.read().ok()?.get(token).cloned();
    ///         known.map(|grant| Ok(Some(grant)))
    ///     }
    /// }
    ///
    /// let known = HashMap::from([("secret".to_owned(), api::Grant::new(api::Scope::UsersRead))]);
    /// let cached = Cached(RwLock::new(known));
    /// assert!(cached.verify_now("secret").is_some());
    /// assert!(cached.verify_now("other").is_none(), "`verify` is asked");
    /// ```
    fn verify_now(&self, token: &str) -> Option<Result<Option<Grant<S>>, VerifyError>> {
        let _ = token;
        None
    }
}

/// The answer of a verifier.
type Verdict<S> = Result<Option<Grant<S>>, VerifyError>;

/// The object-safe form of [`Verifier`], for `Arc<dyn DynVerifier<S>>`.
///
/// Every `Verifier` implements it, and such an `Arc` is a `Verifier` again.
///
/// ```
#[doc = include_str!("../docs/authenticated.txt")]
/// use std::sync::Arc;
/// use scopes::{DynVerifier, Verifier, verifier_fn};
///
/// let verifiers: [Arc<dyn DynVerifier<api::Scope>>; 2] =
///     [Arc::new(verifier_fn(verify)), Arc::new(verifier_fn(|_| async { Ok(None) }))];
/// assert!(Verifier::verify(&verifiers[0], "secret").await?.is_some());
/// assert!(Verifier::verify(&verifiers[1], "secret").await?.is_none());
/// # Ok(()) }
/// ```
pub trait DynVerifier<S: Scope>: Send + Sync + 'static {
    #[doc(hidden)]
    fn verify_owned(self: Arc<Self>, token: KeptToken) -> Pin<Box<dyn Future<Output = Verdict<S>> + Send>>;

    #[doc(hidden)]
    fn verify_now_dyn(&self, token: &str) -> Option<Verdict<S>>;
}

impl<S: Scope, V: Verifier<S>> DynVerifier<S> for V {
    fn verify_owned(self: Arc<Self>, token: KeptToken) -> Pin<Box<dyn Future<Output = Verdict<S>> + Send>> {
        // Not `self.verify(..)`: an `Arc` of a verifier is a verifier too, and would call itself.
        Box::pin(async move { V::verify(&self, token.as_str()).await })
    }

    fn verify_now_dyn(&self, token: &str) -> Option<Verdict<S>> {
        self.verify_now(token)
    }
}

#[diagnostic::do_not_recommend]
impl<S: Scope, V: DynVerifier<S> + ?Sized> Verifier<S> for Arc<V> {
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        V::verify_owned(Self::clone(self), KeptToken::copied(token)).await
    }

    fn verify_now(&self, token: &str) -> Option<Verdict<S>> {
        V::verify_now_dyn(self, token)
    }
}

/// A verifier made of a closure: `verifier_fn(|token: String| async move { .. })`.
///
/// ```
#[doc = include_str!("../docs/authenticated.txt")]
/// use scopes::{Verifier, VerifierFn, verifier_fn};
///
/// let verifier: VerifierFn<_> = verifier_fn(verify);
/// assert!(verifier.verify("guessed").await?.is_none());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct VerifierFn<F>(F);

/// Makes a [`Verifier`] of a closure that takes the token.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Verifier, VerifyError, verifier_fn};
///
/// async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
///     Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), scopes::VerifyError> {
/// let verifier = verifier_fn(verify);
/// assert!(verifier.verify("secret").await?.is_some());
/// assert!(verifier.verify("guessed").await?.is_none());
/// # Ok(()) }
/// ```
#[must_use]
pub const fn verifier_fn<F, Verdict>(verify: F) -> VerifierFn<F>
where
    // rustc shows this line where a closure gives away what it captures.
    F: Fn(String) -> Verdict + Send + Sync + 'static, // share a store by `verifier_with(store, ..)`
{
    VerifierFn(verify)
}

// rustc shows these lines where the function returns something else.
impl<S, F, Verdict> Verifier<S> for VerifierFn<F>
where
    S: Scope,
    F: Fn(String) -> Verdict + Send + Sync + 'static, // `async |token: String| { .. }`, or an `async fn`
    Verdict: Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send,
{
    fn verify(&self, token: &str) -> impl Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send {
        (self.0)(token.to_owned())
    }
}

impl<F> fmt::Debug for VerifierFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifierFn(..)")
    }
}

/// A verifier made of a closure and data that requests share: see [`verifier_with`].
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Verifier, VerifierWith, verifier_with};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), scopes::VerifyError> {
/// let known = "secret";
/// let verifier: VerifierWith<_, _> = verifier_with(known, async |known, token: String| {
///     Ok((token == known).then(|| api::Grant::new(api::Scope::UsersRead)))
/// });
/// assert!(verifier.verify("secret").await?.is_some());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct VerifierWith<P, F> {
    shared: P,
    verify: F,
}

/// Makes a [`Verifier`] of a closure that takes shared data, such as a pool of database
/// connections, and the token.
///
/// Each request gets a clone of `shared`. The clone of a pool points to the same pool. Put other
/// data into an [`Arc`], and several values into a tuple.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use std::{collections::HashMap, sync::Arc};
/// use scopes::{Verifier, VerifyError, verifier_with};
///
/// type Store = Arc<HashMap<String, String>>;
///
/// async fn find(store: Store, token: String) -> Result<Option<api::Grant>, VerifyError> {
///     let Some(scopes) = store.get(&token) else { return Ok(None) };
///     Ok(Some(api::Grant::new(scopes.parse::<api::Scopes>()?)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), scopes::VerifyError> {
/// let store = Store::new(HashMap::from([("secret".to_owned(), "users.read".to_owned())]));
/// // A function by its name, or a closure that does more.
/// let short = verifier_with(store.clone(), find);
/// let long = verifier_with(store, async |store, token| find(store, token).await);
/// assert!(short.verify("secret").await?.is_some());
/// assert!(long.verify("guessed").await?.is_none());
/// # Ok(()) }
/// ```
#[must_use]
pub const fn verifier_with<P, F, Verdict>(shared: P, verify: F) -> VerifierWith<P, F>
where
    F: Fn(P, String) -> Verdict + Send + Sync + 'static,
{
    VerifierWith { shared, verify }
}

impl<S, P, F, Verdict> Verifier<S> for VerifierWith<P, F>
where
    S: Scope,
    P: Clone + Send + Sync + 'static,
    F: Fn(P, String) -> Verdict + Send + Sync + 'static, // `async |shared, token: String| { .. }`, or an `async fn`
    Verdict: Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send,
{
    fn verify(&self, token: &str) -> impl Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send {
        (self.verify)(self.shared.clone(), token.to_owned())
    }
}

impl<P, F> fmt::Debug for VerifierWith<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifierWith(..)")
    }
}

/// Two verifiers, chosen by the token's prefix: for example stored tokens that begin with `dyn_`,
/// and JWTs.
///
/// A token goes to exactly one of them. If that one does not know it, the other is not asked;
/// otherwise the weaker of the two would decide about all tokens. For more than two verifiers, nest
/// them: the outermost prefix is compared first.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{ByPrefix, Verifier, verifier_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), scopes::VerifyError> {
/// let stored = verifier_fn(|_| async { Ok(Some(api::Grant::new(api::Scope::UsersRead))) });
/// let signed = verifier_fn(|_| async { Ok(None::<api::Grant>) });
/// let verifier = ByPrefix::new("dyn_", stored, signed);
/// assert!(verifier.verify("dyn_7").await?.is_some());
/// assert!(verifier.verify("eyJhbGciOi").await?.is_none());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ByPrefix<A, B> {
    prefix: String,
    prefixed: A,
    other: B,
}

impl<A, B> ByPrefix<A, B> {
    /// Passes tokens that begin with `prefix` to `prefixed`, all others to `other`. The token keeps
    /// its prefix.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{ByPrefix, Verifier, verifier_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), scopes::VerifyError> {
    /// # let kind = |kind: &'static str| {
    /// #     let grant = api::Grant::new(api::Scopes::new()).with_subject(kind);
    /// #     verifier_fn(move |_| std::future::ready(Ok(Some(grant.clone()))))
    /// # };
    /// // The outermost prefix is looked at first.
    /// let inner = ByPrefix::new("dyn_", kind("stored"), kind("signed"));
    /// let verifier = ByPrefix::new("dyn_admin_", kind("operator"), inner);
    /// assert_eq!(verifier.verify("dyn_admin_7").await?.unwrap().subject(), Some("operator"));
    /// assert_eq!(verifier.verify("dyn_7").await?.unwrap().subject(), Some("stored"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(prefix: impl Into<String>, prefixed: A, other: B) -> Self {
        Self { prefix: prefix.into(), prefixed, other }
    }
}

impl<S: Scope, A: Verifier<S>, B: Verifier<S>> Verifier<S> for ByPrefix<A, B> {
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        if token.starts_with(&self.prefix) { self.prefixed.verify(token).await } else { self.other.verify(token).await }
    }

    fn verify_now(&self, token: &str) -> Option<Verdict<S>> {
        if token.starts_with(&self.prefix) { self.prefixed.verify_now(token) } else { self.other.verify_now(token) }
    }
}

/// Why a token could not be checked: for example, the store cannot be reached, or the key set
/// cannot be fetched.
///
/// Converts with `?` from everything that converts into a boxed error: errors, texts, boxed errors,
/// the errors of `anyhow` and `eyre`. Therefore it cannot implement [`Error`] itself; its
/// [`cause`](Self::cause) does. The cause is logged, so it must not hold the token.
///
/// ```
/// use scopes::VerifyError;
///
/// fn key(pem: &str) -> Result<u64, VerifyError> {
///     let text = pem.strip_prefix("key ").ok_or("the key set is empty")?;
///     let number = text.parse::<u64>()?;
///     if number == 0 {
///         Err(format!("key {number} is not in use"))?;
///     }
///     Ok(number)
/// }
/// assert_eq!(key("").unwrap_err().to_string(), "the key set is empty");
/// assert_eq!(key("key 0").unwrap_err().to_string(), "key 0 is not in use");
/// assert!(key("key x").is_err() && key("key 7").is_ok());
/// ```
pub struct VerifyError(Box<dyn Error + Send + Sync>);

impl VerifyError {
    /// Wraps an error, or a text that says what went wrong.
    ///
    /// ```
    /// use scopes::VerifyError;
    ///
    /// let error = VerifyError::new("the key set is empty");
    /// assert_eq!(error.to_string(), "the key set is empty");
    /// ```
    #[must_use]
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }

    /// The wrapped error. The layer logs it, so it must not hold the token.
    ///
    /// ```
    /// use scopes::VerifyError;
    ///
    /// let error = VerifyError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
    /// assert!(error.cause().is::<std::io::Error>());
    /// ```
    #[must_use]
    pub fn cause(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for VerifyError {
    fn from(cause: E) -> Self {
        Self::new(cause)
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
