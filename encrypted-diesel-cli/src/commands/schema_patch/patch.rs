//! The schema with the types of encrypted columns, and the patch that produces it.
//!
//! Diesel's tool searches the whole file for the old lines of a hunk, and takes the first place where all of them
//! follow each other. To make that place unique, each hunk starts above the line that names its table, and has every
//! line down to the table's last encrypted column. The line above is needed to tell `my_table` from `my table`, which
//! has `#[sql_name = "my table"]` there. The hunk ends after the last encrypted column, so columns after it may come
//! and go.

use super::columns::Columns;
use crate::config::printed::{Column, Printed, Table};
use crate::database::marker::Marker;
use crate::error::Error;

/// The start of every patch that this command writes. Diesel's tool ignores the lines above `---`.
pub(super) const WRITTEN_BY: &str = "Written by `encrypted-diesel schema-patch`";

/// The schema as it should be.
#[derive(Debug)]
pub(super) struct Patch {
    /// The schema, with the types of encrypted columns.
    pub(super) schema: String,
    /// The patch that turns the printed schema into this one.
    pub(super) text: String,
    /// How many columns the patch changes.
    pub(super) columns: usize,
    /// How many tables these are in.
    pub(super) tables: usize,
}

impl Patch {
    pub(super) fn new(printed: &Printed<'_>, encrypted: &Columns) -> Result<Self, Error> {
        let mut lines: Vec<String> = printed.lines.iter().map(|&line| line.to_owned()).collect();
        let mut text = format!(
            "{WRITTEN_BY} from the database. Run it again after a migration.\n\
             --- schema.rs, as Diesel's command-line tool writes it\n\
             +++ schema.rs, with the types of encrypted columns\n"
        );
        let (mut columns, mut tables) = (0, 0);
        for table in &printed.tables {
            let mut last = None;
            for column in &table.columns {
                if let Some(marker) = encrypted.get(table.name, column.name) {
                    lines[column.line] = with_type(printed.lines[column.line], table, column, marker)?;
                    last = Some(column.line);
                    columns += 1;
                }
            }
            if let Some(last) = last {
                hunk(&mut text, table, &printed.lines, &lines, last);
                tables += 1;
            }
        }
        Ok(Self { schema: lines.concat(), text, columns, tables })
    }

    /// How another schema differs from this one: a line for each column.
    pub(super) fn difference(&self, schema: &str) -> Result<String, Error> {
        let (is, should_be) = (Printed::read(schema)?, Printed::read(&self.schema)?);
        let mut lines = Vec::new();
        for table in &should_be.tables {
            for column in &table.columns {
                let found = is.column(table.name, column.name).map_or("missing", |column| column.sql_type);
                if found != column.sql_type {
                    lines.push(format!(
                        "{}.{} is {found}, should be {}",
                        table.name, column.name, column.sql_type
                    ));
                }
            }
        }
        if lines.is_empty() {
            lines.push("it changes more than the types of encrypted columns".to_owned());
        }
        Ok(lines.join("\n"))
    }
}

/// The column's line with its encrypted type: `ssn -> Nullable<EncryptedText>,`.
fn with_type(line: &str, table: &Table<'_>, column: &Column<'_>, marker: &Marker) -> Result<String, Error> {
    let nullable = column.sql_type.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
    let found = nullable.unwrap_or(column.sql_type);
    if !marker.stored.prints_as(found) {
        return Err(Error::WrongStorage {
            column: format!("{}.{}", table.name, column.name),
            sql_type: marker.sql_type,
            stored: marker.stored.word(),
            found: found.to_owned(),
        });
    }
    let sql_type = column.sql_type.replace(found, marker.sql_type);
    Ok(line.replace(&format!(" -> {},", column.sql_type), &format!(" -> {sql_type},")))
}

/// Writes a hunk of a unified diff, from the line above the table to the line `last`.
fn hunk(text: &mut String, table: &Table<'_>, old: &[&str], new: &[String], last: usize) {
    let (start, count) = (table.above + 1, last - table.above + 1);
    text.push_str(&format!("@@ -{start},{count} +{start},{count} @@ {}\n", table.name));
    let mut added = String::new();
    for (old, new) in old.iter().zip(new).skip(table.above).take(count) {
        if *old == new {
            text.push_str(&added);
            added.clear();
            if !old.trim().is_empty() {
                text.push(' '); // editors strip it from an empty line
            }
        } else {
            added.push('+');
            added.push_str(new);
            text.push('-');
        }
        text.push_str(old);
    }
    text.push_str(&added);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "\
diesel::table! {
    patients (id) {
        id -> Integer,
        name -> Text,
        ssn -> Nullable<Text>,
        ward -> Text,
        photo -> Binary,
        age -> Integer,
    }
}
";

    fn patch(encrypted: &[(&str, &str)]) -> Result<Patch, Error> {
        let columns = encrypted.iter().map(|&(column, word)| {
            let marker = Marker::by_comment(word).unwrap().unwrap();
            (("patients".to_owned(), column.to_owned()), marker)
        });
        Patch::new(&Printed::read(SCHEMA).unwrap(), &columns.collect())
    }

    #[test]
    fn a_hunk_goes_from_above_its_table_to_its_last_encrypted_column() {
        let encrypted =
            [("name", "encrypted_varchar"), ("ssn", "encrypted_text"), ("photo", "encrypted_binary")];
        let patch = patch(&encrypted).unwrap();
        let (_, hunks) = patch.text.split_once("@@").unwrap();
        assert_eq!(
            hunks,
            " -1,7 +1,7 @@ patients
 diesel::table! {
     patients (id) {
         id -> Integer,
-        name -> Text,
-        ssn -> Nullable<Text>,
+        name -> EncryptedVarchar,
+        ssn -> Nullable<EncryptedText>,
         ward -> Text,
-        photo -> Binary,
+        photo -> EncryptedBinary,
"
        );
        assert_eq!((patch.columns, patch.tables), (3, 1));
    }

    #[test]
    fn the_schema_is_the_printed_one_except_for_those_types() {
        let patch = patch(&[("ssn", "encrypted_text")]).unwrap();
        assert_eq!(patch.schema, SCHEMA.replace("Nullable<Text>", "Nullable<EncryptedText>"));
    }

    #[test]
    fn without_encrypted_columns_there_is_no_hunk() {
        let patch = patch(&[]).unwrap();
        assert_eq!(patch.schema, SCHEMA);
        assert!(!patch.text.contains("@@"));
    }

    #[test]
    fn a_column_stored_as_something_else_is_an_error() {
        for (column, word) in
            [("age", "encrypted_text"), ("photo", "encrypted_text"), ("ssn", "encrypted_binary")]
        {
            assert!(matches!(patch(&[(column, word)]), Err(Error::WrongStorage { .. })), "{column}");
        }
    }
}
