//! Primary keys of every type that MySQL or MariaDB sorts, in any time zone.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::declared::KeyKind;

use super::connect;
use super::keyed::{count, walk_keyed};

const OTHER: &[(&str, KeyKind)] = &[("k", KeyKind::Other)];

/// The type, and values of it.
const TYPES: &[(&str, &[&str])] = &[
    (
        "BIGINT UNSIGNED",
        &[
            "0",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551614",
            "18446744073709551615",
        ],
    ),
    ("BIGINT", &["-9223372036854775808", "-1", "9223372036854775807"]),
    ("INT(5) UNSIGNED ZEROFILL", &["1", "4294967295"]),
    (
        "DECIMAL(30, 10)",
        &[
            "-12345678901234567890.0000000001",
            "-0.5",
            "12345678901234567890.0000000001",
            "12345678901234567890.0000000002",
        ],
    ),
    ("FLOAT", &["-0.5", "0.1", "0.12345678", "16777216", "16777218", "1e30"]),
    ("DOUBLE", &["-1e300", "0.1", "0.30000000000000004", "1e300"]),
    ("DATE", &["0000-00-00", "0001-01-01", "2001-02-03", "9999-12-31"]),
    ("DATETIME(6)", &["0000-00-00 00:00:00", "2023-11-05 01:30:00", "2023-11-05 01:30:00.000001"]),
    ("TIME(3)", &["-838:59:59", "-00:00:00.5", "00:00:00", "100:00:00.001"]),
    ("YEAR", &["0000", "1901", "2155"]),
    ("ENUM('z', 'a', 'm''')", &["z", "a", "m'"]),
    ("SET('b', 'a')", &["", "b", "a", "b,a"]),
    ("BIT(64)", &["1", "255"]),
    ("CHAR(5)", &["", "a", "a b", "B", "c"]),
    ("BINARY(3)", &["", "a", "b"]),
];

#[test]
fn every_type_is_walked() {
    let mut connection = connect();
    for (sql_type, values) in TYPES {
        for settings in [
            "time_zone = '+00:00'",
            "time_zone = '+05:30', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,PAD_CHAR_TO_FULL_LENGTH'",
        ] {
            let rows: Vec<_> =
                values.iter().rev().map(|value| format!("('{}', 'v')", value.replace('\'', "''"))).collect();
            let bit = if sql_type.starts_with("BIT") { "+ 0" } else { "" };
            let rows = rows.join(", ").replace("', 'v'", &format!("'{bit}, 'v'"));
            connection
                .batch_execute(&format!(
                    "SET sql_mode = 'STRICT_ALL_TABLES'; DROP TABLE IF EXISTS keyed;
                    CREATE TABLE keyed (k {sql_type} PRIMARY KEY, value TEXT CHARACTER SET ascii COLLATE ascii_bin);
                    INSERT INTO keyed VALUES {rows}; SET {settings}"
                ))
                .unwrap();
            assert_eq!(walk_keyed(&mut connection, OTHER).len(), values.len(), "{sql_type}");
        }
    }
}

/// In this time zone, an hour of local time comes twice. MariaDB's rules for zones are not installed, so the zone of the
/// session changes between the rows instead: what the statements say must not depend on it.
#[test]
fn points_in_time_are_walked_in_any_time_zone() {
    let mut connection = connect();
    for zone in ["+00:00", "-05:00", "+12:00"] {
        connection
            .batch_execute(
                "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'; DROP TABLE IF EXISTS keyed;
                CREATE TABLE keyed (k TIMESTAMP(6) NOT NULL DEFAULT '2001-02-03', id INT, value TEXT,
                    PRIMARY KEY (k, id));
                INSERT INTO keyed VALUES ('0000-00-00', 1, 'v'), ('1970-01-01 00:00:01', 1, 'v'),
                    ('2023-11-05 05:30:00', 1, 'v'), ('2023-11-05 06:30:00', 1, 'v'),
                    ('2023-11-05 06:30:00.000001', 1, 'v'), ('2038-01-19 03:14:07', 2, 'v')",
            )
            .unwrap();
        connection.batch_execute(&format!("SET time_zone = '{zone}'")).unwrap();
        let key = [("k", KeyKind::Other), ("id", KeyKind::Integer)];
        assert_eq!(walk_keyed(&mut connection, &key)[1], "1.000000, 1");
    }
}

#[test]
fn uuids_and_addresses_of_mariadb() {
    let mut connection = connect();
    let version = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("VERSION()"));
    if !version.get_result::<String>(&mut connection).unwrap().contains("MariaDB") {
        return;
    }
    for (sql_type, values) in [
        ("UUID", ["00112233-4455-6677-8899-aabbccddeeff", "ffffffff-4455-1677-8899-aabbccddeeff"]),
        ("INET6", ["::1", "2001:db8::1"]),
        ("INET4", ["10.0.0.1", "9.0.0.1"]),
    ] {
        connection
            .batch_execute(&format!(
                "DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k {sql_type} PRIMARY KEY, value TEXT);
                INSERT INTO keyed VALUES ('{}', 'v'), ('{}', 'v')",
                values[0], values[1]
            ))
            .unwrap();
        assert_eq!(walk_keyed(&mut connection, OTHER).len(), 2, "{sql_type}");
        assert_eq!(count(&mut connection, "keyed"), 2);
    }
}
