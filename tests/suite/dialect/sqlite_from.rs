//! Values that are encrypted from a column of another type.

use diesel::connection::SimpleConnection;

use super::connect;
use super::keyed::decrypted_from;

#[test]
fn they_arrive_whole() {
    let mut connection = connect();
    for (sql_type, value, text) in [
        ("REAL", "0.30000000000000004", "0.30000000000000004"),
        ("REAL", "0.1", "0.1"),
        ("DOUBLE", "1.7976931348623157e308", "1.7976931348623157e308"),
        ("NUMERIC", "0.12345678359270096", "0.12345678359270096"),
        ("INTEGER", "9223372036854775807", "9223372036854775807"),
        ("DATETIME", "'2001-02-03 04:05:06'", "2001-02-03 04:05:06"),
        ("BOOLEAN", "TRUE", "1"),
        ("TEXT", "' a '", " a "),
    ] {
        connection
            .batch_execute(&format!(
                "DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k INTEGER PRIMARY KEY, f {sql_type}, value TEXT);
                INSERT INTO keyed (k, f) VALUES (1, {value}), (2, {value}), (3, NULL)"
            ))
            .unwrap();
        assert_eq!(decrypted_from(&mut connection), vec![text.to_owned(); 2], "{sql_type}");
    }
}
