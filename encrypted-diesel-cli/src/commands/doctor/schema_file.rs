//! The columns as the application's `schema.rs` reads them.

use std::fs;

use encrypted_diesel::maintenance::Severity;

use crate::config::declaration::{Declaration, Table};
use crate::config::diesel_toml;
use crate::config::printed::Printed;
use crate::target::found::Found;

/// Compares the files that diesel.toml names with the declaration. Nothing is said about a file that is not there, or that
/// Diesel's tool has not written.
pub(super) fn find(declaration: &Declaration) -> Vec<Found> {
    let files = diesel_toml::read(None).unwrap_or_default().into_iter().filter_map(|schema| schema.file);
    let mut findings = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let Ok(printed) = Printed::read(&text) else { continue };
        for table in &declaration.tables {
            for (column, expected) in columns(table) {
                let Some(found) = printed.column(table.name.value, column) else { continue };
                let reads = bare(found.sql_type);
                if reads != expected {
                    let message = format!(
                        "{} reads it as `{reads}`, not as {expected}: an application stores what it likes there",
                        file.display()
                    );
                    findings.push(Found {
                        severity: Severity::Warning,
                        subject: table.qualified(column),
                        kind: "schema".to_owned(),
                        message,
                        mend: Some("mark the column in the database, then `diesel migration run`".to_owned()),
                        afterwards: None,
                        hidden: None,
                        declare: None,
                        is_about_values: true,
                    });
                }
            }
        }
    }
    findings
}

/// The columns and indexes of a table, with their SQL types.
fn columns(table: &Table) -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns = table.columns.iter().map(|column| (column.name.value, column.sql_type.value.word()));
    columns.chain(table.indexes.iter().map(|index| (index.name.value, "BlindIndex")))
}

/// The type without `Nullable` and `Array`.
fn bare(sql_type: &str) -> &str {
    let outer = ["Nullable<", "Array<"].into_iter().find_map(|outer| sql_type.strip_prefix(outer));
    outer.and_then(|rest| rest.strip_suffix('>')).map_or(sql_type, bare)
}
