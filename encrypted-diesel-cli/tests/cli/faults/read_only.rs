//! Databases that can be read but not written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Output;

use super::own_server::OwnServer;
use super::{in_shell, stopped};
use crate::database::{Backend, Database, server};
use crate::project::{Project, key};

const ROWS: u32 = 90;

/// The write-ahead log takes its mode from the database file.
#[test]
fn sqlite_file() {
    let project = Project::new(Backend::Sqlite, ROWS);
    nothing_is_written(&project, |is_read_only| {
        let mode = Permissions::from_mode(if is_read_only { 0o444 } else { 0o644 });
        for file in fs::read_dir(project.0.folder()).unwrap() {
            fs::set_permissions(file.unwrap().path(), mode.clone()).unwrap();
        }
    });
}

/// SQLite cannot create a journal in the folder.
#[test]
fn sqlite_folder() {
    let project = Project::new(Backend::Sqlite, ROWS);
    project.0.execute("PRAGMA journal_mode = DELETE");
    let set = |mode| fs::set_permissions(project.0.folder(), Permissions::from_mode(mode)).unwrap();
    nothing_is_written(&project, |is_read_only| set(if is_read_only { 0o555 } else { 0o755 }));
}

#[test]
fn postgres_database() {
    if server(Backend::Postgres).is_none() {
        return;
    }
    let project = Project::new(Backend::Postgres, ROWS);
    let name = project.0.shown("SELECT current_database()::text AS shown").remove(0).unwrap();
    nothing_is_written(&project, |is_read_only| {
        let mut connection = project.0.connect();
        connection.execute("SET default_transaction_read_only TO off");
        connection
            .execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only TO {is_read_only}"));
    });
}

/// Like a replica.
#[test]
fn mysql_server() {
    let Some(server) = OwnServer::start(Backend::Mysql) else { return };
    let project = Project::of(Database::on(Backend::Mysql, &server.url()), ROWS);
    nothing_is_written(&project, |is_read_only| {
        server.admin().execute(&format!("SET GLOBAL read_only = {is_read_only}"));
    });
}

fn nothing_is_written(project: &Project, set_read_only: impl Fn(bool)) {
    let stored = || {
        ["text", "text_index"].map(|column| {
            let as_text = match project.0.backend {
                Backend::Postgres => format!("CAST({column} AS text)"),
                _ => format!("hex({column})"),
            };
            project.0.shown(&format!("SELECT {as_text} AS shown FROM people ORDER BY id"))
        })
    };
    let refused = |words: &str, keys: &[u8]| {
        let before = stored();
        set_read_only(true);
        let outputs = [words, &format!("{words} --jobs 2 --json")].map(|words| run(project, words, keys));
        let dry = run(project, &format!("{words} --dry-run"), keys);
        set_read_only(false);
        for output in outputs {
            stopped(&output, &["readonly", "read-only", "only be read"]);
        }
        let dry_run = String::from_utf8(dry.stdout).unwrap();
        assert!(dry_run.contains(&format!(": {ROWS} would be ")), "{words}: {dry_run}");
        assert_eq!(stored(), before, "{words}");
    };

    refused("encrypt", &[1]);
    project.run("encrypt", &[1], 0);
    refused("rotate", &[2, 1]);
    refused("decrypt people.text --confirm-plaintext", &[1]);
    project.0.execute("UPDATE people SET text_index = NULL");
    refused("reindex", &[1]);
    project.run("reindex", &[1], 0);

    set_read_only(true);
    let only = format!("status --assert-encrypted --assert-only-key {}", key(1).id());
    let read = [&*only, "verify"].map(|words| run(project, words, &[1]));
    set_read_only(false);
    assert!(read.iter().all(|output| output.status.success()), "{read:?}");
    project.assert_continues("rotate", &[2, 1]);
}

/// File modes do not stop root, unless it gives up two capabilities.
fn run(project: &Project, words: &str, keys: &[u8]) -> Output {
    let mut command = project.command(words, keys);
    let is_root = project.0.folder().metadata().unwrap().uid() == 0;
    if is_root && project.0.backend == Backend::Sqlite {
        let script = r#"exec setpriv --bounding-set -dac_override,-dac_read_search "$0" "$@""#;
        command = in_shell(&["sh"], script, &command);
    }
    command.output().unwrap()
}
