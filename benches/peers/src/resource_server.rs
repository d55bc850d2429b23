//! tower-oauth2-resource-server: it verifies a JWT, and the handler looks for the scope in its
//! claims. It uses HS256, because this is the cheapest signature. The library's default is
//! asymmetric.

use axum::Extension;
use axum::extract::Path;
use axum::routing::on;
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use tower_oauth2_resource_server::server::OAuth2ResourceServer;
use tower_oauth2_resource_server::tenant::TenantConfiguration;
use tower_oauth2_resource_server::validation::ClaimsValidationSpec;

use crate::{Failure, Parameters, Peer, answer, by_bearer, routed, scopes};

/// In the year 2100.
const EXPIRES: u64 = 4_102_444_800;

#[derive(Clone, Deserialize, Serialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: u64,
    scope: String,
}

pub(crate) async fn peer() -> Result<Peer, Failure> {
    let router = routed(|scope, filter| {
        let handler = async move |Extension(claims): Extension<Claims>, Path(parameters): Parameters| {
            if claims.scope.split(' ').any(|held| held == scope) {
                Ok(answer(&parameters))
            } else {
                Err(StatusCode::FORBIDDEN)
            }
        };
        on(filter, handler)
    });
    // The key is "secret".
    let jwks = r#"{"keys":[{"kty":"oct","kid":"1","alg":"HS256","k":"c2VjcmV0"}]}"#;
    let spec = ClaimsValidationSpec::new().iss("issuer").exp(true).aud(&vec!["api".to_owned()]);
    let tenant = TenantConfiguration::static_builder(jwks)
        .claims_validation(spec)
        .allowed_algorithms(&[Algorithm::HS256])
        .build()?;
    let server = OAuth2ResourceServer::<Claims>::builder().add_tenant(tenant).build().await?;
    let claims = Claims {
        iss: "issuer".to_owned(),
        aud: "api".to_owned(),
        exp: EXPIRES,
        scope: scopes().collect::<Vec<_>>().join(" "),
    };
    let header = Header { kid: Some("1".to_owned()), ..Header::new(Algorithm::HS256) };
    let token = encode(&header, &claims, &EncodingKey::from_secret(b"secret"))?;
    by_bearer(router.layer(server.into_layer()), &token)
}
