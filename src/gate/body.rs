//! Bodies of denials, for tower services with a body type of their own.

use std::fmt;

use scopes_core::Scope;

use super::{FromString, Gate};

/// Makes the body of a denial for a service's type of response body.
///
/// ```
/// use scopes::tower::{DenyBody, FromString};
///
/// let body: Vec<u8> = FromString.body("denied".to_owned());
/// assert_eq!(body, b"denied");
/// ```
pub trait DenyBody<R>: Clone + Send + Sync + 'static {
    /// Makes a body with this text.
    fn body(&self, text: String) -> R;
}

impl<R: From<String>> DenyBody<R> for FromString {
    fn body(&self, text: String) -> R {
        R::from(text)
    }
}

/// Makes bodies of denials with a function: [`Gate::body_with`].
pub struct BodyWith<R>(fn(String) -> R);

impl<S: Scope, D> Gate<S, D> {
    /// Makes the bodies of denials with a function, for response bodies that are not
    /// `From<String>`.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use std::convert::Infallible;
    /// use http::{Request, Response};
    /// use scopes::tower::{Authenticate, Gate};
    /// use scopes::verifier_fn;
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// /// A body type that is not `From<String>`.
    /// struct Lines(Vec<String>);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let handler = async |_: Request<()>| Ok::<_, Infallible>(Response::new(Lines(vec![])));
    /// let gate = Gate::<api::Scope>::new().body_with(|text| Lines(vec![text]));
    /// let verifier = verifier_fn(async |_| Ok(None));
    /// let authenticate = Authenticate::<api::Scope>::new(verifier);
    /// let service = authenticate.layer(gate.layer(service_fn(handler)));
    /// let answer = service.oneshot(Request::get("/users").body(())?).await?;
    /// assert_eq!(answer.body().0.len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn body_with<R>(self, body: fn(String) -> R) -> Gate<S, BodyWith<R>> {
        Gate { enforcement: self.enforcement, body: BodyWith(body) }
    }
}

impl<R: 'static> DenyBody<R> for BodyWith<R> {
    fn body(&self, text: String) -> R {
        (self.0)(text)
    }
}

impl<R> Clone for BodyWith<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for BodyWith<R> {}

impl<R> fmt::Debug for BodyWith<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyWith(..)")
    }
}
