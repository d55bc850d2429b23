//! The options from the command line and the environment.

use core::num::NonZeroU32;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Parser;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use reqwest::Url;
use tracing::level_filters::LevelFilter;

use crate::database::Location;
use crate::logs::LogFormat;
use crate::settings::{Rates, Settings};

/// The port of the local server in the API's documents.
pub const PORT: u16 = 3333;

/// The options of the server. The command line wins over the variables of the environment.
#[derive(Clone, Debug, Parser)]
#[command(name = "dashboard", version, about = "Serves the API of a wallet dashboard", max_term_width = 100)]
pub struct Options {
    /// The database: the path of a SQLite file, which the server creates, or the URL of a
    /// PostgreSQL server. Write a URL with a password into the variable, because other users can
    /// see arguments.
    #[arg(long, env = "DASHBOARD_DATABASE", value_name = "FILE|URL", default_value = "dashboard.db")]
    #[arg(allow_hyphen_values = true, hide_env_values = true, value_parser = OsStringValueParser::new().try_map(Location::from_os))]
    pub database: Location,

    /// The address that the server listens on.
    #[arg(long, env = "DASHBOARD_ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub address: IpAddr,

    /// The port of the server; 0 for any free port.
    #[arg(long, env = "DASHBOARD_PORT", default_value_t = PORT)]
    pub port: u16,

    /// The origin that browsers use, such as `https://dashboard.example.com`. The default is
    /// the address and the port.
    #[arg(long, env = "DASHBOARD_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    pub public_url: Option<String>,

    /// The port of the metrics for Prometheus, on 127.0.0.1 only. Without it there are none.
    #[arg(long, env = "DASHBOARD_METRICS_PORT", value_name = "PORT")]
    pub metrics_port: Option<u16>,

    /// The file for the record of which routes each API token uses. `scopes minimal` reads it.
    /// Without it nothing is recorded.
    #[arg(long, env = "DASHBOARD_USAGE", value_name = "FILE")]
    pub usage: Option<PathBuf>,

    /// What to log: off, error, warn, info (each request) or debug.
    #[arg(long, env = "DASHBOARD_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: LevelFilter,

    /// The form of the log's lines. The default is text on a terminal, and JSON otherwise.
    #[arg(long, env = "DASHBOARD_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// How many requests one API token may send in a minute; 0 for any number.
    #[arg(long, env = "DASHBOARD_TOKEN_RATE", value_name = "REQUESTS", default_value_t = 600)]
    pub token_rate: u32,

    /// How many requests one address may send in a minute; 0 for any number.
    #[arg(long, env = "DASHBOARD_ADDRESS_RATE", value_name = "REQUESTS", default_value_t = 3000)]
    pub address_rate: u32,

    /// How many requests one address may send in a minute whose credentials are not good; 0 for any
    /// number.
    #[arg(long, env = "DASHBOARD_FAILURE_RATE", value_name = "REQUESTS", default_value_t = 60)]
    pub failure_rate: u32,

    /// Takes the last address of X-Forwarded-For for the client's. Only for a server that no client
    /// reaches without the proxy.
    #[arg(long, env = "DASHBOARD_BEHIND_PROXY")]
    pub behind_proxy: bool,

    /// The greatest number of open connections.
    #[arg(long, env = "DASHBOARD_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = 1024)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,

    /// The greatest number of open connections from one address; 0 for any number. With
    /// --behind-proxy, the greatest number of running requests of one client.
    #[arg(long, env = "DASHBOARD_MAX_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER", default_value_t = 128)]
    pub max_connections_per_address: u32,

    /// Adds headers with the handler's name to the answers of the API, for scopes-conformance.
    #[arg(long, env = "DASHBOARD_NAME_HANDLERS")]
    pub name_handlers: bool,

    /// Revokes all API tokens and then ends, for a database that was restored from a backup: tokens
    /// that were revoked after the backup would work again.
    #[arg(long, env = "DASHBOARD_REVOKE_ALL_TOKENS")]
    pub revoke_all_tokens: bool,
}

impl Options {
    /// The settings of a server that listens on this address, such as `http://127.0.0.1:3333`.
    #[must_use]
    pub fn settings(&self, root: &str) -> Settings {
        let number = NonZeroU32::new;
        let mut settings = Settings::new(self.public_url.as_deref().unwrap_or(root));
        settings.limits.connections = usize::try_from(self.max_connections).unwrap_or(usize::MAX);
        settings.limits.connections_per_address = number(self.max_connections_per_address);
        settings.rates = Rates {
            token: number(self.token_rate),
            address: number(self.address_rate),
            failures: number(self.failure_rate),
        };
        settings.behind_proxy = self.behind_proxy;
        settings.name_handlers = self.name_handlers;
        settings.usage.clone_from(&self.usage);
        settings
    }
}

/// Reads the origin of a URL, as browsers write it: in lower case, without the scheme's own port
/// and without a slash at the end.
fn origin(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "write the scheme and the host only, such as https://dashboard.example.com";
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte);
    let url = Url::parse(text).map_err(|_| EXPECTED)?;
    let origin = url.origin().ascii_serialization();
    // A URL with anything else, such as a path or a password, is longer than its origin.
    let is_origin = url.as_str().strip_suffix('/') == Some(&origin);
    // The parser also takes other ways to write a URL, such as backslashes and white space.
    let (scheme, host) = text.split_once("://").ok_or(EXPECTED)?;
    let has_scheme = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let written = origin.split_once("://").is_some_and(|(_, host)| host.bytes().all(is_host));
    if is_origin && has_scheme && written && !host.contains(['\\', ' ']) { Ok(origin) } else { Err(EXPECTED) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    fn read(arguments: &str) -> Result<Options, ErrorKind> {
        let arguments = arguments.split(' ').filter(|part| !part.is_empty());
        Options::try_parse_from(core::iter::once("dashboard").chain(arguments)).map_err(|error| error.kind())
    }

    #[test]
    fn the_declaration_is_sound() {
        Options::command().debug_assert();
        for argument in Options::command().get_arguments() {
            let name = argument.get_id().as_str();
            if !["help", "version"].contains(&name) {
                let variable = format!("DASHBOARD_{}", name.to_ascii_uppercase());
                assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(&*variable));
            }
        }
    }

    #[test]
    fn defaults_and_values() {
        let shown = |arguments| {
            let Options { database, address, port, .. } = read(arguments).unwrap();
            format!("{database} {address}:{port}")
        };
        assert_eq!(shown(""), "dashboard.db 127.0.0.1:3333");
        assert_eq!(shown("--database=a=b.db --port=0"), "a=b.db 127.0.0.1:0");
        assert_eq!(shown("--database -odd --address ::1 --port 65535"), "-odd ::1:65535");
        assert_eq!(shown("--database postgres://u:p@h/d"), "postgres://h:5432/d 127.0.0.1:3333");
    }

    #[test]
    fn the_defaults_of_options_and_settings_are_the_same() {
        let (read, default) = (read("").unwrap().settings("http://h"), Settings::new("http://h"));
        assert_eq!((read.limits, read.rates, read.behind_proxy), (default.limits, default.rates, false));
        assert_eq!(read.public_url, "http://h");
        let rates = "--token-rate 0 --address-rate 0 --failure-rate 0";
        let unlimited = super::tests::read(&format!("{rates} --max-connections-per-address 0")).unwrap().settings("");
        assert_eq!((unlimited.rates, unlimited.limits.connections_per_address), (Rates::UNLIMITED, None));
    }

    #[test]
    fn an_origin_has_no_path_and_no_password() {
        for (text, expected) in [
            ("https://Dashboard.example.com/", Some("https://dashboard.example.com")),
            ("http://127.0.0.1:3333", Some("http://127.0.0.1:3333")),
            ("https://example.com:443", Some("https://example.com")),
            ("http://example.com:80/", Some("http://example.com")),
            ("https://example.com:", Some("https://example.com")),
            ("HTTPS://example.com:8443", Some("https://example.com:8443")),
            ("http://[::1]:3333", Some("http://[::1]:3333")),
            ("https://bücher.example", Some("https://xn--bcher-kva.example")),
            ("https://example.com:99999", None),
            ("https://a,b", None),
            ("https://*.example.com", None),
            ("https://example.com/#a", None),
            ("https:example.com", None),
            (" https://example.com", None),
            ("https://example.com/dashboard", None),
            ("https://example.com/?a", None),
            ("https://u:p@example.com", None),
            ("ftp://example.com", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(origin(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong() {
        for (arguments, kind) in [
            ("serve", ErrorKind::UnknownArgument),
            ("--Port 1", ErrorKind::UnknownArgument),
            ("--port", ErrorKind::InvalidValue),
            ("--database=", ErrorKind::ValueValidation),
            ("--port 1 --port 2", ErrorKind::ArgumentConflict),
            ("--port 65536", ErrorKind::ValueValidation),
            ("--address localhost", ErrorKind::ValueValidation),
            ("--max-connections 0", ErrorKind::ValueValidation),
            ("--log loud", ErrorKind::ValueValidation),
            ("--help", ErrorKind::DisplayHelp),
        ] {
            assert_eq!(read(arguments).unwrap_err(), kind, "{arguments}");
        }
    }
}
