//! Reads the schema that Diesel's tool prints, line by line.

use crate::error::Error;

/// A printed schema: its lines, and the tables and columns in them.
#[derive(Debug)]
pub(crate) struct Printed<'a> {
    /// The lines, each with its line end.
    pub(crate) lines: Vec<&'a str>,
    pub(crate) tables: Vec<Table<'a>>,
}

/// One `table!`.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// The table's name in the database.
    pub(crate) name: &'a str,
    /// The number of the line above `patients (id) {`. That line is `#[sql_name = "…"]` if the table has another name
    /// in the database.
    pub(crate) above: usize,
    pub(crate) columns: Vec<Column<'a>>,
}

/// One column.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    /// The column's name in the database.
    pub(crate) name: &'a str,
    /// Its comment, if comments were printed.
    pub(crate) comment: String,
    /// The number of the line `name -> Type,`.
    pub(crate) line: usize,
    pub(crate) sql_type: &'a str,
}

/// The part of the schema that a line is in.
enum Place<'a> {
    Outside,
    AboveTable { name: Option<&'a str> },
    InTable { name: Option<&'a str>, comment: String },
}

impl<'a> Printed<'a> {
    pub(crate) fn read(schema: &'a str) -> Result<Self, Error> {
        let lines: Vec<_> = schema.split_inclusive('\n').collect();
        let mut tables = Vec::new();
        let mut place = Place::Outside;
        for (number, line) in lines.iter().enumerate() {
            place = place
                .then(number, line.trim(), &mut tables)
                .ok_or_else(|| Error::UnknownLine { number: number + 1, line: line.trim().to_owned() })?;
        }
        Ok(Self { lines, tables })
    }

    pub(crate) fn column(&self, table: &str, column: &str) -> Option<&Column<'a>> {
        let table = self.tables.iter().find(|found| found.name == table)?;
        table.columns.iter().find(|found| found.name == column)
    }
}

impl<'a> Place<'a> {
    /// Reads a line, and returns the place of the next one. None if the line cannot be parsed.
    fn then(self, number: usize, line: &'a str, tables: &mut Vec<Table<'a>>) -> Option<Self> {
        match self {
            Place::Outside if line == "diesel::table! {" => Some(Place::AboveTable { name: None }),
            Place::Outside => Some(Place::Outside),

            Place::AboveTable { name } => {
                if line.is_empty() || line.starts_with("use ") || line.starts_with("///") {
                    return Some(Place::AboveTable { name });
                }
                if let Some(name) = sql_name(line) {
                    return Some(Place::AboveTable { name: Some(name) });
                }
                let (rust_name, _) = line.strip_suffix(") {")?.split_once(" (")?;
                let (name, above) = (name.unwrap_or(rust_name), number.checked_sub(1)?);
                tables.push(Table { name, above, columns: Vec::new() });
                Some(Place::column())
            }

            Place::InTable { .. } if line == "}" => Some(Place::Outside),
            Place::InTable { name, mut comment } => {
                if let Some(text) = line.strip_prefix("///") {
                    comment.push_str(text);
                    return Some(Place::InTable { name, comment });
                }
                if let Some(name) = sql_name(line) {
                    return Some(Place::InTable { name: Some(name), comment });
                }
                if line.starts_with("#[") {
                    return Some(Place::InTable { name, comment });
                }
                let (rust_name, sql_type) = line.strip_suffix(',')?.split_once(" -> ")?;
                let name = name.unwrap_or(rust_name);
                tables.last_mut()?.columns.push(Column { name, comment, line: number, sql_type });
                Some(Place::column())
            }
        }
    }

    /// Before a column, or after the last one.
    fn column() -> Self {
        Place::InTable { name: None, comment: String::new() }
    }
}

/// The name in `#[sql_name = "type"]`, or in `#[sql_name = r#"with "quotes""#]`. Diesel escapes nothing in it.
fn sql_name(line: &str) -> Option<&str> {
    let literal = line.strip_prefix("#[sql_name = ")?.strip_suffix(']')?;
    let literal = literal.strip_prefix('r').unwrap_or(literal);
    let hashes = literal.find('"')?;
    let (open, close) = ("#".repeat(hashes) + "\"", "\"".to_owned() + &"#".repeat(hashes));
    literal.strip_prefix(open.as_str())?.strip_suffix(close.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r##"// @generated automatically by Diesel CLI.

diesel::table! {
    use diesel::sql_types::*;

    /// patients (id) {
    ///
    #[sql_name = "my patients"]
    my_patients (id, k) {
        /// encrypted_text: the
        /// number
        #[sql_name = r#"a"b"#]
        #[max_length = 20]
        a_b -> Nullable<Varchar>,
        k -> Integer,
    }
}

diesel::table! {
    visits (id) {
        id -> Integer,
    }
}

diesel::joinable!(visits -> my_patients (id));
"##;

    #[test]
    fn tables_and_columns_have_their_names_in_the_database() {
        let printed = Printed::read(SCHEMA).unwrap();
        let names: Vec<_> = printed
            .tables
            .iter()
            .map(|table| (table.name, table.columns.iter().map(|column| column.name).collect::<Vec<_>>()))
            .collect();
        assert_eq!(names, [("my patients", vec!["a\"b", "k"]), ("visits", vec!["id"])]);
    }

    #[test]
    fn columns_have_comment_and_type() {
        let printed = Printed::read(SCHEMA).unwrap();
        let column = &printed.tables[0].columns[0];
        assert_eq!(column.comment.trim(), "encrypted_text: the number");
        assert_eq!(column.sql_type, "Nullable<Varchar>");
        assert_eq!(printed.lines[column.line], "        a_b -> Nullable<Varchar>,\n");
        assert_eq!(printed.tables[0].columns[1].comment, "");
    }

    #[test]
    fn the_line_above_a_table_may_give_its_name_in_the_database() {
        let printed = Printed::read(SCHEMA).unwrap();
        let above = printed.tables.iter().map(|table| printed.lines[table.above].trim());
        assert_eq!(above.collect::<Vec<_>>(), ["#[sql_name = \"my patients\"]", "diesel::table! {"]);
    }

    #[test]
    fn a_line_that_cannot_be_parsed_is_an_error() {
        for line in ["id Integer,", "id -> Integer", "anything"] {
            let schema = SCHEMA.replace("k -> Integer,", line);
            assert!(matches!(Printed::read(&schema), Err(Error::UnknownLine { number: 15, .. })), "{line}");
        }
    }
}
