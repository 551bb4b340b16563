//! The contents of the database file, seen without a key.

use std::path::Path;
use std::{fs, io};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

/// A row, as any other program reads it.
#[derive(QueryableByName)]
pub(crate) struct RawAccount {
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub email_index: String,
    #[diesel(sql_type = Text)]
    pub phone: String,
    #[diesel(sql_type = Text)]
    pub phone_index: String,
    #[diesel(sql_type = Text)]
    pub phone_last_four: String,
}

pub(crate) fn account(connection: &mut SqliteConnection, id: i32) -> QueryResult<RawAccount> {
    diesel::sql_query(
        "SELECT email, lower(hex(email_index)) AS email_index, phone, lower(hex(phone_index)) AS phone_index,
            lower(hex(phone_last_four)) AS phone_last_four
         FROM accounts WHERE id = ?",
    )
    .bind::<Integer, _>(id)
    .get_result(connection)
}

/// Two rows with the same index.
#[derive(QueryableByName, PartialEq)]
pub(crate) struct Pair {
    #[diesel(sql_type = Integer)]
    pub first: i32,
    #[diesel(sql_type = Integer)]
    pub second: i32,
}

/// The pairs of rows with the same value in `column`, an index.
pub(crate) fn pairs(connection: &mut SqliteConnection, column: &str) -> QueryResult<Vec<Pair>> {
    diesel::sql_query(format!(
        "SELECT one.id AS first, other.id AS second
         FROM accounts AS one JOIN accounts AS other ON one.{column} = other.{column} AND one.id < other.id
         ORDER BY 1, 2"
    ))
    .load(connection)
}

/// The least and the greatest length of a stored address.
#[derive(QueryableByName)]
pub(crate) struct Lengths {
    #[diesel(sql_type = BigInt)]
    pub least: i64,
    #[diesel(sql_type = BigInt)]
    pub greatest: i64,
}

pub(crate) fn email_lengths(connection: &mut SqliteConnection) -> QueryResult<Lengths> {
    diesel::sql_query("SELECT min(length(email)) AS least, max(length(email)) AS greatest FROM accounts")
        .get_result(connection)
}

/// The bytes of the database file and of its journals, if there are any.
pub(crate) struct Bytes(String);

impl Bytes {
    pub(crate) fn read(database: &str) -> io::Result<Self> {
        let mut bytes = fs::read(database)?;
        for journal in ["-wal", "-journal"].map(|suffix| format!("{database}{suffix}")) {
            if Path::new(&journal).exists() {
                bytes.extend(fs::read(journal)?);
            }
        }
        Ok(Self::new(&bytes))
    }

    /// Maps each byte to a character, because the standard library has a fast search for strings only.
    fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().map(char::from).collect())
    }

    pub(crate) fn contain(&self, wanted: &[u8]) -> bool {
        self.0.contains(&Self::new(wanted).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_whatever_they_are() {
        let bytes = Bytes::new(b"SQLite\0\xff\xfe\x80Ada@Example.org\xc3");
        for wanted in [&b"Ada@Example.org"[..], b"\0\xff", b"\x80A", b"\xc3"] {
            assert!(bytes.contain(wanted), "{wanted:?}");
        }
        for wanted in [&b"ada@example.org"[..], b"\xc3\xbf", b"\xfe\xff"] {
            assert!(!bytes.contain(wanted), "{wanted:?}");
        }
    }
}
