//! Several kinds of credentials: the sources of an [`Authenticate`], and the check of credentials
//! that browsers send by themselves.

use std::future::Future;
use std::sync::Arc;

use scopes_core::Scope;

use super::authenticate::Authenticate;
use super::sources::TokenSource;
use super::sources::basic::{BasicVerifier, Password};
use super::verifier::{Verifier, VerifyError};
use crate::grant::Grant;
use crate::log;
use crate::settings::SettingsError;

impl<S: Scope> Authenticate<S> {
    /// Reads users and passwords (`Authorization: Basic`, RFC 7617) only, for a server without
    /// tokens. See [`or_basic`](Self::or_basic).
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, Password};
    ///
    /// let authenticate = Authenticate::basic(|user: String, password: Password| async move {
    ///     let known = user == "ada" && password.expose() == "lovelace";
    ///     Ok(known.then(|| api::Grant::new(api::Scope::UsersRead)))
    /// });
    /// // The base64 text of `ada:lovelace`.
    /// assert_eq!(status(&authenticate, "authorization", "Basic YWRhOmxvdmVsYWNl").await, 200);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer secret").await, 401);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn basic<F, Verdict>(check: F) -> Self
    where
        F: Fn(String, Password) -> Verdict + Send + Sync + 'static,
        Verdict: Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send,
    {
        Self::new(BasicVerifier(check)).source(TokenSource::basic())
    }

    /// Replaces the source from which the first verifier gets its token.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, TokenSource, verifier_fn};
    ///
    /// let authenticate =
    ///     Authenticate::new(verifier_fn(verify)).source(TokenSource::cookie("session"));
    /// assert_eq!(status(&authenticate, "cookie", "session=secret").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn source(self, source: TokenSource) -> Self {
        self.with_sources(|sources| sources.replace_first(source))
    }

    /// Adds a source with a verifier of its own.
    ///
    /// The sources are tried in the order in which they were added. The first one that finds
    /// something decides alone, even if it is invalid: an invalid token in `Authorization` is 401,
    /// although the request has a valid cookie.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, TokenSource, verifier_fn};
    ///
    /// let authenticate = Authenticate::new(verifier_fn(verify)) // Authorization: Bearer
    ///     .or(TokenSource::header("x-api-key")?, verifier_fn(verify))
    ///     .or(TokenSource::cookie("__Host-session"), verifier_fn(verify));
    /// assert_eq!(status(&authenticate, "x-api-key", "secret").await, 200);
    /// assert_eq!(status(&authenticate, "cookie", "__Host-session=secret").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn or(self, source: TokenSource, verifier: impl Verifier<S>) -> Self {
        self.with_sources(|sources| {
            sources.add(source, Arc::new(verifier));
            sources.report_repeated();
        })
    }

    /// Adds users and passwords (`Authorization: Basic`, RFC 7617) as another source, like
    /// [`or`](Self::or).
    ///
    /// The credentials are divided at the first colon: a password may have colons, a user may not.
    /// They are UTF-8 without control characters. Other bytes, and base64 that is not in its
    /// canonical form, are answered with 400.
    ///
    /// Each request carries the password, so the function should cache the result of a slow
    /// password hash for a while. With this source, 401 answers carry a `Basic` challenge, on which
    /// browsers open a login dialog.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, Password, verifier_fn};
    ///
    /// let authenticate = Authenticate::new(verifier_fn(verify)).or_basic(
    ///     |user: String, password: Password| async move {
    ///         let known = user == "ada" && password.expose() == "lovelace";
    ///         Ok(known.then(|| api::Grant::new(api::Scope::UsersRead)))
    ///     },
    /// );
    /// assert_eq!(status(&authenticate, "authorization", "Bearer secret").await, 200);
    /// assert_eq!(status(&authenticate, "authorization", "Basic YWRhOmxvdmVsYWNl").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn or_basic<F, Verdict>(self, check: F) -> Self
    where
        F: Fn(String, Password) -> Verdict + Send + Sync + 'static,
        Verdict: Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send,
    {
        self.or(TokenSource::basic(), BasicVerifier(check))
    }

    /// Names origins whose pages may cause requests with cookies or remembered passwords, such as
    /// `https://app.example.com` where the API is on `https://api.example.com`.
    ///
    /// It is needed for pages on another origin than the API, and for browsers that send no
    /// `Sec-Fetch-Site` with WebSocket handshakes. It is never derived from `Host`, because a
    /// client may set that header. It does not replace CORS, which decides whether a page may read
    /// the answer.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, SettingsError, TokenSource, verifier_fn};
    ///
    /// let cookie = TokenSource::cookie("__Host-session");
    /// let authenticate = Authenticate::new(verifier_fn(verify)).source(cookie);
    /// let error = authenticate.clone().own_origins(["https://app.example.com/"]).unwrap_err();
    /// assert_eq!(error, SettingsError::Origin);
    /// let authenticate = authenticate.own_origins(["https://app.example.com"])?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::Origin`] unless each is `scheme://host` or `scheme://host:port`.
    pub fn own_origins<O: AsRef<str>>(self, origins: impl IntoIterator<Item = O>) -> Result<Self, SettingsError> {
        let mut outcome = Ok(());
        let changed = self.with_sources(|sources| {
            outcome = origins.into_iter().try_for_each(|origin| sources.origin_check_mut().add(origin.as_ref()));
        });
        outcome.map(|()| changed)
    }

    /// Turns the [check of the requests' origin](Self#requests-from-other-sites) off, because the
    /// application makes it elsewhere.
    ///
    /// `reason` documents the call site. If it is empty, the check stays on and an error is logged.
    ///
    /// ```
    /// use http::{Request, Response};
    /// use scopes::{Authenticate, Carrier, Denied, TokenSource, verifier_fn};
    ///
    /// scopes::scopes! { mod api; users.write { POST "/users"; } }
    ///
    /// async fn create(request: Request<()>) -> Result<Response<()>, Denied> {
    ///     request.permit::<api::permits::UsersWrite>()?;
    ///     Ok(Response::new(()))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersWrite))));
    /// let authenticate = Authenticate::new(verifier).source(TokenSource::cookie("session"));
    /// let request = Request::post("/users").header("cookie", "session=secret").body(())?;
    /// assert_eq!(authenticate.around(request.clone(), create).await.unwrap_err().status(), 403);
    ///
    /// let authenticate = authenticate.without_origin_check("the proxy checks CSRF tokens");
    /// assert_eq!(authenticate.around(request, create).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn without_origin_check(self, reason: &str) -> Self {
        if reason.trim().is_empty() {
            log::error(format_args!(
                "`without_origin_check` of `{}` needs a reason, such as `\"the CSRF token of each form is checked\"`: the check \
                 stays on",
                S::catalogue().name()
            ));
            return self;
        }
        self.with_sources(|sources| sources.origin_check_mut().turn_off())
    }
}
