//! Values that are encrypted from a column of another type, under settings that shorten or change their text.

use diesel::connection::SimpleConnection;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
use encrypted_diesel::{Keyring, sql_types};

use super::behaviour::key;
use super::keyed::decrypted_from;
use super::{Backend, connect};

const HOSTILE: &str = "SET DateStyle TO 'SQL, DMY'; SET TimeZone TO 'America/New_York'; \
    SET extra_float_digits TO -15; SET IntervalStyle TO 'sql_standard'; SET bytea_output TO 'escape'";

/// The type, a value, and its text.
const VALUES: &[(&str, &str, &str)] = &[
    ("real", "0.12345678", "0.12345678"),
    ("real", "16777216", "1.6777216e+07"),
    ("double precision", "0.1", "0.1"),
    ("double precision", "0.30000000000000004", "0.30000000000000004"),
    ("numeric", "1.50", "1.50"),
    ("date", "2001-02-03", "2001-02-03"),
    ("timestamp", "2001-02-03 04:05:06.000007", "2001-02-03 04:05:06.000007"),
    ("timestamptz", "2023-11-05 01:30:00-05", "2023-11-05 06:30:00+00"),
    ("interval", "-1 mon +2 days -03:00:00", "-1 mons +2 days -03:00:00"),
    ("boolean", "t", "true"),
    ("char(5)", "ab", "ab"),
    ("jsonb", "{\"a\": 1.50}", "{\"a\": 1.50}"),
    ("json", "{\"a\" : 1}", "{\"a\" : 1}"),
    ("point", "(0.1,0.30000000000000004)", "(0.1,0.30000000000000004)"),
    ("integer[]", "{1,NULL}", "{1,NULL}"),
    ("double precision[]", "{0.1,0.30000000000000004}", "{0.1,0.30000000000000004}"),
    ("bytea[]", "{\"\\\\xff\"}", "{\"\\\\xff\"}"),
    ("weekday", "2001-02-05", "2001-02-05"),
    ("mood", "a", "a"),
    ("uuid", "00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff"),
    ("varchar(9)", " a ", " a "),
];

#[test]
fn they_arrive_whole() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE DOMAIN weekday AS date CHECK (extract(isodow FROM VALUE) < 6);
            CREATE TYPE mood AS ENUM ('z', 'a');
            CREATE FUNCTION guest(mood) RETURNS text LANGUAGE sql AS $$ SELECT 'guest' $$;
            CREATE CAST (mood AS text) WITH FUNCTION guest(mood)",
        )
        .unwrap();
    for (sql_type, value, text) in VALUES {
        for settings in ["RESET ALL", HOSTILE] {
            connection
                .batch_execute(&format!(
                    "RESET ALL; DROP TABLE IF EXISTS keyed;
                    CREATE TABLE keyed (k integer PRIMARY KEY, f {sql_type}, value text);
                    INSERT INTO keyed (k, f) VALUES (1, '{value}'), (2, '{value}'), (3, NULL); {settings}"
                ))
                .unwrap();
            assert_eq!(decrypted_from(&mut connection), vec![(*text).to_owned(); 2], "{sql_type}");
        }
    }
}

#[test]
fn what_depends_on_the_locale_is_refused() {
    let mut connection = connect();
    connection
        .batch_execute("CREATE TABLE keyed (k integer PRIMARY KEY, f money, value text); INSERT INTO keyed VALUES (1, 1)")
        .unwrap();
    let table = DeclaredTable::new("keyed", [("k", KeyKind::Integer)]);
    let column = EncryptedColumn::<Backend>::declared::<sql_types::EncryptedText>(&table, "value");
    let failed = Keyring::new(key(1))
        .scope(|| column.encrypted_from("f", false).encrypt().run(&mut connection, |_| {}).unwrap_err());
    assert_eq!(
        failed.to_string(),
        "the column f is money, whose text depends on the server's locale: copy it as numeric"
    );
}
