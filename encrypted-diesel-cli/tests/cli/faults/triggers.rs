//! Triggers that change what the tool writes, or refuse it.

use crate::database::Backend;
use crate::project::{Project, keyring, text};

on_each_backend!(
    a_row_that_a_trigger_changes_is_left_and_named,
    a_row_that_a_trigger_refuses_is_left_and_named,
);

const ROWS: u32 = 7;

/// A trigger for row 3. On SQLite it acts after the update.
fn project_with_trigger(backend: Backend, action: [&str; 3]) -> Project {
    let project = Project::new(backend, ROWS);
    let mut connection = project.0.connect();
    match backend {
        Backend::Sqlite => connection.execute(&format!(
            "CREATE TRIGGER fault AFTER UPDATE ON people WHEN new.id = 3 BEGIN {}; END",
            action[0]
        )),
        Backend::Postgres => connection.execute(&format!(
            "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {}; RETURN new; END $$;
             CREATE TRIGGER fault BEFORE UPDATE ON people FOR EACH ROW WHEN (new.id = 3) EXECUTE FUNCTION fault()",
            action[1]
        )),
        Backend::Mysql => connection.execute(&format!(
            "CREATE TRIGGER fault BEFORE UPDATE ON people FOR EACH ROW BEGIN IF NEW.id = 3 THEN {}; END IF; END",
            action[2]
        )),
    }
    project
}

/// Row 3 stays as it is, and all others are done.
fn row_3_is_left(project: &Project) {
    let output = project.run("encrypt", &[1], 3);
    assert!(output.contains("people.text: 6 encrypted, 1 left"), "{output}");
    assert!(output.lines().any(|line| line.starts_with("  3: ")), "{output}");
    assert_eq!(project.encrypted(), 6);
    let is_whole = |keys| project.texts(&keyring(keys)).into_iter().eq((1..=ROWS).map(text));
    assert!(is_whole(&[1]));
    assert!(project.run("status --assert-encrypted", &[1], 3).contains("plaintext            1"));

    // Once the trigger is gone, the same command does the rest.
    let on = if project.0.backend == Backend::Postgres { " ON people" } else { "" };
    project.0.execute(&format!("DROP TRIGGER fault{on}"));
    project.assert_continues("encrypt", &[1]);
}

fn a_row_that_a_trigger_changes_is_left_and_named(backend: Backend) {
    row_3_is_left(&project_with_trigger(
        backend,
        [
            "UPDATE people SET text = lower(new.text) WHERE id = new.id",
            "new.text := lower(new.text)",
            "SET NEW.text = lower(NEW.text)",
        ],
    ));
}

fn a_row_that_a_trigger_refuses_is_left_and_named(backend: Backend) {
    row_3_is_left(&project_with_trigger(
        backend,
        [
            "SELECT raise(ABORT, 'the row is locked')",
            "RAISE EXCEPTION 'the row is locked'",
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the row is locked'",
        ],
    ));
}
