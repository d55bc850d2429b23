//! The options from the command line and the environment.

use core::fmt;
use std::ffi::OsString;
use std::path::PathBuf;

/// For `--help`.
pub const USAGE: &str = "\
Usage: dashboard [--database FILE] [--port PORT]

  --database FILE  the SQLite database, made if there is none
                   (else the variable DASHBOARD_DATABASE, else dashboard.db)
  --port PORT      the port on 127.0.0.1, 0 for any free one (else 3333)";

/// The port of the local server in the API's documents.
pub const PORT: u16 = 3333;

/// The options of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The database's file.
    pub database: PathBuf,
    /// The port; 0 for any free one.
    pub port: u16,
}

/// What the program shall do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Serve with these options.
    Serve(Options),
    /// Print the usage.
    Help,
}

impl Options {
    /// Reads the arguments without the program's name. `database` is the value of the environment
    /// variable.
    ///
    /// # Errors
    ///
    /// If an argument is unknown, given twice, or has no value or an invalid one.
    pub fn read(
        arguments: impl IntoIterator<Item = OsString>,
        database: Option<OsString>,
    ) -> Result<Asked, OptionsError> {
        let (mut file, mut port) = (None, None);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            let (name, value) = match text.split_once('=') {
                // A path that is not valid Unicode must be an argument of its own, after
                // `--database`.
                Some((name, value)) if argument.to_str().is_some() => (name, Some(OsString::from(value))),
                _ => (&*text, None),
            };
            let option = match name {
                "--help" | "-h" => return Ok(Asked::Help),
                "--database" => &mut file,
                "--port" => &mut port,
                _ => return Err(OptionsError::Unknown(text.into_owned())),
            };
            let value = value.or_else(|| arguments.next()).filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| OptionsError::NoValue(name.to_owned()))?;
            if option.replace(value).is_some() {
                return Err(OptionsError::Twice(name.to_owned()));
            }
        }
        let database = file.or(database.filter(|value| !value.is_empty())).unwrap_or_else(|| "dashboard.db".into());
        let port = match port {
            None => PORT,
            Some(port) => port.to_str().and_then(|port| port.parse().ok()).ok_or(OptionsError::Port)?,
        };
        Ok(Asked::Serve(Self { database: database.into(), port }))
    }
}

/// What is wrong with the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionsError {
    /// An argument that the program does not know.
    Unknown(String),
    /// An option without its value.
    NoValue(String),
    /// An option that is given twice.
    Twice(String),
    /// The value of `--port` is not a port.
    Port,
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(argument) => write!(f, "unknown argument `{argument}`"),
            Self::NoValue(option) => write!(f, "`{option}` needs a value"),
            Self::Twice(option) => write!(f, "`{option}` is given twice"),
            Self::Port => f.write_str("`--port` takes a number from 0 to 65535"),
        }
    }
}

impl core::error::Error for OptionsError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &str, database: Option<&str>) -> Result<Asked, OptionsError> {
        Options::read(arguments.split(' ').filter(|part| !part.is_empty()).map(Into::into), database.map(Into::into))
    }

    #[test]
    fn arguments_before_the_variable_before_the_default() {
        for (arguments, variable, database, port) in [
            ("", None, "dashboard.db", 3333),
            ("", Some(""), "dashboard.db", 3333),
            ("", Some("v.db"), "v.db", 3333),
            ("--database a.db", Some("v.db"), "a.db", 3333),
            ("--database=a=b.db --port=0", None, "a=b.db", 0),
            ("--port 65535", None, "dashboard.db", 65_535),
        ] {
            let expected = Options { database: database.into(), port };
            assert_eq!(read(arguments, variable), Ok(Asked::Serve(expected)), "{arguments}");
        }
        assert_eq!(read("--port 1 --help", None), Ok(Asked::Help));
    }

    #[test]
    fn what_is_wrong() {
        for (arguments, error) in [
            ("serve", OptionsError::Unknown("serve".to_owned())),
            ("--Port 1", OptionsError::Unknown("--Port".to_owned())),
            ("--port", OptionsError::NoValue("--port".to_owned())),
            ("--database=", OptionsError::NoValue("--database".to_owned())),
            ("--port 1 --port 2", OptionsError::Twice("--port".to_owned())),
            ("--port 65536", OptionsError::Port),
            ("--port http", OptionsError::Port),
        ] {
            assert_eq!(read(arguments, None), Err(error), "{arguments}");
        }
    }
}
