//! Statements with their values, and the rows that they find.

use sqlx::error::UnexpectedNullError;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Encode, Row as _, Type};

use super::Result;

/// A statement made of constant texts, and the values that are bound to it.
///
/// Only constant texts can be added, so no value can become part of the statement.
#[derive(Clone, Debug)]
#[must_use]
pub struct Statement {
    sqlite: String,
    postgres: String,
    values: Vec<Value>,
}

/// Starts a statement. `$1` is the place of the first value that is bound.
pub fn sql(text: &'static str) -> Statement {
    Statement { sqlite: text.to_owned(), postgres: text.to_owned(), values: Vec::new() }
}

impl Statement {
    /// Adds a text.
    pub fn and(self, text: &'static str) -> Self {
        self.either(text, text)
    }

    /// Adds words that differ between the databases.
    pub fn either(mut self, sqlite: &'static str, postgres: &'static str) -> Self {
        self.sqlite.push_str(sqlite);
        self.postgres.push_str(postgres);
        self
    }

    /// Binds the next value: `$1`, `$2` and so on, which the texts name.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Adds the placeholder of the next value, and binds the value.
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        let placeholder = format!("${}", self.values.len());
        self.sqlite.push_str(&placeholder);
        self.postgres.push_str(&placeholder);
        self
    }
}

macro_rules! calls {
    ($connection:ty, $arguments:ty, $text:ident, $variant:ident: $execute:ident $all:ident $optional:ident) => {
        impl Statement {
            pub(super) async fn $execute(self, connection: &mut $connection) -> Result<u64> {
                let arguments: $arguments = arguments(self.values)?;
                let done = sqlx::query_with(AssertSqlSafe(self.$text), arguments).execute(connection).await?;
                Ok(done.rows_affected())
            }

            pub(super) async fn $all(self, connection: &mut $connection) -> Result<Vec<Row>> {
                let arguments: $arguments = arguments(self.values)?;
                let rows = sqlx::query_with(AssertSqlSafe(self.$text), arguments).fetch_all(connection).await?;
                Ok(rows.into_iter().map(|row| Row(AnyRow::$variant(row))).collect())
            }

            pub(super) async fn $optional(self, connection: &mut $connection) -> Result<Option<Row>> {
                let arguments: $arguments = arguments(self.values)?;
                let row = sqlx::query_with(AssertSqlSafe(self.$text), arguments).fetch_optional(connection).await?;
                Ok(row.map(|row| Row(AnyRow::$variant(row))))
            }
        }
    };
}

calls!(SqliteConnection, SqliteArguments, sqlite, Sqlite: execute_sqlite all_sqlite optional_sqlite);
calls!(PgConnection, PgArguments, postgres, Postgres: execute_postgres all_postgres optional_postgres);

/// A value of a statement: a text, a number, bytes, or `NULL` in the place of one of them.
#[derive(Clone, Debug)]
pub enum Value {
    /// `TEXT` in both databases.
    Text(Option<String>),
    /// `INTEGER` on SQLite, `BIGINT` on PostgreSQL. A flag is 0 or 1 in both.
    Number(Option<i64>),
    /// `BLOB` on SQLite, `BYTEA` on PostgreSQL.
    Bytes(Option<Vec<u8>>),
}

/// The values in the form of one database.
fn arguments<A: Arguments>(values: Vec<Value>) -> Result<A>
where
    for<'v> Option<String>: Encode<'v, A::Database> + Type<A::Database>,
    for<'v> Option<i64>: Encode<'v, A::Database> + Type<A::Database>,
    for<'v> Option<Vec<u8>>: Encode<'v, A::Database> + Type<A::Database>,
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

macro_rules! values {
    ($($type:ty, $variant:ident, $value:ident => $owned:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                Self::$variant(Some($owned))
            }
        }

        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$value| $owned))
            }
        })*
    };
}

values! {
    &str, Text, value => value.to_owned();
    &String, Text, value => value.clone();
    String, Text, value => value;
    i64, Number, value => value;
    u32, Number, value => i64::from(value);
    bool, Number, value => i64::from(value);
    &[u8], Bytes, value => value.to_owned();
    Vec<u8>, Bytes, value => value;
}

/// A row of either database, whose columns are read by name.
#[derive(Debug)]
pub struct Row(AnyRow);

enum AnyRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl core::fmt::Debug for AnyRow {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("..")
    }
}

macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident $optional:ident: $type:ty;)*) => {
        impl Row {
            $($(#[$doc])*
            ///
            /// # Errors
            ///
            /// If the row has no column of this name, or its value is `NULL` or has another type.
            pub fn $name(&self, column: &str) -> Result<$type> {
                // sqlx reads `NULL` of SQLite as zero and as the empty text.
                self.$optional(column)?.ok_or_else(|| sqlx::Error::ColumnDecode {
                    index: column.to_owned(),
                    source: Box::new(UnexpectedNullError),
                })
            }

            $(#[$doc])*
            /// It may be `NULL`.
            ///
            /// # Errors
            ///
            /// If the row has no column of this name, or its value has another type.
            pub fn $optional(&self, column: &str) -> Result<Option<$type>> {
                match &self.0 {
                    AnyRow::Sqlite(row) => row.try_get(column),
                    AnyRow::Postgres(row) => row.try_get(column),
                }
            })*
        }
    };
}

readers! {
    /// Reads a text.
    text optional_text: String;
    /// Reads a number.
    number optional_number: i64;
    /// Reads bytes.
    bytes optional_bytes: Vec<u8>;
}

impl Row {
    /// Reads a flag, which both databases store as 0 or 1.
    ///
    /// # Errors
    ///
    /// If the row has no column of this name, or its value has another type.
    pub fn flag(&self, column: &str) -> Result<bool> {
        Ok(self.number(column)? != 0)
    }
}
