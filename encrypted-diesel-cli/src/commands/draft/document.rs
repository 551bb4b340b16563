//! The draft of encrypted-diesel.toml.

use crate::config::toml_text::{header, setting};
use crate::database::catalog::{Catalog, CatalogTable};
use crate::database::marker::{Marker, Stored};

const INTRODUCTION: &str = "\
# Which columns of the database are encrypted, and how, for the commands of `encrypted-diesel`.
#
# This is a draft. It has the columns that say in the database that they are encrypted. What only the
# application knows is to be written in by hand, the same as in its code:
#
#   value      What is encrypted: text, bytes, integer, boolean, float, decimal, date, time, timestamp,
#              timestamptz, uuid or json. Without it, what stands there behind `#`.
#   context    That of the type, #[encrypted(context = \"…\")], or \"\" for String and the like. Without it, a blind
#              index has its column's.
#   of         The column that a blind index is of, or a list of several. Here it is a guess by the name.
#   normalize  What the blind index normalizes, such as [\"trim\", \"lowercase\"].
#   bits       Those of the blind index, if the type says how many.
#
# A column of plaintext that is to be encrypted in its place says nothing yet, so it is not here. Add it with
# the type that it will have. If its values are to go into a new column, add that one, with `from = \"phone\"`:
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
# There is no primary key, and one is needed, since rows are found by it:
# primary-key = \"id\"
";

const NO_GUESS: &str = "\
# No encrypted column has a name that this one begins with:
# of = \"…\"
";

/// The draft, and what is to be said about it.
#[derive(Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

impl Document {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut document = Self { text: INTRODUCTION.to_owned(), notes: Vec::new() };
        let says_something =
            |table: &&CatalogTable| table.columns.iter().any(|column| column.marker.is_some());
        for table in catalog.tables.iter().filter(says_something) {
            document.add(table);
        }
        if catalog.tables.is_empty() {
            document.notes.push("the database has no tables".to_owned());
        } else if !catalog.tables.iter().any(|table| says_something(&table)) {
            document.notes.push("no column says that it is encrypted: add those that are to be".to_owned());
        }
        document
    }

    fn add(&mut self, table: &CatalogTable) {
        let CatalogTable { schema, name, columns, primary_key, unique: _ } = table;
        let names = || schema.iter().chain([name]).map(String::as_str);
        let path = names().collect::<Vec<_>>().join(".");
        if names().any(|name| name.contains('.')) {
            self.notes.push(format!("{path:?} is left out: a dot can only be between schema and table"));
            return;
        }
        self.block(&header(&["tables", &path]));
        match &primary_key[..] {
            [] => self.text.push_str(NO_PRIMARY_KEY),
            [column] => self.text.push_str(&setting("primary-key", column.as_str())),
            columns => self.text.push_str(&setting("primary-key", columns.to_vec())),
        }

        let marked = columns.iter().filter_map(|column| Some((column.name.as_str(), column.marker?)));
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
