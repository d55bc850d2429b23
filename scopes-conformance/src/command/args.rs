//! The arguments.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::{Parser, ValueEnum};
use scopes_conformance::{CLASSES, TokenPlace};

/// Attacks the permissions of an HTTP server, and lists the handlers that ran although they should
/// not have.
///
/// The server may be written in any language. Give the catalogue of its scopes and routes, and a
/// few test tokens with what they stand for. Every request that lacks a scope, a token or the
/// tenant of its path must be refused, however the path is spelled.
///
/// Point it at a server made for the test: requests of authorized tokens run their handlers, those
/// of DELETE included. It speaks HTTP/1.1 without TLS and follows no redirect.
#[derive(Debug, Parser)]
#[command(name = "scopes-conformance", version, after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
pub(crate) struct Args {
    /// The catalogue of scopes and routes, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: PathBuf,
    /// The tokens and what they stand for, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) tokens: PathBuf,
    /// Where the server listens: an address or a name of this machine, and a port.
    #[arg(long, value_name = "HOST:PORT", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) address: String,
    /// Allows attacks on this host, which is not this machine. Only methods that change nothing are
    /// sent.
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Option<String>,
    /// Sends GET, HEAD and OPTIONS only.
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Sends all methods to the host of --allow-host, too.
    #[arg(long, requires = "allow_host", conflicts_with = "read_only")]
    pub(crate) all_methods: bool,
    /// At most this number of requests a second [default: 2000, and 50 to the host of
    /// --allow-host].
    #[arg(long, value_name = "REQUESTS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: Option<u32>,
    /// Where the server takes tokens from: bearer, basic, header:NAME or cookie:NAME [default:
    /// bearer].
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub(crate) token_in: Option<TokenPlace>,
    /// The value of a path's parameter, such as the id of an existing object, in place of 1. Given
    /// several times, each DELETE that succeeds uses up one.
    #[arg(long, value_name = "PARAMETER=VALUE", value_parser = pair)]
    pub(crate) value: Vec<(String, String)>,
    /// The query of a route, by method and path or by its name: 'GET /pulses=pulsetime=5'.
    #[arg(long, value_name = "ROUTE=QUERY", value_parser = pair)]
    pub(crate) query: Vec<(String, String)>,
    /// The bodies of single routes, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) bodies: Option<PathBuf>,
    /// Where the API is mounted, if not at the catalogue's base.
    #[arg(long, value_name = "PATH")]
    pub(crate) mounted_at: Option<String>,
    /// Handlers name their route in this header of their answers.
    #[arg(long, value_name = "NAME")]
    pub(crate) handler_header: Option<String>,
    /// Handlers name their tenant in this header of their answers.
    #[arg(long, value_name = "NAME", requires = "handler_header")]
    pub(crate) tenant_header: Option<String>,
    /// Leaves out a class of requests, by its name in the first table of the report.
    #[arg(long, value_name = "CLASS", hide_possible_values = true, value_parser = PossibleValuesParser::new(CLASSES))]
    pub(crate) without: Vec<String>,
    /// How many seconds one answer may take.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) time_limit: Duration,
    /// Fails also if a route was not reached, or not tried by a token that it must refuse.
    #[arg(long)]
    pub(crate) complete: bool,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    /// Tables and lists.
    Text,
    /// One object with the member `version`, which is 1.
    Json,
}

const AFTER_HELP: &str = "\
Example: scopes-conformance --catalogue api.json --tokens tokens.json --address 127.0.0.1:3000
Exit status: 0 clean, 1 breaches, 2 the attacks could not be run or prove nothing.
`--help` shows the format of the files.";

const AFTER_LONG_HELP: &str = r#"Example:
  scopes-conformance --catalogue api.json --tokens tokens.json --address 127.0.0.1:3000

  api.json:
    { "name": "api", "tenant": "account",
      "scopes": [
        { "scope": "users.read", "routes": [["GET", "/accounts/{account}/users"]] },
        { "scope": "users.write", "routes": [["POST", "/accounts/{account}/users"]] } ],
      "public": [{ "reason": "liveness probe", "routes": [["GET", "/health"]] }] }

  tokens.json, with a token or the name of an environment variable that holds it:
    [ { "env": "READER", "scopes": ["users.read"], "tenants": ["A1"] },
      { "token": "test-writer", "scopes": ["users.write"], "tenants": ["A1"] },
      { "token": "test-other", "scopes": ["users.read", "users.write"], "tenants": ["A2"],
        "in": "header:X-Api-Key" } ]
    "tenants" may be "any". A token of "basic" is "user:password". An entry with "anonymous": true
    in place of the token says what callers without credentials may do.

  The file of --bodies, by method and path or by the route's name:
    { "POST /accounts/{account}/users": { "type": "application/json", "body": { "name": "Ann" } } }

Give tokens that have all scopes of some routes and none of others, for two tenants.
No token is printed, in whatever form.

Exit status:
  0  nothing ran that should not have
  1  breaches: the report lists them
  2  the attacks could not be run or prove nothing: the report or the error says why"#;

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("write PARAMETER=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|limit| !limit.is_zero()).ok_or("write a number of seconds above 0")
}

/// Reads a token's place, in the notation that arguments and files use.
pub(crate) fn place(text: &str) -> Result<TokenPlace, &'static str> {
    match text.split_once(':') {
        None if text == "bearer" => Ok(TokenPlace::Bearer),
        None if text == "basic" => Ok(TokenPlace::Basic),
        Some(("header", name)) => Ok(TokenPlace::Header(name.to_owned())),
        Some(("cookie", name)) => Ok(TokenPlace::Cookie(name.to_owned())),
        _ => Err("write bearer, basic, header:NAME or cookie:NAME"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn words_of_arguments() {
        assert_eq!(place("header:X-Key"), Ok(TokenPlace::Header("X-Key".to_owned())));
        assert_eq!(place("basic"), Ok(TokenPlace::Basic));
        assert!(place("Bearer").is_err() && place("header").is_err() && place("query:token").is_err());
        assert_eq!(pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(pair("a").is_err());
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "nan", "inf", "1e400", "x"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
