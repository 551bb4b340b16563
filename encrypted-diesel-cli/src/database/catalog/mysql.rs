//! MySQL and MariaDB: reads the information schema, for the tables of the database that the URL names.

use diesel::prelude::*;
use diesel::sql_query;

use super::rows::Reading;
use super::{Catalog, Holds, Inspect};
use crate::database::marker::Marker;
use crate::error::Error;

const COLUMNS: &str = "
    SELECT CAST(NULL AS CHAR) AS schema_name, c.table_name AS table_name, c.column_name AS column_name,
        c.column_type AS declared, c.column_type AS stored, c.column_comment AS word,
        c.is_nullable = 'YES' AS nullable
    FROM information_schema.columns AS c
        JOIN information_schema.tables AS t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE t.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
    ORDER BY c.ordinal_position";

/// The column name is NULL for an expression.
const KEYS: &str = "
    SELECT CAST(NULL AS CHAR) AS schema_name, table_name AS table_name, index_name AS key_name,
        index_name = 'PRIMARY' AS is_primary, column_name AS column_name
    FROM information_schema.statistics
    WHERE table_schema = DATABASE() AND non_unique = 0
    ORDER BY seq_in_index";

impl Inspect for MysqlConnection {
    fn catalog(&mut self) -> Result<Catalog, Error> {
        let columns = sql_query(COLUMNS).load(self)?;
        let keys = sql_query(KEYS).load(self)?;
        Catalog::of(columns, keys, &Reading { holds, marker: Marker::by_comment })
    }
}

/// The kind of values in a `varchar(255)` or an `int(10) unsigned`.
fn holds(stored: &str) -> Holds {
    let stored = stored.to_ascii_lowercase();
    let mut words = stored.split(|letter: char| !letter.is_ascii_alphanumeric());
    match words.next().unwrap_or_default() {
        "bigint" if words.any(|word| word == "unsigned") => Holds::Other,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => Holds::Integer,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => Holds::Text,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Holds::Bytes,
        // Read in the time zone of the connection, which Diesel sets to UTC.
        "timestamp" => Holds::Utc,
        _ => Holds::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_the_types_that_fit_into_64_bits() {
        for integer in ["int(11)", "int", "int(10) unsigned", "tinyint(1)", "BIGINT(20)", "bigint"] {
            assert_eq!(holds(integer), Holds::Integer, "{integer}");
        }
        for other in
            ["bigint(20) unsigned", "bigint unsigned zerofill", "decimal(10,2)", "uuid", "enum('int')"]
        {
            assert_eq!(holds(other), Holds::Other, "{other}");
        }
    }

    #[test]
    fn timestamps_are_in_utc_and_datetimes_may_not_be() {
        assert_eq!(holds("timestamp(6)"), Holds::Utc);
        assert_eq!(holds("datetime(6)"), Holds::Other);
    }

    #[test]
    fn texts_and_bytes_have_any_size() {
        for text in ["char(2)", "varchar(255)", "longtext"] {
            assert_eq!(holds(text), Holds::Text, "{text}");
        }
        for bytes in ["binary(16)", "varbinary(16)", "longblob"] {
            assert_eq!(holds(bytes), Holds::Bytes, "{bytes}");
        }
    }
}
