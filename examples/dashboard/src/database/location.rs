//! Where the database is: a file, or the URL of a server.

use core::fmt;
use core::str::FromStr;
use std::ffi::OsString;
use std::path::PathBuf;

use sqlx::postgres::PgConnectOptions;

/// The place of a database. It is displayed without the password.
#[derive(Clone)]
pub enum Location {
    /// A file of SQLite.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Box<PgConnectOptions>),
}

impl Location {
    /// Reads an argument of the command line, which may be the path of a file in any encoding.
    ///
    /// # Errors
    ///
    /// If the text is neither a path nor the URL of a server.
    pub fn from_os(text: OsString) -> Result<Self, LocationError> {
        text.into_string().map_or_else(|path| Ok(Self::File(path.into())), |text| text.parse())
    }
}

impl FromStr for Location {
    type Err = LocationError;

    /// Reads `postgres://user:password@host:port/database` or the path of a file.
    fn from_str(text: &str) -> Result<Self, LocationError> {
        let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
        match text.split_once("://") {
            _ if is_url => text.parse().map(|options| Self::Server(Box::new(options))).map_err(|_| LocationError),
            _ if text.is_empty() => Err(LocationError),
            Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => Err(LocationError),
            _ => Ok(Self::File(text.into())),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.display().fmt(f),
            Self::Server(options) => {
                let database = options.get_database().unwrap_or(options.get_username());
                write!(f, "postgres://{}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not the place of a database. It is not repeated, because a URL has a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocationError;

impl fmt::Display for LocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write the path of a SQLite file, or postgres://USER@HOST:PORT/DATABASE")
    }
}

impl core::error::Error for LocationError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_a_server() {
        for (text, shown) in [
            ("dashboard.db", Some("dashboard.db")),
            ("./a:b.db", Some("./a:b.db")),
            ("postgres://u:secret@h:5433/d", Some("postgres://h:5433/d")),
            ("postgresql://u:secret@h/d", Some("postgres://h:5432/d")),
            ("postgres://u@h:x/secret", None),
            ("mysql://u:secret@h/d", None),
            ("", None),
        ] {
            let location = text.parse::<Location>();
            assert_eq!(location.as_ref().ok().map(ToString::to_string).as_deref(), shown, "{text}");
            assert!(!format!("{location:?}").contains("secret"));
            assert!(location.is_ok() || !location.unwrap_err().to_string().contains("secret"));
        }
    }
}
