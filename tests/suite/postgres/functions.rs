//! Functions that an update calls without a trigger: in a CHECK, an index, or a generated column.

use diesel::connection::SimpleConnection;

use super::connect;
use super::faults;
use super::faulty::{Task, insert_encrypted, make_table, run};

/// A function that writes into another row than the one for which it is called. One that says it is immutable may write
/// through another.
const SPOIL: &str = "CREATE FUNCTION really_spoil(of int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        UPDATE faulty SET value = 'spoiled' WHERE id = of - 1 AND id % 3 = 1 AND value <> 'spoiled';
    END $$;
    CREATE FUNCTION spoil(of int, value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
        IF value LIKE 'ed1:%' AND current_setting('test.spoils', true) = 'on' THEN
            PERFORM really_spoil(of);
        END IF;
        RETURN true;
    END $$;";

#[test]
fn what_they_write_is_noticed() {
    for calls in [
        "ALTER TABLE faulty ADD CHECK (spoil(id, value))",
        "CREATE INDEX ON faulty (spoil(id, value))",
        "CREATE INDEX ON faulty (id) WHERE spoil(id, value)",
        "CREATE DOMAIN checked AS text CHECK (spoil(2, VALUE)); ALTER TABLE faulty ALTER value TYPE checked",
    ] {
        let mut connection = connect();
        make_table(&mut connection, faults::TABLE);
        let truth = (1..=9).map(|id| (id, format!("text {id}"))).collect();
        insert_encrypted(&mut connection, &truth);
        connection.batch_execute(&format!("{SPOIL} {calls}; SET test.spoils = 'on'")).unwrap();
        let (_, wrong) = run(&mut connection, Task::Rotate, &Task::Rotate.walk().batch_size(4), &truth);
        let lost: Vec<_> = wrong.iter().filter(|wrong| wrong.contains("lost")).collect();
        assert!(lost.is_empty(), "{calls}: {wrong:?}");
    }
}
