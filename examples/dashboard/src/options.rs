//! The options from the command line and the environment.

use std::net::{IpAddr, Ipv4Addr};

use clap::Parser;
use clap::builder::{OsStringValueParser, TypedValueParser as _};

use crate::database::Location;

/// The port of the local server in the API's documents.
pub const PORT: u16 = 3333;

/// The options of the server. The command line wins over the variables of the environment.
#[derive(Clone, Debug, Parser)]
#[command(name = "dashboard", version, about = "Serves the API of a wallet dashboard", max_term_width = 100)]
pub struct Options {
    /// The database: the path of a SQLite file, which the server creates, or the URL of a PostgreSQL
    /// server. Write a URL with a password into the variable, because other users can see arguments.
    #[arg(long, env = "DASHBOARD_DATABASE", value_name = "FILE|URL", default_value = "dashboard.db")]
    #[arg(allow_hyphen_values = true, hide_env_values = true, value_parser = OsStringValueParser::new().try_map(Location::from_os))]
    pub database: Location,

    /// The address that the server listens on.
    #[arg(long, env = "DASHBOARD_ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub address: IpAddr,

    /// The port of the server; 0 for any free port.
    #[arg(long, env = "DASHBOARD_PORT", default_value_t = PORT)]
    pub port: u16,
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
    fn what_is_wrong() {
        for (arguments, kind) in [
            ("serve", ErrorKind::UnknownArgument),
            ("--Port 1", ErrorKind::UnknownArgument),
            ("--port", ErrorKind::InvalidValue),
            ("--database=", ErrorKind::ValueValidation),
            ("--port 1 --port 2", ErrorKind::ArgumentConflict),
            ("--port 65536", ErrorKind::ValueValidation),
            ("--address localhost", ErrorKind::ValueValidation),
            ("--help", ErrorKind::DisplayHelp),
        ] {
            assert_eq!(read(arguments).unwrap_err(), kind, "{arguments}");
        }
    }
}
