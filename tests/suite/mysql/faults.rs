//! Triggers of MySQL and MariaDB. They can change the row before it is written, and no other row of the table.

use super::faulty::{Effect, Fault, Timing, Words};

/// In a collation that sees neither case nor spaces at the end.
pub(super) const TABLE: &str = "
    CREATE TABLE faulty (
        id INT PRIMARY KEY,
        value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
        value_index VARBINARY(16),
        note LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
    );
    CREATE TABLE copies (id INT, value LONGTEXT CHARACTER SET utf8mb4);
";

pub(super) const DROP: &str = "DROP TABLE IF EXISTS faulty, copies;";

/// A trigger that changes nothing. Since there is one, each write is read back.
pub(super) const HARMLESS: &str = "CREATE TABLE written (id INT);
    CREATE TRIGGER harmless BEFORE UPDATE ON samples FOR EACH ROW INSERT INTO written VALUES (NEW.id);";

/// Triggers that set `{column}` of every other row to `{expression}`, whatever is written.
pub(super) const SPOILERS: &[&str] = &["CREATE TRIGGER spoiler BEFORE UPDATE ON guarded FOR EACH ROW
    SET new.{column} = IF(new.id % 2 = 1, {expression}, new.{column})"];

const WORDS: Words = Words { append: "concat({}, ' ')", bytes: "x'00'" };

/// `None` where this database has no such thing.
pub(super) fn sql(fault: &Fault) -> Option<String> {
    let rows = fault.condition("NEW.id");
    let timing = match fault.timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        _ => return None,
    };
    let action = match fault.effect {
        Effect::Copy => "INSERT INTO copies VALUES (NEW.id, NEW.value)".to_owned(),
        Effect::Raise => "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the row is locked'".to_owned(),
        _ if fault.timing == Timing::After => return None,
        Effect::Move => "SET NEW.id = NEW.id + 10000".to_owned(),
        _ => format!("SET NEW.{} = {}", fault.column.name(), fault.expression("NEW", "OLD", &WORDS)?),
    };
    Some(format!(
        "CREATE TRIGGER fault {timing} UPDATE ON faulty FOR EACH ROW BEGIN IF {rows} THEN {action}; END IF; END"
    ))
}
