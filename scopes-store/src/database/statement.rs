//! What both databases run and return: statements, their values, and rows.
//!
//! The statements are the same for both, with `$1` for the first value. Where the two need
//! different words, [`Statement::either`] takes both.

#[cfg(feature = "postgres")]
use sqlx::postgres::{PgArguments, PgRow};
#[cfg(feature = "sqlite")]
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Encode, Result, Row as _, Type};

/// A statement made of constant texts, and the values that are bound to it.
///
/// Only constant texts can be added, so no value can become part of the statement.
#[derive(Clone)]
pub(crate) struct Statement {
    sqlite: String,
    postgres: String,
    values: Vec<Value>,
}

#[derive(Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Vec<u8>),
}

impl Statement {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { sqlite: text.to_owned(), postgres: text.to_owned(), values: Vec::new() }
    }

    pub(crate) fn push(mut self, text: &'static str) -> Self {
        self.sqlite.push_str(text);
        self.postgres.push_str(text);
        self
    }

    /// Adds words that differ between the databases.
    pub(crate) fn either(mut self, sqlite: &'static str, postgres: &'static str) -> Self {
        self.sqlite.push_str(sqlite);
        self.postgres.push_str(postgres);
        self
    }

    /// Adds the placeholder of the next value, and binds the value.
    pub(crate) fn value(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        let placeholder = format!("${}", self.values.len());
        self.sqlite.push_str(&placeholder);
        self.postgres.push_str(&placeholder);
        self
    }

    /// Binds the next value: `$1`, `$2` and so on, which the texts name.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    #[cfg(feature = "sqlite")]
    pub(super) fn sqlite(self) -> Result<(String, SqliteArguments)> {
        Ok((self.sqlite, arguments(self.values)?))
    }

    #[cfg(feature = "postgres")]
    pub(super) fn postgres(self) -> Result<(String, PgArguments)> {
        Ok((self.postgres, arguments(self.values)?))
    }
}

/// The values in the form of one database.
fn arguments<A: Arguments>(values: Vec<Value>) -> Result<A>
where
    for<'v> Option<String>: Encode<'v, A::Database> + Type<A::Database>,
    for<'v> Option<i64>: Encode<'v, A::Database> + Type<A::Database>,
    for<'v> Vec<u8>: Encode<'v, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    for value in values {
        match value {
            Value::Text(value) => arguments.add(value),
            Value::Number(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Number(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_owned())
    }
}

/// A row of either database, whose columns are read by name.
pub(crate) enum Row {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteRow),
    #[cfg(feature = "postgres")]
    Postgres(PgRow),
}

macro_rules! readers {
    ($($name:ident $optional:ident: $type:ty;)*) => {
        impl Row {
            $(pub(crate) fn $name(&self, column: &str) -> Result<$type> {
                // sqlx reads `NULL` of SQLite as zero and as the empty text.
                self.$optional(column)?.ok_or_else(|| sqlx::Error::ColumnDecode {
                    index: column.to_owned(),
                    source: Box::new(sqlx::error::UnexpectedNullError),
                })
            }

            pub(crate) fn $optional(&self, column: &str) -> Result<Option<$type>> {
                match self {
                    #[cfg(feature = "sqlite")]
                    Self::Sqlite(row) => row.try_get(column),
                    #[cfg(feature = "postgres")]
                    Self::Postgres(row) => row.try_get(column),
                }
            })*
        }
    };
}

readers! {
    text optional_text: String;
    number optional_number: i64;
}
