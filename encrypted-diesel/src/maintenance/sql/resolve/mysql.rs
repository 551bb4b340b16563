use diesel::mysql::Mysql;
use diesel::query_builder::AstPass;
use diesel::result::{Error as DieselError, QueryResult};

use super::{RawRow, Resolve, Table, cannot};
use crate::maintenance::sql::key_form::{Bound, KeyForm, Operators};
use crate::maintenance::sql::text_form::TextForm;

impl Resolve for Mysql {
    const ASKS: bool = true;

    fn question<'b>(pass: &mut AstPass<'_, 'b, Self>, table: &'b Table<Self>) -> QueryResult<()> {
        pass.push_sql("SHOW COLUMNS FROM ");
        table.name.walk_ast(pass.reborrow())
    }

    fn answer(table: &Table<Self>, rows: Vec<RawRow>) -> QueryResult<Table<Self>> {
        let columns: Vec<_> = rows.into_iter().map(Column::new).collect::<Result<_, _>>()?;
        let mut resolved = table.clone();
        let filtered = resolved.filter.as_mut().map(|filter| &mut filter.column);
        for key in resolved.key.iter_mut().chain(filtered) {
            let mut columns = columns.iter();
            let found = columns.find(|column| column.name.to_lowercase() == key.name.to_lowercase());
            let column = found.ok_or_else(|| cannot(key.name, "does not exist"))?;
            key.form = column.key_form()?;
        }
        resolved.texts =
            columns.into_iter().map(|column| (column.name.clone(), column.text_form())).collect();
        Ok(resolved)
    }
}

struct Column {
    name: String,
    /// The type, such as `bigint(20) unsigned`.
    sql_type: String,
}

impl Column {
    fn new(row: RawRow) -> QueryResult<Self> {
        let mut texts = row.into_texts()?.into_iter();
        let column = texts.next().zip(texts.next()).map(|(name, sql_type)| Self { name, sql_type });
        column.ok_or_else(|| DieselError::DeserializationError("SHOW COLUMNS has other columns".into()))
    }

    /// The first word of the type.
    fn word(&self) -> &str {
        self.sql_type.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default()
    }

    /// What stands in parentheses after it, with them.
    fn size(&self) -> &str {
        let size = self.sql_type.strip_prefix(self.word()).and_then(|rest| rest.split_inclusive(')').next());
        size.filter(|size| size.starts_with('(')).unwrap_or_default()
    }

    fn key_form(&self) -> QueryResult<KeyForm> {
        let is_unsigned = self.sql_type.contains(" unsigned");
        let converted = |template: String| Bound::Converted(template.into());
        let (read, bound) = match self.word() {
            "bigint" if is_unsigned => (AS_CHAR, converted("CAST({} AS UNSIGNED)".into())),
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => (AS_CHAR, Bound::Integer),
            "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => (AS_CHAR, Bound::Text),
            "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => {
                ("LOWER(HEX({}))", Bound::Bytes)
            }
            "decimal" => (AS_CHAR, converted(format!("CAST({{}} AS DECIMAL{})", self.size()))),
            "float" | "double" => (FLOAT, converted("({} + 0e0)".into())),
            // Sorted by their numbers.
            "enum" | "set" | "bit" => (NUMBER, converted("CAST({} AS UNSIGNED)".into())),
            // A cast of a zero date is an error in some modes, a comparison is not.
            "date" | "datetime" | "time" => (AS_CHAR, Bound::Text),
            "uuid" | "inet4" | "inet6" => (AS_CHAR, converted(format!("CAST({{}} AS {})", self.word()))),
            "timestamp" => {
                ("CAST(UNIX_TIMESTAMP({}) AS CHAR)", converted("CAST({} AS DECIMAL(20, 6))".into()))
            }
            _ => return Err(cannot(&self.name, "has a type without an order, so it cannot be a key")),
        };
        let operators = if self.word() == "timestamp" { points_in_time() } else { Operators::default() };
        Ok(KeyForm { read: read.into(), bound, operators, by_settings: false })
    }

    fn text_form(&self) -> TextForm {
        let text = match self.word() {
            "float" | "double" => FLOAT,
            "bit" => NUMBER,
            // In UTC, whatever the time zone of the session.
            "timestamp" => {
                "IF(UNIX_TIMESTAMP({}) = 0, CAST({} AS CHAR), CAST(TIMESTAMPADD(MICROSECOND, \
                 CAST(UNIX_TIMESTAMP({}) * 1000000 AS SIGNED), '1970-01-01 00:00:00') AS CHAR))"
            }
            // Under PAD_CHAR_TO_FULL_LENGTH it is read with its padding.
            "char" => "TRIM(TRAILING ' ' FROM {})",
            _ => AS_CHAR,
        };
        TextForm {
            text: text.into(),
            exact: format!("CAST(CONVERT({text} USING utf8mb4) AS BINARY)").into(),
            by_settings: false,
            refused: None,
        }
    }
}

const AS_CHAR: &str = "CAST({} AS CHAR)";
const NUMBER: &str = "CAST({} + 0 AS CHAR)";
/// The text of a FLOAT has six digits, and that of a DOUBLE all that it needs.
const FLOAT: &str = "CAST({} + 0e0 AS CHAR)";

/// In a time zone with daylight saving time, an hour of local time comes twice, so the seconds since 1970 are
/// compared. The index is searched by local time, from a day earlier on there. A zero timestamp is before 1970.
fn points_in_time() -> Operators {
    const SLACK: &str = "IF(@@session.time_zone = '+00:00', 0, 90000)";
    let near = format!("({{}} >= FROM_UNIXTIME(GREATEST([] - {SLACK}, 0)) OR [] = 0)");
    let after = |operator| format!("UNIX_TIMESTAMP({{}}) {operator} [] AND {near}");
    // After 2038 there is nothing to come near to.
    let before = format!("({{}} <= FROM_UNIXTIME([] + {SLACK}) OR [] > 2147390000)");
    Operators {
        equal: format!("{} AND {before}", after("=")).into(),
        greater: format!("({})", after(">")).into(),
        at_least: format!("({})", after(">=")).into(),
        ..Operators::default()
    }
}
