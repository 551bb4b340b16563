//! Entry points for the fuzz targets in `encrypted-diesel/fuzz`. Only fuzzing compiles this module.

use encrypted_diesel::Key;
use zeroize::Zeroizing;

use crate::config::declaration::{Declaration, Takes};
use crate::config::env_file::{self, Change, List, Place};

/// Reads an encrypted-diesel.toml, and checks what the rest of the program relies on.
///
/// # Errors
///
/// If the file is refused: its problems, one a line.
///
/// # Panics
///
/// If a file is accepted that the program cannot work with.
pub fn read_declaration(file: &str, bytes: &[u8]) -> Result<(), String> {
    let read = Declaration::parse(file.to_owned(), bytes).map_err(|error| error.to_string())?;
    for table in &read.tables {
        assert!((1..=4).contains(&table.primary_key.len()) && !table.columns.is_empty());
        for index in &table.indexes {
            assert!((1..=6).contains(&index.parts.len()));
            assert!(index.parts.iter().all(|part| part.column < table.columns.len()));
        }
    }
    // All of it can be named, and nothing else.
    assert!(read.select(&[], Takes::ColumnsAndIndexes).is_ok_and(|all| all.len() == read.tables.len()));
    assert!(read.select(&["no table".to_owned()], Takes::ColumnsAndIndexes).is_err());
    Ok(())
}

/// Adds a key to the text of a `.env` file, to the list of index keys or of encryption keys, first or last.
/// Returns the new text and how many keys the list then has; none if the file is refused.
pub fn add_key(text: &str, key: &Key, index: bool, last: bool) -> Option<(Zeroizing<String>, usize)> {
    let list = if index { List::Index } else { List::Encryption };
    let place = if last { Place::Last } else { Place::First };
    env_file::change(text, list, &Change::add(key, place)).ok()
}
