//! Triggers and rules of PostgreSQL.

use super::faulty::{Effect, Fault, Timing, Words};

pub(super) const TABLE: &str = "
    CREATE TABLE faulty (id integer PRIMARY KEY, value text, value_index bytea, note text);
    CREATE TABLE copies (id integer, value text);
";

pub(super) const DROP: &str = "DROP TABLE IF EXISTS faulty, copies;";

/// A trigger that changes nothing. Since there is one, each write is read back.
pub(super) const HARMLESS: &str = "CREATE TABLE written (id integer);
    CREATE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO written VALUES (new.id); RETURN new; END $$;
    CREATE TRIGGER harmless BEFORE UPDATE ON samples FOR EACH ROW EXECUTE FUNCTION harmless();";

/// Triggers that set `{column}` of every other row to `{expression}`, whatever is written.
pub(super) const SPOILERS: &[&str] = &[
    "CREATE FUNCTION spoiler() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN new.{column} := {expression}; RETURN new; END $$;
    CREATE TRIGGER spoiler BEFORE UPDATE ON guarded FOR EACH ROW WHEN (new.id % 2 = 1) EXECUTE FUNCTION spoiler()",
    "CREATE FUNCTION spoiler() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN UPDATE guarded SET {column} = {expression} WHERE id = new.id; RETURN new; END $$;
    CREATE CONSTRAINT TRIGGER spoiler AFTER UPDATE ON guarded DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (new.id % 2 = 1 AND pg_trigger_depth() = 0) EXECUTE FUNCTION spoiler()",
];

const WORDS: Words = Words { append: "{} || ' '", bytes: r"'\x00'::bytea" };

/// `None` where this database has no such thing.
pub(super) fn sql(fault: &Fault) -> Option<String> {
    match fault.timing {
        Timing::Before => before(fault),
        Timing::After => after(fault, "TRIGGER", "UPDATE", ""),
        Timing::AfterColumn => after(fault, "TRIGGER", &format!("UPDATE OF {}", fault.column.name()), ""),
        Timing::Deferred => after(fault, "CONSTRAINT TRIGGER", "UPDATE", "DEFERRABLE INITIALLY DEFERRED"),
        Timing::AfterStatement => after_statement(fault),
        Timing::Rule => rule(fault),
        Timing::Temporary => None,
    }
}

fn function(body: &str) -> String {
    format!("CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;")
}

const RAISE: &str = "RAISE EXCEPTION 'the row is locked';";

fn before(fault: &Fault) -> Option<String> {
    let body = match fault.effect {
        Effect::Copy => "INSERT INTO copies VALUES (new.id, new.value); RETURN new;".to_owned(),
        Effect::Insert => return None,
        Effect::Swallow => "RETURN NULL;".to_owned(),
        Effect::Raise => RAISE.to_owned(),
        Effect::Move => "new.id := new.id + 10000; RETURN new;".to_owned(),
        // An error, since the row is then to be updated: "already modified by an operation triggered by the command".
        Effect::Delete => "DELETE FROM faulty WHERE id = new.id; RETURN new;".to_owned(),
        _ => {
            let expression = fault.expression("new", "old", &WORDS)?;
            format!("new.{} := {expression}; RETURN new;", fault.column.name())
        }
    };
    let rows = fault.condition("new.id");
    Some(format!(
        "{} CREATE TRIGGER fault BEFORE UPDATE ON faulty FOR EACH ROW WHEN ({rows}) EXECUTE FUNCTION fault()",
        function(&body)
    ))
}

fn after(fault: &Fault, trigger: &str, update: &str, deferred: &str) -> Option<String> {
    let body = match fault.effect {
        Effect::Copy => "INSERT INTO copies VALUES (new.id, new.value);".to_owned(),
        Effect::Insert => {
            "INSERT INTO faulty VALUES (new.id + 1000000, new.value, new.value_index, new.note) \
                           ON CONFLICT DO NOTHING;"
                .to_owned()
        }
        Effect::Raise => RAISE.to_owned(),
        Effect::Move => "UPDATE faulty SET id = id + 10000 WHERE id = new.id;".to_owned(),
        Effect::Delete => "DELETE FROM faulty WHERE id = new.id;".to_owned(),
        _ => {
            let expression = fault.expression("new", "old", &WORDS)?;
            format!("UPDATE faulty SET {} = {expression} WHERE id = new.id;", fault.column.name())
        }
    };
    let rows = fault.condition("new.id");
    Some(format!(
        "{} CREATE {trigger} fault AFTER {update} ON faulty {deferred} FOR EACH ROW
         WHEN ({rows} AND new.id < 1000000 AND pg_trigger_depth() = 0) EXECUTE FUNCTION fault()",
        function(&format!("{body} RETURN NULL;"))
    ))
}

fn after_statement(fault: &Fault) -> Option<String> {
    let rows = fault.condition("f.id");
    let body = match fault.effect {
        Effect::Copy => format!("INSERT INTO copies SELECT f.id, f.value FROM written f WHERE {rows};"),
        Effect::Insert => format!(
            "INSERT INTO faulty SELECT f.id + 1000000, f.value, f.value_index, f.note FROM written f
             WHERE {rows} AND f.id < 1000000 ON CONFLICT DO NOTHING;"
        ),
        Effect::Raise => format!("IF EXISTS (SELECT FROM written f WHERE {rows}) THEN {RAISE} END IF;"),
        Effect::Move => {
            format!("UPDATE faulty f SET id = f.id + 10000 FROM written w WHERE f.id = w.id AND {rows};")
        }
        Effect::Delete => format!("DELETE FROM faulty f USING written w WHERE f.id = w.id AND {rows};"),
        _ => {
            let (column, expression) = (fault.column.name(), fault.expression("f", "o", &WORDS)?);
            format!(
                "UPDATE faulty f SET {column} = {expression} FROM replaced o WHERE f.id = o.id AND {rows};"
            )
        }
    };
    Some(format!(
        "{} CREATE TRIGGER fault AFTER UPDATE ON faulty REFERENCING OLD TABLE AS replaced NEW TABLE AS written
         FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION fault()",
        function(&format!("{body} RETURN NULL;"))
    ))
}

fn rule(fault: &Fault) -> Option<String> {
    let action = match fault.effect {
        Effect::Copy => "ALSO INSERT INTO copies VALUES (new.id, new.value)",
        Effect::Swallow => "INSTEAD NOTHING",
        Effect::Delete => "ALSO DELETE FROM faulty WHERE id = new.id",
        // The row goes elsewhere.
        Effect::Other => "INSTEAD INSERT INTO copies VALUES (new.id, new.value)",
        _ => return None,
    };
    Some(format!("CREATE RULE fault AS ON UPDATE TO faulty WHERE {} DO {action}", fault.condition("new.id")))
}
