//! Which rows of the tables a command works on.

use clap::Args;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};

use super::found::ROW_SECURITY;
use crate::config::declaration::Table;
use crate::database::catalog::{CatalogTable, Holds};
use crate::error::Error;

/// Which rows of the tables.
#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Rows {
    /// Only the rows with this value in a column, such as `tenant_id = 7`
    ///
    /// All others are neither read nor counted. The value is compared as one of the column's type; bytes are hex digits.
    #[arg(long = "where", value_name = "COLUMN = VALUE", value_parser = Filter::parse)]
    pub(super) filter: Option<Filter>,
}

/// A column and the value that rows have there.
#[derive(Clone)]
pub(crate) struct Filter {
    column: &'static str,
    value: String,
}

impl Filter {
    fn parse(text: &str) -> Result<Self, String> {
        let (column, value) = text.split_once('=').ok_or("write it as `COLUMN = VALUE`")?;
        let (column, value) = (column.trim(), value.trim());
        if column.is_empty() || column.contains(char::is_whitespace) {
            return Err("one column stands before `=`".to_owned());
        }
        let quoted = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        let value = quoted.map_or_else(|| value.to_owned(), |value| value.replace("''", "'"));
        Ok(Self { column: column.to_owned().leak(), value })
    }

    /// The rows of a table.
    pub(super) fn of(
        &self,
        live: DeclaredTable,
        found: &CatalogTable,
        declared: &Table,
    ) -> Result<DeclaredTable, Error> {
        let Some(column) = found.column(self.column) else {
            let (table, column) = (declared.name.value.to_owned(), self.column.to_owned());
            return Err(Error::NoSuchFilter { table, column });
        };
        let filtered = live.only_where(self.column, kind(Some(column.holds)), self.value.clone());
        let is_known = declared.known.iter().any(|known| known.value == ROW_SECURITY);
        Ok(if is_known { filtered.under_row_security() } else { filtered })
    }
}

/// How values of a column are named.
pub(super) fn kind(holds: Option<Holds>) -> KeyKind {
    match holds {
        Some(Holds::Integer) => KeyKind::Integer,
        Some(Holds::Bytes) => KeyKind::Bytes,
        Some(Holds::Uuid) => KeyKind::Uuid,
        Some(Holds::Text) => KeyKind::Text,
        Some(Holds::TextArray | Holds::BytesArray | Holds::Utc | Holds::Other) | None => KeyKind::Other,
    }
}
