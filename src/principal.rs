//! The principal: the type of the application's own data about a caller, if the catalogue declares
//! it.

use std::any::{Any, TypeId, type_name};

use scopes_core::Scope;

use crate::Grant;
use crate::settings::Settings;

/// The type that a catalogue declares as its principal: the application's data about a caller, such
/// as the account.
///
/// `principal crate::Account;` in [`scopes!`](crate::scopes!) implements it. Then every grant needs
/// a principal of that type, and a permit returns it without an `Option`:
///
/// A grant that lacks it is a mistake of the set-up: routes that need a caller answer 500, and one
/// line is logged. [`principal_as`](crate::Permit::principal_as) returns data of any other type.
///
/// ```
/// use scopes::{VerifyError, requires};
///
/// scopes::scopes! {
///     pub mod api;
///     principal Account;
///     users.read { GET "/users"; }
/// }
///
/// pub struct Account {
///     name: String,
/// }
///
/// async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
///     let grant = api::Grant::new(api::Scope::UsersRead);
///     let account = Account { name: "Ada".into() };
///     Ok((token == "secret").then(|| grant.with_principal(account)))
/// }
///
/// #[requires(api::users.read as permit)]
/// async fn greeting() -> String {
///     let account = permit.principal::<Account>();
///     format!("Hello {}", account.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), VerifyError> {
/// let grant = verify("secret".into()).await?.ok_or("unknown")?;
/// assert_eq!(greeting(scopes::test::permit_of(&grant, None)).await, "Hello Ada");
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "the catalogue does not declare `{Self}` as its principal",
    label = "not the type that the catalogue declares",
    note = "the setting `principal path::of::Type;` in `scopes!` declares it; `principal_as` returns data of any type as an `Option`"
)]
pub trait PrincipalOf<S: Scope>: Any {
    #[doc(hidden)]
    fn __declared(_: PrincipalType);
}

/// Implemented beside the catalogue's module, so that the path of the type is resolved there.
#[doc(hidden)]
pub trait DeclaresPrincipal: Scope {
    fn declared() -> PrincipalType;
}

/// A type that can be a principal, and its name.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PrincipalType(TypeId, &'static str);

impl PrincipalType {
    #[must_use]
    pub fn of<T: Any + Send + Sync>() -> Self {
        Self(TypeId::of::<T>(), type_name::<T>())
    }

    #[must_use]
    pub const fn into_parts(self) -> (TypeId, &'static str) {
        (self.0, self.1)
    }
}

/// Whether a grant has the principal that its catalogue declares, if it declares one. If not, logs
/// the mistake.
#[inline(always)]
pub(crate) fn is_sound<S: Scope>(grant: &Grant<S>, settings: &Settings) -> bool {
    match S::principal() {
        None => true,
        Some((id, _)) if grant.principal_type() == Some(id) => true,
        Some((_, name)) => {
            tell_missing::<S>(settings, name, grant.principal_type().is_some());
            false
        }
    }
}

#[cold]
fn tell_missing<S: Scope>(settings: &Settings, name: &str, has_other: bool) {
    let found = if has_other { "a principal of another type" } else { "no principal" };
    settings.told.error(format_args!(
        "catalogue `{}` declares `principal {name};`, but a grant has {found}: let the verifier add it with \
         `Grant::with_principal(..)`; until then its callers are answered 500",
        S::catalogue().name()
    ));
}
