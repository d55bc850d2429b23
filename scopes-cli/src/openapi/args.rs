//! The arguments of `scopes openapi`.

use clap::ValueEnum;
use scopes_export::openapi::Version;

pub(crate) const EXAMPLES: &str = "\
Examples:
  scopes openapi > openapi.json
  scopes openapi api.scopes.json --title \"Users\" --server https://api.example.com/v1 --show-scopes
  scopes openapi --version 3.0 --scheme oauth2 --token-url https://login.example.com/token
  scopes openapi --merge openapi.yaml --in-place

The document goes to the standard output. What OpenAPI cannot say goes to the standard error; it is in the
document's `x-scopes` all the same.";

#[derive(Debug, clap::Args)]
pub(crate) struct OpenapiArgs {
    /// The catalogue; by default the only one in target/scopes.
    pub(crate) catalogue: Option<String>,
    /// Merges into this document, JSON or YAML, and leaves everything else in it as it is.
    #[arg(long, value_name = "DOCUMENT", conflicts_with_all = ["version", "title", "api_version", "license", "server", "errors"])]
    pub(crate) merge: Option<String>,
    /// Writes the merged document into its file, not to the standard output.
    #[arg(long, requires = "merge")]
    pub(crate) in_place: bool,
    /// Replaces the `security` of operations where the document demands something else, and
    /// `x-scopes` of other tools.
    #[arg(long, requires = "merge")]
    pub(crate) replace: bool,
    /// The version of OpenAPI: 3.0, 3.1 or 3.2. A merge keeps the document's.
    #[arg(long, value_name = "VERSION", default_value = "3.1")]
    pub(crate) version: Version,
    /// How the tokens are described. Since 3.1, `bearer` lists the scopes of each operation.
    #[arg(long, default_value = "bearer")]
    pub(crate) scheme: SchemeName,
    /// The name of the scheme in the document; by default `bearer` or `oauth2`.
    #[arg(long, value_name = "NAME")]
    pub(crate) scheme_name: Option<String>,
    /// Where clients get tokens, for `--scheme oauth2`.
    #[arg(long, value_name = "URL")]
    pub(crate) token_url: Option<String>,
    /// Where users agree, for `--scheme oauth2` with authorization codes.
    #[arg(long, value_name = "URL", requires = "token_url")]
    pub(crate) authorization_url: Option<String>,
    /// Writes the scopes into the descriptions too, because many pages do not show those of bearer
    /// tokens.
    #[arg(long)]
    pub(crate) show_scopes: bool,
    /// The title of the API; by default the name of the catalogue.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// The version of the API.
    #[arg(long, value_name = "VERSION", default_value = "0.0.0")]
    pub(crate) api_version: String,
    /// The licence of the API, as an SPDX expression.
    #[arg(long, value_name = "LICENSE")]
    pub(crate) license: Option<String>,
    /// A server, base included. May be repeated; without it, the base.
    #[arg(long, value_name = "URL")]
    pub(crate) server: Vec<String>,
    /// The bodies of denials.
    #[arg(long, default_value = "json")]
    pub(crate) errors: ErrorBodies,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemeName {
    Bearer,
    Oauth2,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ErrorBodies {
    /// {"error": ".."}
    Json,
    /// application/problem+json
    Problem,
    /// The document does not describe them.
    Other,
}
