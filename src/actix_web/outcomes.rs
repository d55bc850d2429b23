//! What a request carries: outcomes of authentication.

use http::Extensions;

/// The entry in actix-web's own extensions: what was found out for each catalogue.
#[derive(Default)]
pub(super) struct Outcomes(pub(super) Extensions);
