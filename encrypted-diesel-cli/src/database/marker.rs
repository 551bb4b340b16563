//! The words in a database that mark a column as encrypted.

use std::fmt;

use crate::error::Error;

/// A type of encrypted columns, and the words that mark it in a database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The type, in `encrypted_diesel::sql_types`.
    pub(crate) sql_type: &'static str,
    /// How its columns are stored.
    pub(crate) stored: Stored,
    /// The declared type in SQLite. Its letters decide which affinity SQLite chooses, and which type Diesel's tool prints.
    sqlite: &'static str,
    /// The first word of the comment in MySQL, and the name of the domain in PostgreSQL.
    mysql: &'static str,
}

/// How a column is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    Text,
    Binary,
}

use Stored::{Binary, Text};

const MARKERS: [Marker; 5] = [
    marker("EncryptedText", Text, "ENCRYPTED_TEXT", "encrypted_text"),
    marker("EncryptedVarchar", Text, "ENCRYPTED_VARCHAR", "encrypted_varchar"),
    marker("EncryptedBinary", Binary, "ENCRYPTED_BLOB", "encrypted_binary"),
    marker("DeterministicText", Text, "DETERMINISTIC_TEXT", "deterministic_text"),
    marker("BlindIndex", Binary, "BLIND_INDEX_BLOB", "blind_index"),
];

/// A word that starts with one of these and is not a marker is taken for a mistake.
const PREFIXES: [&str; 3] = ["encrypted_", "deterministic_", "blind_index"];

const fn marker(sql_type: &'static str, stored: Stored, sqlite: &'static str, mysql: &'static str) -> Marker {
    Marker { sql_type, stored, sqlite, mysql }
}

/// A word that looks like a marker but is not one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnknownWord {
    word: String,
    /// The markers of this backend.
    known: String,
}

impl UnknownWord {
    /// The error for the column that has the word.
    pub(crate) fn of_column(self, table: &str, column: &str) -> Error {
        let Self { word, known } = self;
        Error::UnknownWord { column: format!("{table}.{column}"), word, known }
    }
}

impl Marker {
    /// Whether the column holds encrypted values, not digests.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.sql_type != "BlindIndex"
    }

    /// The marker of a column in SQLite, from its declared type, such as `ENCRYPTED_VARCHAR(691)`.
    pub(crate) fn by_declared_type(declared: &str) -> Result<Option<&'static Self>, UnknownWord> {
        by_first_word(declared, |marker| marker.sqlite)
    }

    /// The marker of a column in MySQL, from its comment, such as `encrypted_text: social security number`.
    pub(crate) fn by_comment(comment: &str) -> Result<Option<&'static Self>, UnknownWord> {
        by_first_word(comment, |marker| marker.mysql)
    }

    /// The marker of a column in PostgreSQL, from the name of its domain. Other domains may belong to the application.
    #[cfg(any(feature = "postgres", test))]
    pub(crate) fn by_domain(domain: &str) -> Option<&'static Self> {
        MARKERS.iter().find(|marker| marker.mysql == domain)
    }
}

fn by_first_word(
    text: &str,
    name: impl Fn(&Marker) -> &'static str,
) -> Result<Option<&'static Marker>, UnknownWord> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let text = text.trim_start();
    let word = text.split(|letter| !is_letter(letter)).next().unwrap_or_default().to_ascii_lowercase();
    let found = MARKERS.iter().find(|marker| name(marker).eq_ignore_ascii_case(&word));
    if found.is_none() && PREFIXES.iter().any(|prefix| word.starts_with(prefix)) {
        let known = MARKERS.each_ref().map(name).join(", ");
        return Err(UnknownWord { word, known });
    }
    Ok(found)
}

/// The table in `--help`.
pub(crate) struct Table;

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |sql_type, sqlite, mysql| writeln!(f, "  {sql_type:<19}{sqlite:<24}{mysql}");
        row("type", "declared in SQLite", "comment in MySQL")?;
        MARKERS.iter().try_for_each(|marker| row(marker.sql_type, marker.sqlite, marker.mysql))
    }
}

impl Stored {
    /// The word for it in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Text => "text",
            Binary => "bytes",
        }
    }

    /// Whether Diesel's tool prints this type for columns that are stored so.
    pub(crate) fn prints_as(self, sql_type: &str) -> bool {
        let types: &[&str] = match self {
            Text => &["Text", "Tinytext", "Mediumtext", "Longtext", "Varchar", "Char"],
            Binary => &["Binary", "Varbinary", "Blob", "Tinyblob", "Mediumblob", "Longblob"],
        };
        types.contains(&sql_type)
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql_type(found: Result<Option<&'static Marker>, UnknownWord>) -> Option<&'static str> {
        found.unwrap().map(|marker| marker.sql_type)
    }

    #[test]
    fn a_declared_type_is_known_in_any_case_and_with_any_width() {
        for declared in ["ENCRYPTED_VARCHAR(691)", "encrypted_varchar (691)", "Encrypted_Varchar"] {
            assert_eq!(sql_type(Marker::by_declared_type(declared)), Some("EncryptedVarchar"), "{declared}");
        }
        for declared in ["", "TEXT", "VARCHAR(691)", "MY ENCRYPTED_TEXT"] {
            assert_eq!(sql_type(Marker::by_declared_type(declared)), None, "{declared}");
        }
    }

    #[test]
    fn a_comment_is_known_by_its_first_word() {
        for comment in
            ["encrypted_text", " ENCRYPTED_TEXT", "encrypted_text: the number", "encrypted_text\nnumber"]
        {
            assert_eq!(sql_type(Marker::by_comment(comment)), Some("EncryptedText"), "{comment}");
        }
        for comment in ["", "Encrypted by the application before", "was encrypted_text"] {
            assert_eq!(sql_type(Marker::by_comment(comment)), None, "{comment}");
        }
    }

    #[test]
    fn a_domain_is_known_by_its_name() {
        let domain = |name| Marker::by_domain(name).map(|marker| marker.sql_type);
        assert_eq!(domain("blind_index"), Some("BlindIndex"));
        for other in ["", "text", "encrypted_email", "Encrypted_Text", "encrypted_text "] {
            assert_eq!(domain(other), None, "{other}");
        }
    }

    #[test]
    fn a_word_that_looks_like_a_marker_is_a_mistake() {
        for declared in ["ENCRYPTED_STRING", "encrypted_texts", "DETERMINISTIC_BLOB", "BLIND_INDEX"] {
            assert!(Marker::by_declared_type(declared).is_err(), "{declared}");
        }
        let error = Marker::by_comment("encrypted_blob").unwrap_err();
        assert_eq!(error.word, "encrypted_blob");
        assert!(error.known.contains("encrypted_binary"), "{}", error.known);
    }

    /// SQLite looks for INT, then for CHAR, CLOB and TEXT, then for BLOB: <https://sqlite.org/datatype3.html>
    #[test]
    fn sqlite_stores_each_declared_type_as_it_should() {
        for marker in &MARKERS {
            let has = |part| marker.sqlite.contains(part);
            let stored = match () {
                () if has("INT") => None,
                () if has("CHAR") || has("CLOB") || has("TEXT") => Some(Text),
                () if has("BLOB") => Some(Binary),
                () => None,
            };
            assert_eq!(stored, Some(marker.stored), "{}", marker.sqlite);
        }
    }
}
