//! A server whose settings let values through that do not fit, and columns that cannot hold what is written.

use std::iter::once;

use diesel::connection::SimpleConnection;

use super::connect;
use super::faulty::{Task, insert_encrypted, insert_plaintext, make_table, run, stored};

/// Runs a task on a table of this definition, in a session with these settings. Returns what is wrong, and the rows
/// that were left.
fn left(settings: &str, columns: &str, task: Task, texts: &[&str]) -> (Vec<String>, Vec<i32>) {
    let mut connection = connect();
    let ids = 1..;
    let truth = ids.zip(texts.iter().map(|text| (*text).to_owned())).collect();
    make_table(&mut connection, &format!("CREATE TABLE faulty (id INT PRIMARY KEY, {columns}, note TEXT)"));
    match task {
        Task::Encrypt => insert_plaintext(&mut connection, &truth),
        _ => insert_encrypted(&mut connection, &truth),
    }
    if task == Task::Reindex {
        connection.batch_execute("UPDATE faulty SET value_index = NULL").unwrap();
    }
    connection.batch_execute(settings).unwrap();
    let (walked, wrong) = run(&mut connection, task, &task.walk().batch_size(4), &truth);
    let mut left: Vec<_> = walked.bad.iter().map(|row| row.key.to_string().parse().unwrap()).collect();
    left.sort_unstable();
    (wrong, left)
}

const LENIENT: &str = "SET SESSION sql_mode = ''";
const GERMAN: &str = "SET SESSION lc_messages = 'de_DE'";
const STRICT: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES'";

#[test]
fn a_value_that_would_be_cut_is_left() {
    let long = "x".repeat(40);
    for settings in [LENIENT, STRICT, GERMAN] {
        let columns = "value VARCHAR(60) CHARACTER SET ascii, value_index VARBINARY(16)";
        let found = left(settings, columns, Task::Encrypt, &["a", &long, "c", &long, "e"]);
        assert_eq!(found, (vec![], vec![2, 4]), "{settings}");
    }
}

#[test]
fn a_text_of_64_kib_that_would_be_cut_is_left() {
    let long = "x".repeat(60_000);
    for settings in [LENIENT, STRICT, GERMAN] {
        let columns = "value TEXT CHARACTER SET ascii, value_index VARBINARY(16)";
        let found = left(settings, columns, Task::Encrypt, &["a", &long, "c"]);
        assert_eq!(found, (vec![], vec![2]), "{settings}");
    }
}

/// The character sets hold the envelopes, but not all plaintexts.
#[test]
fn a_character_that_the_column_cannot_hold_stays_encrypted() {
    for settings in [LENIENT, STRICT, GERMAN] {
        for (character_set, expected) in
            [("latin1", vec![2, 4]), ("utf8mb3", vec![2]), ("ascii", vec![2, 3, 4])]
        {
            let columns = format!("value TEXT CHARACTER SET {character_set}, value_index VARBINARY(16)");
            let found = left(settings, &columns, Task::Decrypt, &["a", "🦊", "Zoë", "Ж", "nul\0x"]);
            assert_eq!(found, (vec![], expected), "{settings} {character_set}");
        }
    }
}

/// Such a column is refused at once, or each row is left.
#[test]
fn an_index_column_that_is_too_short_holds_no_part_of_an_index() {
    for settings in [LENIENT, STRICT, GERMAN] {
        for task in [Task::Encrypt, Task::Reindex] {
            let mut connection = connect();
            let columns = "value TEXT CHARACTER SET ascii, value_index VARBINARY(8)";
            make_table(
                &mut connection,
                &format!("CREATE TABLE faulty (id INT PRIMARY KEY, {columns}, note TEXT)"),
            );
            let truth = once((1, "a".to_owned())).collect();
            match task {
                Task::Encrypt => insert_plaintext(&mut connection, &truth),
                _ => {
                    connection.batch_execute("ALTER TABLE faulty MODIFY value_index VARBINARY(16)").unwrap();
                    insert_encrypted(&mut connection, &truth);
                    connection.batch_execute("UPDATE faulty SET value_index = NULL").unwrap();
                    connection.batch_execute("ALTER TABLE faulty MODIFY value_index VARBINARY(8)").unwrap();
                }
            }
            connection.batch_execute(settings).unwrap();
            let before = stored(&mut connection);
            let walked = task.keyring().scope(|| task.walk().run(&mut connection, |_| {}));
            assert_eq!(stored(&mut connection), before, "{task:?} {settings}");
            assert!(walked.is_err() || walked.is_ok_and(|walked| walked.left == 1), "{task:?} {settings}");
        }
    }
}

/// An application that shares the connection relies on them.
#[test]
fn the_settings_of_the_session_are_as_before() {
    for settings in [LENIENT, GERMAN, "SET SESSION time_zone = '+05:30'"] {
        let mut connection = connect();
        make_table(&mut connection, super::faults::TABLE);
        let truth = once((1, "a".to_owned())).collect();
        insert_plaintext(&mut connection, &truth);
        connection.batch_execute(settings).unwrap();
        let before = session(&mut connection);
        let (walked, wrong) = run(&mut connection, Task::Encrypt, &Task::Encrypt.walk(), &truth);
        assert_eq!((wrong, walked.written), (vec![], 1));
        assert_eq!(session(&mut connection), before, "{settings}");
    }
}

fn session(connection: &mut super::Database) -> String {
    use diesel::prelude::*;

    let settings = "concat_ws('|', @@sql_mode, @@time_zone, @@lc_messages, @@character_set_client,
        @@character_set_connection, @@character_set_results, @@collation_connection, @@tx_isolation, @@autocommit)";
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(settings)).first(connection).unwrap()
}

#[test]
fn a_limit_of_the_session_hides_no_row() {
    for settings in ["SET SESSION sql_select_limit = 2", "SET SESSION max_sort_length = 64"] {
        for task in [Task::Encrypt, Task::Rotate, Task::Reindex, Task::Decrypt] {
            let mut connection = connect();
            make_table(
                &mut connection,
                "CREATE TABLE faulty (id INT PRIMARY KEY, value TEXT CHARACTER SET ascii, value_index VARBINARY(16), note TEXT)",
            );
            let truth = (1..=9).map(|id| (id, format!("text {id}"))).collect();
            match task {
                Task::Encrypt => insert_plaintext(&mut connection, &truth),
                _ => insert_encrypted(&mut connection, &truth),
            }
            if task == Task::Reindex {
                connection.batch_execute("UPDATE faulty SET value_index = NULL").unwrap();
            }
            let before = stored(&mut connection);
            connection.batch_execute(settings).unwrap();
            let walked =
                task.keyring().scope(|| task.walk().batch_size(4).run(&mut connection, |_| {}).unwrap());
            connection.batch_execute("SET SESSION sql_select_limit = DEFAULT").unwrap();
            assert_eq!((walked.written, walked.left, walked.unreached), (9, 0, 0), "{settings} {task:?}");
            let after = stored(&mut connection);
            assert!(before.iter().all(|(id, row)| after[id] != *row), "{settings} {task:?}");
        }
    }
}
