//! What the database says about the tables, apart from what the operator has declared as known.

use encrypted_diesel::maintenance::{self, Dialect, Severity};

use super::found::{Found, ROW_SECURITY};
use super::live::{self, Live};
use crate::config::declaration::{Declaration, Selected, Table};
use crate::config::toml_text::{header, setting};
use crate::database::catalog::{Catalog, CatalogColumn};
use crate::database::connection::Session;
use crate::error::Error;

/// Surveys the tables of what was selected. The other columns of a table are declared as well, so their envelopes are no
/// surprise, but what is wrong with them does not matter now.
pub(super) fn find<C: Session>(
    declaration: &Declaration,
    selected: &[Selected<'_>],
    catalog: &Catalog,
    is_filtered: bool,
    connection: &mut C,
) -> Result<Vec<Found>, Error>
where
    C::Backend: Dialect,
{
    let mut findings = Vec::new();
    for Selected { table, columns, indexes } in selected {
        let whole = Selected {
            table,
            columns: table.columns.iter().collect(),
            indexes: table.indexes.iter().collect(),
        };
        let Live { columns: all, indexes: all_indexes, .. } =
            live::find::<C::Backend>(&[whole], catalog, None)?;
        let all: Vec<_> = all.into_iter().map(|live| live.column).collect();
        let all_indexes: Vec<_> = all_indexes.into_iter().map(|live| live.indexes).collect();
        let mut of_table: Vec<Found> =
            maintenance::survey(&all, &all_indexes, connection)?.into_iter().map(Found::from).collect();

        let others = table.columns.iter().map(|column| column.name.value);
        let others = others.chain(table.indexes.iter().map(|index| index.name.value));
        let is_selected = |name: &str| {
            columns.iter().any(|column| column.name.value == name)
                || indexes.iter().any(|index| index.name.value == name)
        };
        let others: Vec<_> =
            others.filter(|name| !is_selected(name)).map(|name| table.qualified(name)).collect();
        of_table.retain(|found| !others.contains(&found.subject));
        of_table.extend(undeclared_indexes(table, catalog));
        refuse_copies(&mut of_table, declaration);
        accept_known(&mut of_table, table, declaration, is_filtered);
        say_how_to_declare(&mut of_table, table, declaration);
        findings.extend(of_table);
    }
    findings.sort();
    findings.dedup();
    Ok(findings)
}

/// A foreign key that copies into a declared column would write values of another context there.
fn refuse_copies(findings: &mut [Found], declaration: &Declaration) {
    let is_declared = |name: &str| {
        declaration.tables.iter().any(|table| {
            let columns = table.columns.iter().map(|column| column.name.value);
            columns.chain(table.indexes.iter().map(|index| index.name.value)).any(|column| {
                name == table.qualified(column) || name == format!("{}.{column}", table.name.value)
            })
        })
    };
    for found in findings {
        let into = found.hidden.as_deref().and_then(|place| place.strip_prefix("foreign-key:"));
        if into.is_some_and(is_declared) {
            (found.severity, found.hidden) = (Severity::Error, None);
        }
    }
}

/// The kind of a marked index that the file does not declare.
const UNDECLARED_INDEX: &str = "undeclared-index";

/// Columns that the database marks as blind indexes. Without a declaration, they stay NULL.
fn undeclared_indexes(table: &Table, catalog: &Catalog) -> Vec<Found> {
    let columns = catalog.table(table.schema, table.name.value).map_or(&[][..], |found| &found.columns);
    let is_index = |column: &&CatalogColumn| column.marker.is_some_and(|marker| !marker.is_encrypted());
    let is_declared =
        |column: &&CatalogColumn| table.indexes.iter().any(|index| index.name.value == column.name);
    let found = |column: &CatalogColumn| Found {
        severity: Severity::Warning,
        subject: table.qualified(&column.name),
        kind: UNDECLARED_INDEX.to_owned(),
        message:
            "marked as a blind index in the database, but not declared, so `encrypt` does not write it and \
                  searches find nothing"
                .to_owned(),
        mend: None,
        afterwards: None,
        hidden: Some(format!("column:{}", column.name)),
        declare: None,
        is_about_values: true,
    };
    columns.iter().filter(is_index).filter(|column| !is_declared(column)).map(found).collect()
}

/// Says what to write where for each place that is not known yet.
fn say_how_to_declare(findings: &mut [Found], table: &Table, declaration: &Declaration) {
    let name = table.full_name();
    let (whole, columns, indexes) = (
        header(&["tables", &name]),
        header(&["tables", &name, "columns"]),
        header(&["tables", &name, "indexes"]),
    );
    let file = &declaration.file;
    for found in findings {
        let Some(place) = &found.hidden else { continue };
        let known = setting("known", vec![place.clone()]);
        let known = if table.known.is_empty() {
            format!("add {} under {whole}", known.trim_end())
        } else {
            format!(
                "add {} to `known` under {whole}",
                setting("", place.clone()).trim_start_matches("\"\" = ").trim_end()
            )
        };
        found.declare = Some(match found.kind.as_str() {
            UNDECLARED_INDEX => {
                format!("declare it under {indexes} in {file}, or, if the application writes it, {known}")
            }
            _ if place.starts_with("column:") => {
                format!("declare it under {columns} in {file}, or, if it is not to be encrypted, {known}")
            }
            _ => format!("once you have seen to it, {known} in {file}"),
        });
    }
}

/// What the file declares as known becomes a notice.
fn accept_known(findings: &mut Vec<Found>, table: &Table, declaration: &Declaration, is_filtered: bool) {
    let mut unused = table.known.clone();
    // What it allows with `--where` hides nothing without it.
    unused.retain(|known| known.value != ROW_SECURITY);
    for found in findings.iter_mut() {
        let under_policy = (is_filtered && found.kind == ROW_SECURITY).then(|| ROW_SECURITY.to_owned());
        let Some(place) = found.hidden.as_ref().or(under_policy.as_ref()) else { continue };
        // A table that inherits is walked by itself if it is declared.
        let is_declared = place
            .strip_prefix("inherits:")
            .is_some_and(|name| declaration.tables.iter().any(|table| table.full_name() == name));
        let is_known = table.known.iter().any(|known| known.value == place);
        unused.retain(|known| known.value != place);
        if is_known || is_declared {
            found.severity = Severity::Notice;
            found.hidden = None;
            (found.mend, found.afterwards) = (None, None);
            found.is_about_values = false;
            found.message += if is_known { " (known)" } else { " (declared)" };
        }
    }
    findings.extend(unused.into_iter().map(|known| Found {
        severity: Severity::Warning,
        subject: table.full_name(),
        kind: "unused".to_owned(),
        message: format!("`{}` is declared as known, but the database has no such thing", known.value),
        mend: None,
        afterwards: None,
        hidden: None,
        declare: None,
        is_about_values: true,
    }));
}
