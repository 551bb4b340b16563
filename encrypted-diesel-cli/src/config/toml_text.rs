//! Parts of a TOML file, with quotes around names that need them.

use toml::{Table, Value};

/// The header `[tables.users]`.
pub(crate) fn header(path: &[&str]) -> String {
    let inner = Table::new();
    let nested =
        path.iter().rev().fold(inner, |table, &key| Table::from_iter([(key.to_owned(), table.into())]));
    nested.to_string().trim_end().to_owned()
}

/// The line `primary-key = "id"`.
pub(crate) fn setting(key: &str, value: impl Into<Value>) -> String {
    Table::from_iter([(key.to_owned(), value.into())]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_quotes_where_it_needs_them() {
        assert_eq!(header(&["tables", "users", "columns", "e-mail"]), "[tables.users.columns.e-mail]");
        assert_eq!(header(&["tables", "app.users"]), "[tables.\"app.users\"]");
    }

    #[test]
    fn every_name_is_read_as_it_was_written() {
        for name in ["", "a b", "a.b", "größe", "\"", "'", "'\"", "\\", "a\nb", "\t\u{1}\u{7f}", "'''\"\"\""]
        {
            let text =
                header(&["tables", name]) + "\n" + &setting("key", name) + &setting(name, vec![name, name]);
            let read: Table = text.parse().unwrap_or_else(|error| panic!("{text}\n{error}"));
            let table = read["tables"][name].as_table().unwrap();
            assert_eq!(table["key"].as_str(), Some(name));
            assert_eq!(table[name].as_array().unwrap()[1].as_str(), Some(name));
        }
    }
}
