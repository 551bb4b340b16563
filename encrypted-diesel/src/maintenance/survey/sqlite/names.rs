//! Names in SQL.

use crate::maintenance::survey::subject::Subject;

/// A name in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table's name in SQL that is shown.
pub(super) fn table_of(subject: &Subject) -> String {
    let names = subject.schema.iter().chain([&subject.table]).map(|name| quoted(name));
    names.collect::<Vec<_>>().join(".")
}
