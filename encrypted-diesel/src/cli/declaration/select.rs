use super::{Column, Declaration, Error, Index, Table};

/// What of a table was named on the command line.
#[derive(Debug)]
pub(in crate::cli) struct Selected<'a> {
    pub(in crate::cli) table: &'a Table,
    pub(in crate::cli) columns: Vec<&'a Column>,
    /// Those that are made of one of the columns, and perhaps of others.
    pub(in crate::cli) indexes: Vec<&'a Index>,
}

impl Declaration {
    /// Finds tables such as `users` and columns such as `users.email`; all if none are wanted. Each is there
    /// once, in the order of the file.
    pub(in crate::cli) fn select(&self, wanted: &[String]) -> Result<Vec<Selected<'_>>, Error> {
        let declared: Vec<_> = self.tables.iter().flat_map(Table::column_names).collect();
        let is_known = |name: &String| {
            declared.contains(name) || self.tables.iter().any(|table| table.full_name() == *name)
        };
        let unknown: Vec<_> = wanted.iter().filter(|name| !is_known(name)).collect();
        if unknown.is_empty() {
            return Ok(self.tables.iter().filter_map(|table| table.select(wanted)).collect());
        }
        Err(Error::Undeclared {
            file: self.file.clone(),
            unknown: unknown.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "),
            declared: declared.join(", "),
        })
    }
}

impl Table {
    fn column_names(&self) -> impl Iterator<Item = String> {
        self.columns.iter().map(|column| self.column_name(column))
    }

    fn column_name(&self, column: &Column) -> String {
        format!("{}.{}", self.full_name(), column.name.value)
    }

    fn select(&self, wanted: &[String]) -> Option<Selected<'_>> {
        let whole = wanted.is_empty() || wanted.contains(&self.full_name());
        let is_wanted = |column: &Column| whole || wanted.contains(&self.column_name(column));
        let is_part = |index: &Index| {
            let mut columns = index.parts.iter().filter_map(|part| self.columns.get(part.column));
            columns.any(is_wanted)
        };
        let columns: Vec<_> = self.columns.iter().filter(|column| is_wanted(column)).collect();
        let indexes = self.indexes.iter().filter(|index| is_part(index)).collect();
        (!columns.is_empty()).then_some(Selected { table: self, columns, indexes })
    }
}
