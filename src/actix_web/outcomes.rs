//! The outcomes of authentication that a request carries.

use http::Extensions;

/// The entry in actix-web's own extensions: the outcome for each catalogue.
#[derive(Default)]
pub(super) struct Outcomes(pub(super) Extensions);
