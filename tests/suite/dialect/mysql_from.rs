//! Values that are encrypted from a column of another type, under settings that shorten or change their text.

use diesel::connection::SimpleConnection;

use super::connect;
use super::keyed::decrypted_from;

/// The type, a value, and its text.
const VALUES: &[(&str, &str, &str)] = &[
    ("FLOAT", "'16777216'", "16777216"),
    ("FLOAT", "'0.12345678'", "0.12345678359270096"),
    ("DOUBLE", "'0.30000000000000004'", "0.30000000000000004"),
    ("DECIMAL(30, 10)", "'12345678901234567890.5'", "12345678901234567890.5000000000"),
    ("BIGINT UNSIGNED", "'18446744073709551615'", "18446744073709551615"),
    ("TIMESTAMP(6) NULL", "'2001-02-03 04:05:06.000007'", "2001-02-03 04:05:06.000007"),
    ("TIMESTAMP NULL", "'2001-02-03 04:05:06'", "2001-02-03 04:05:06.000000"),
    ("TIMESTAMP NULL", "'0000-00-00'", "0000-00-00 00:00:00"),
    ("DATETIME(6)", "'2001-02-03 04:05:06.000007'", "2001-02-03 04:05:06.000007"),
    ("DATE", "'2001-02-03'", "2001-02-03"),
    ("BIT(9)", "b'101'", "5"),
    ("BOOLEAN", "TRUE", "1"),
    ("CHAR(5)", "'ab'", "ab"),
    ("VARCHAR(5)", "' ab '", " ab "),
    ("ENUM('z', 'a')", "'a'", "a"),
    ("SET('z', 'a')", "'z,a'", "z,a"),
    ("JSON", "'{\"a\" : 1.50}'", "{\"a\" : 1.50}"),
];

#[test]
fn they_arrive_whole() {
    let mut connection = connect();
    for (sql_type, value, text) in VALUES {
        for settings in [
            "time_zone = '+00:00'",
            "time_zone = '-05:00', sql_mode = 'STRICT_ALL_TABLES,PAD_CHAR_TO_FULL_LENGTH'",
        ] {
            connection
                .batch_execute(&format!(
                    "SET sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'; DROP TABLE IF EXISTS keyed;
                    CREATE TABLE keyed (k INT PRIMARY KEY, f {sql_type}, value TEXT);
                    INSERT INTO keyed (k, f) VALUES (1, {value}), (2, {value}), (3, NULL); SET {settings}"
                ))
                .unwrap();
            assert_eq!(decrypted_from(&mut connection), vec![(*text).to_owned(); 2], "{sql_type}");
        }
    }
}
