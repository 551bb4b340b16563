//! The text of a draft.

use crate::config::toml_text::{header, setting};
use crate::database::catalog::{Catalog, CatalogTable, Holds};
use crate::database::marker::{Marker, Stored};

const INTRODUCTION: &str = "\
# The encrypted columns of the database, for the commands of `encrypted-diesel`.
#
# This is a draft. It lists the columns that the database marks as encrypted. Fill in the details that only
# the application knows, exactly as they are in its code:
#
#   value      The kind of value that is encrypted: text, bytes, integer, boolean, float, decimal, date, time,
#              timestamp, timestamptz, uuid or json. The default is the value after `#`.
#   context    The context of the type, #[encrypted(context = \"…\")], or \"\" for String and other built-in types.
#              A blind index without one uses the context of its column.
#   of         The column that a blind index is made of, or a list of several. Here it is guessed from the name.
#   normalize  How the blind index normalizes values, such as [\"trim\", \"lowercase\"].
#   bits       The size of the blind index, if the type sets one.
#
# A plaintext column that you want to encrypt in place is not marked yet, so it is not listed. Add it with its
# future type. If its values move to a new column, add the new column, with `from = \"phone\"`:
#
#   [tables.users]
#   primary-key = \"id\"
#
#   [tables.users.columns.phone]
#   sql-type = \"EncryptedText\"
#   value = \"text\"
#   context = \"users.phone\"
";

const NO_PRIMARY_KEY: &str = "\
# The table has no primary key, but the commands need one to find rows:
# primary-key = \"id\"
";

const NO_GUESS: &str = "\
# This name does not start with the name of an encrypted column:
# of = \"…\"
";

/// The draft, and notes for the user.
#[derive(Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

impl Document {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut document = Self { text: INTRODUCTION.to_owned(), notes: Vec::new() };
        let is_marked = |table: &&CatalogTable| table.columns.iter().any(|column| column.marker.is_some());
        for table in catalog.tables.iter().filter(is_marked) {
            document.add(table);
        }
        if catalog.tables.is_empty() {
            document.notes.push("the database has no tables".to_owned());
        } else if !catalog.tables.iter().any(|table| is_marked(&table)) {
            document.notes.push(
                "the database marks no column as encrypted: add the columns that you want to encrypt"
                    .to_owned(),
            );
        }
        document
    }

    fn add(&mut self, table: &CatalogTable) {
        let CatalogTable { schema, name, columns, primary_key, unique: _ } = table;
        let names = || schema.iter().chain([name]).map(String::as_str);
        let path = names().collect::<Vec<_>>().join(".");
        if names().any(|name| name.contains('.')) {
            self.notes
                .push(format!("{path:?} is left out: only a schema and its table may be separated by a dot"));
            return;
        }
        self.block(&header(&["tables", &path]));
        match &primary_key[..] {
            [] => self.text.push_str(NO_PRIMARY_KEY),
            [column] => self.text.push_str(&setting("primary-key", column.as_str())),
            columns => self.text.push_str(&setting("primary-key", columns.to_vec())),
        }

        // No command walks an array of other values, such as a composite type.
        let columns = columns.iter().filter(|column| column.holds != Holds::Other);
        let marked = columns.filter_map(|column| Some((column.name.as_str(), column.marker?)));
        let (indexes, encrypted): (Vec<_>, Vec<_>) = marked.partition(|(_, marker)| !marker.is_encrypted());
        for &(name, marker) in &encrypted {
            self.block(&header(&["tables", &path, "columns", name]));
            self.column(marker);
        }
        for (index, _) in indexes {
            self.block(&header(&["tables", &path, "indexes", index]));
            let begins =
                encrypted.iter().map(|&(column, _)| column).filter(|column| index.starts_with(column));
            self.index(begins.max_by_key(|column| column.len()));
        }
    }

    fn column(&mut self, marker: &Marker) {
        let value = if marker.stored == Stored::Text { "text" } else { "bytes" };
        self.text.push_str(&setting("sql-type", marker.sql_type));
        self.text.push_str("# ");
        self.text.push_str(&setting("value", value));
        self.text.push_str(&setting("context", ""));
    }

    fn index(&mut self, of: Option<&str>) {
        match of {
            Some(column) => self.text.push_str(&setting("of", column)),
            None => self.text.push_str(NO_GUESS),
        }
        self.text.push_str("# context = \"\"\nnormalize = []\n");
    }

    fn block(&mut self, header: &str) {
        self.text.push('\n');
        self.text.push_str(header);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests;
