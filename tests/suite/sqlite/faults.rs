//! Triggers of SQLite.

use super::faulty::{Effect, Fault, Timing, Words};

pub(super) const TABLE: &str = "
    CREATE TABLE faulty (id INTEGER PRIMARY KEY NOT NULL, value TEXT, value_index BLOB, note TEXT);
    CREATE TABLE copies (id INTEGER, value TEXT);
";

pub(super) const DROP: &str = "DROP TABLE IF EXISTS faulty; DROP TABLE IF EXISTS copies;";

/// A trigger that changes nothing. Since there is one, each write is read back.
pub(super) const HARMLESS: &str = "CREATE TABLE written (id INTEGER);
    CREATE TRIGGER harmless AFTER UPDATE ON samples BEGIN INSERT INTO written VALUES (new.id); END;";

/// Triggers that set `{column}` of every other row to `{expression}`, whatever is written.
pub(super) const SPOILERS: &[&str] = &["CREATE TRIGGER spoiler AFTER UPDATE ON guarded WHEN new.id % 2 = 1
    BEGIN UPDATE guarded SET {column} = {expression} WHERE id = new.id; END"];

const WORDS: Words = Words { append: "{} || ' '", bytes: "x'00'" };

/// `None` where this database has no such thing.
pub(super) fn sql(fault: &Fault) -> Option<String> {
    let column = fault.column.name();
    let (create, when) = match fault.timing {
        Timing::Before => ("TRIGGER", "BEFORE UPDATE".to_owned()),
        Timing::After => ("TRIGGER", "AFTER UPDATE".to_owned()),
        Timing::AfterColumn => ("TRIGGER", format!("AFTER UPDATE OF {column}")),
        Timing::Temporary => ("TEMPORARY TRIGGER", "AFTER UPDATE".to_owned()),
        Timing::AfterStatement | Timing::Deferred | Timing::Rule => return None,
    };
    let before = fault.timing == Timing::Before;
    let body = match fault.effect {
        Effect::Copy => "INSERT INTO copies SELECT new.id, new.value".to_owned(),
        Effect::Insert => {
            "INSERT OR IGNORE INTO faulty SELECT new.id + 1000000, new.value, new.value_index, new.note \
             WHERE new.id < 1000000"
                .to_owned()
        }
        Effect::Swallow if before => "SELECT raise(IGNORE)".to_owned(),
        Effect::Delete => "DELETE FROM faulty WHERE id = new.id".to_owned(),
        Effect::Raise => "SELECT raise(ABORT, 'the row is locked')".to_owned(),
        Effect::RaiseFail => "SELECT raise(FAIL, 'the row is locked')".to_owned(),
        Effect::RaiseRollback => "SELECT raise(ROLLBACK, 'the row is locked')".to_owned(),
        // What a trigger before the update does to the row is undefined.
        _ if before => return None,
        Effect::Move => "UPDATE faulty SET id = id + 10000 WHERE id = new.id".to_owned(),
        _ => {
            let expression = fault.expression("new", "old", &WORDS)?;
            format!("UPDATE faulty SET {column} = {expression} WHERE id = new.id")
        }
    };
    let rows = fault.condition("new.id");
    Some(format!("CREATE {create} fault {when} ON faulty WHEN {rows} BEGIN {body}; END"))
}
