use super::model::{Column, Declaration, Index, Table};
use crate::arguments::{is_key, is_url_or_password};
use crate::error::Error;

/// The columns and indexes of a table that the command line names.
#[derive(Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) table: &'a Table,
    pub(crate) columns: Vec<&'a Column>,
    /// The indexes that are named, or that include one of the columns.
    pub(crate) indexes: Vec<&'a Index>,
}

/// The names that a command accepts, beside tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Columns,
    ColumnsAndIndexes,
}

impl Declaration {
    /// Finds tables such as `users`, columns such as `users.email` and, if `takes` says so, indexes such as
    /// `users.email_index`. An empty list selects everything. Each is selected once, in the order of the file.
    pub(crate) fn select(&self, wanted: &[String], takes: Takes) -> Result<Vec<Selected<'_>>, Error> {
        let declared: Vec<_> = self.tables.iter().flat_map(|table| table.names(takes)).collect();
        let is_known = |name: &String| {
            declared.contains(name) || self.tables.iter().any(|table| table.full_name() == *name)
        };
        let unknown: Vec<_> = wanted.iter().filter(|name| !is_known(name)).collect();
        if unknown.is_empty() {
            return Ok(self.tables.iter().filter_map(|table| table.select(wanted)).collect());
        }
        let mut indexes = self.tables.iter().flat_map(|table| table.names(Takes::ColumnsAndIndexes));
        if let Some(index) = indexes.find(|name| unknown.contains(&name)) {
            return Err(Error::IsIndex { index });
        }
        Err(Error::Undeclared {
            file: self.file.clone(),
            unknown: unknown.into_iter().map(|name| shown(name)).collect::<Vec<_>>().join(" or "),
            declared: declared.join(", "),
        })
    }
}

/// Quotes an unknown name, unless it may be a URL with a password or a key that was typed in the wrong place.
fn shown(name: &str) -> String {
    if is_key(name) || is_url_or_password(name) {
        "this column, which is not shown because it looks like a URL or a key".to_owned()
    } else {
        format!("`{name}`")
    }
}

impl Table {
    /// The name of a column on the command line and in messages: `users.email`.
    pub(crate) fn qualified(&self, column: &str) -> String {
        format!("{}.{column}", self.full_name())
    }

    fn names(&self, takes: Takes) -> impl Iterator<Item = String> {
        let indexes = self.indexes.iter().filter(move |_| takes == Takes::ColumnsAndIndexes);
        let names = self.columns.iter().map(|column| column.name).chain(indexes.map(|index| index.name));
        names.map(|name| self.qualified(name.value))
    }

    fn select(&self, wanted: &[String]) -> Option<Selected<'_>> {
        let whole = wanted.is_empty() || wanted.contains(&self.full_name());
        let is_wanted = |name: &str| whole || wanted.contains(&self.qualified(name));
        let is_part = |index: &Index| {
            let mut columns = index.parts.iter().filter_map(|part| self.columns.get(part.column));
            columns.any(|column| is_wanted(column.name.value))
        };
        let columns: Vec<_> = self.columns.iter().filter(|column| is_wanted(column.name.value)).collect();
        let indexes = self.indexes.iter().filter(|index| is_wanted(index.name.value) || is_part(index));
        let indexes: Vec<_> = indexes.collect();
        (!columns.is_empty() || !indexes.is_empty()).then_some(Selected { table: self, columns, indexes })
    }
}
