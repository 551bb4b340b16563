//! Reads the file as a whole.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::model::{Declaration, Table};
use super::reader::{Item, Reader};
use crate::config::diesel_toml;
use crate::error::Error;

const FILE: &str = "encrypted-diesel.toml";

const NO_TABLES: &str = "no tables: write [tables.users] with `primary-key = \"id\"`, and \
    [tables.users.columns.email] with `sql-type = \"EncryptedText\"`; \
    `encrypted-diesel draft` prints a first draft";

impl Declaration {
    /// Reads the file at this path, else the nearest `encrypted-diesel.toml`.
    pub(crate) fn read(path: Option<PathBuf>) -> Result<Self, Error> {
        let path = path.or_else(|| diesel_toml::nearest(FILE)).ok_or(Error::NoDeclaration)?;
        match fs::read(&path) {
            Ok(bytes) => Self::parse(path.display().to_string(), &bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::NoSuchDeclaration { path }),
            Err(error) => Err(Error::Declaration { reason: error.kind(), path }),
        }
    }

    pub(crate) fn parse(file: String, bytes: &[u8]) -> Result<Self, Error> {
        // Some Windows editors start a file with a byte order mark.
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = Reader::new(bytes);
        let tables = match document(bytes) {
            Ok(document) => tables(&document, &mut reader),
            Err((start, message)) => {
                let place = reader.locate(start, ());
                reader.problems.add(&place, message);
                Vec::new()
            }
        };
        reader.problems.none(&file)?;
        Ok(Self { file, tables })
    }
}

/// Parses the TOML, or returns the position of the first byte that is not TOML.
fn document(bytes: &[u8]) -> Result<Spanned<DeValue<'_>>, (usize, String)> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| (error.valid_up_to(), "this is not UTF-8: save the file as UTF-8".to_owned()))?;
    let table = DeTable::parse(text).map_err(|error| {
        (error.span().map_or(text.len(), |span| span.start), format!("not TOML: {}", error.message()))
    })?;
    Ok(Spanned::new(table.span(), DeValue::Table(table.into_inner())))
}

fn tables(document: Item<'_>, reader: &mut Reader<'_>) -> Vec<Table> {
    let file = reader.locate(0, FILE);
    let keys = reader.keys(file, document, &["tables"]);
    match keys.get("tables") {
        Some(item) => {
            let tables = reader.named(item, NO_TABLES);
            tables.into_iter().map(|(name, item)| Table::read(name, item, reader)).collect()
        }
        None => {
            keys.refuse(NO_TABLES, reader);
            Vec::new()
        }
    }
}
