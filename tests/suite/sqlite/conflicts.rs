//! Constraints that resolve a conflict by deleting another row.

use super::connect;
use super::faulty::{Task, insert_plaintext, make_table, run};

#[test]
fn a_row_is_not_written_in_the_place_of_another() {
    for constraint in
        ["UNIQUE ON CONFLICT REPLACE", "UNIQUE ON CONFLICT IGNORE", "UNIQUE ON CONFLICT ROLLBACK", "UNIQUE"]
    {
        let mut connection = connect();
        let table = format!(
            "CREATE TABLE faulty (id INTEGER PRIMARY KEY NOT NULL, value TEXT, value_index BLOB {constraint}, note TEXT)"
        );
        make_table(&mut connection, &table);
        let texts = ["same", "other", "same", "last", "same"];
        let truth = (1..).zip(texts.map(str::to_owned)).collect();
        insert_plaintext(&mut connection, &truth);
        let (walked, wrong) =
            run(&mut connection, Task::Encrypt, &Task::Encrypt.walk().batch_size(2), &truth);
        assert_eq!((walked.written, wrong), (3, vec![]), "{constraint}");
    }
}
