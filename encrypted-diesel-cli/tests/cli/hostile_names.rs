//! Someone who may create functions, operators and types in `public` names them as PostgreSQL's own. No command calls
//! them.

use crate::database::{Backend, server};
use crate::project::Project;

const NAMES: &str = include_str!("../../../tests/suite/postgres/hostile_names.sql");

/// How many calls there were.
fn calls(project: &Project) -> String {
    let mut connection = project.0.connect();
    connection.execute("SET search_path = pg_catalog");
    let calls =
        "SELECT CAST(CASE WHEN is_called THEN last_value ELSE 0 END AS text) AS shown FROM public.calls";
    connection.shown(calls).remove(0).unwrap()
}

/// Under each of these settings of the database.
#[test]
fn no_command_calls_what_a_guest_has_made() {
    if server(Backend::Postgres).is_none() {
        return;
    }
    for path in ["public", "public, pg_catalog"] {
        let project = Project::new(Backend::Postgres, 7);
        let mut operator = project.0.connect();
        operator.execute(
            "ALTER TABLE people ALTER text TYPE varchar(400); ALTER TABLE people ADD COLUMN at timestamptz;",
        );
        let text = "columns.text = { sql-type = \"EncryptedVarchar\" }";
        project.declare(&format!(
            "[tables.people]\nprimary-key = \"id\"\n{text}\nindexes.text_index = {{ of = \"text\", context = \"people.text\" }}\n"
        ));
        let database = project.0.url.split('?').next().unwrap().rsplit('/').next().unwrap();
        operator.execute(NAMES);
        operator.execute(&format!("ALTER DATABASE {database} SET search_path = {path}"));
        for (words, keys) in [
            ("status", &[1][..]),
            ("encrypt --dry-run", &[1]),
            ("encrypt --share --batch 3", &[1]),
            ("reindex", &[1]),
            ("rotate --jobs 2", &[2, 1]),
            ("verify", &[2]),
            ("status --assert-encrypted", &[2]),
            ("draft", &[2]),
            ("decrypt people.text --confirm-plaintext", &[2]),
        ] {
            let output = project.command(words, keys).output().unwrap();
            assert_eq!(calls(&project), "0", "{path}: {words}: {output:?}");
            assert_eq!(output.status.code(), Some(0), "{path}: {words}: {output:?}");
        }
    }
}
