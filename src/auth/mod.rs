//! Authentication: from the credentials of a request to its caller.
//!
//! [`Authenticate`](authenticate::Authenticate) takes the token, asks the verifier and stores the
//! outcome, which permits and gates read.

mod announced;
pub(crate) mod answered;
pub(crate) mod authenticate;
#[cfg(feature = "_before_routing")]
pub(crate) mod before_routing;
#[cfg(feature = "serde")]
pub(crate) mod claims;
pub(crate) mod credentials;
#[cfg(feature = "_judge")]
pub(crate) mod forgotten;
pub(crate) mod guarded;
pub(crate) mod kept_token;
mod origin;
pub(crate) mod outcome;
pub(crate) mod owner_check;
pub(crate) mod presented;
#[cfg(feature = "actix-web")]
mod public_targets;
mod refused_targets;
mod several_sources;
pub(crate) mod sources;
pub(crate) mod stored;
#[cfg(feature = "_late")]
pub(crate) mod unverified;
pub(crate) mod verification;
pub(crate) mod verifier;
