//! Triggers that are deferred to the commit, and defer others.

use diesel::connection::SimpleConnection;

use super::connect;
use super::faults;
use super::faulty::{Task, insert_encrypted, make_table, run};

/// Each step is a deferred trigger that writes into the table of the next step, whose trigger it has deferred again. The
/// last one spoils the value.
fn chain(steps: usize) -> String {
    let mut sql = String::new();
    for step in 0..steps {
        let table = if step == 0 { "faulty".to_owned() } else { format!("step_{step}") };
        let body = if step + 1 == steps {
            "UPDATE faulty SET value = 'spoiled' WHERE id = new.id AND value <> 'spoiled'".to_owned()
        } else {
            sql += &format!("CREATE TABLE step_{} (id int PRIMARY KEY);", step + 1);
            format!("INSERT INTO step_{} VALUES (new.id) ON CONFLICT DO NOTHING", step + 1)
        };
        let event = if step == 0 { "UPDATE" } else { "INSERT" };
        sql += &format!(
            "CREATE FUNCTION step_{step}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN SET CONSTRAINTS ALL DEFERRED; {body}; RETURN new; END $$;
            CREATE CONSTRAINT TRIGGER later AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                WHEN (new.id % 3 = 0) EXECUTE FUNCTION step_{step}();"
        );
    }
    sql
}

#[test]
fn what_is_deferred_may_defer_something_else() {
    for steps in 1..=4 {
        let mut connection = connect();
        make_table(&mut connection, faults::TABLE);
        let truth = (1..=9).map(|id| (id, format!("text {id}"))).collect();
        insert_encrypted(&mut connection, &truth);
        connection.batch_execute(&chain(steps)).unwrap();
        let (walked, wrong) = run(&mut connection, Task::Rotate, &Task::Rotate.walk().batch_size(4), &truth);
        assert_eq!((walked.written, wrong), (6, vec![]), "{steps}");
    }
}
