//! PgBouncer in transaction mode, which may hand each transaction to another connection of the server.

use std::fs;
use std::process::{Child, Stdio};

use diesel::prelude::*;
use tempfile::TempDir;

use crate::database::{AnyConnection, Backend, Database, establish};
use crate::faults::own_server::{OwnServer, own_folder, unprivileged};
use crate::project::{Project, SOON, keyring, text, wait_until};

const ROWS: u32 = 2_000;

struct PgBouncer {
    folder: TempDir,
    process: Child,
}

impl PgBouncer {
    /// In front of a server.
    fn start(server: &OwnServer) -> Self {
        let folder = own_folder();
        let settings = format!(
            "[databases]\n* = host={} user=test\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {}\n\
             auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n",
            server.folder().display(),
            folder.path().display()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = unprivileged("pgbouncer", folder.path());
        let process = command.arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        Self { folder, process: process.expect("PgBouncer is installed (Debian's package pgbouncer)") }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&port=6432&user=test", self.folder.path().display())
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// As an application does it: the statement is prepared once for each connection.
fn read_prepared(connection: &mut AnyConnection) -> QueryResult<usize> {
    diesel::table! {
        people (id) {
            id -> Integer,
        }
    }
    on_connection!(connection, connection => people::table.select(people::id).filter(people::id.eq(1)).execute(connection))
}

#[test]
fn the_tool_works_in_transaction_mode() {
    let Some(server) = OwnServer::start(Backend::Postgres) else { return };
    let project = Project::of(Database::on(Backend::Postgres, &server.url()), ROWS);
    let name = project.0.url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let pooler = PgBouncer::start(&server);
    let connect = || establish(Backend::Postgres, &pooler.url(&name));
    wait_until(SOON, || connect().is_ok());

    // The control: Diesel's prepared statements collide there.
    let (mut one, mut other) = (connect().unwrap(), connect().unwrap());
    let collides = read_prepared(&mut one).and_then(|_| read_prepared(&mut other)).unwrap_err().to_string();
    assert!(collides.contains("\"__diesel_stmt_"), "{collides}");

    let run = |words: &str, keys: &[u8]| {
        let output = project.command(words, keys).env("DATABASE_URL", pooler.url(&name)).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{words}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run("status", &[1]);
    assert_eq!(run("encrypt --batch 50 --jobs 4", &[1]), format!("people.text: {ROWS} encrypted\n"));
    assert_eq!(run("rotate --batch 50 --jobs 4 --share", &[2, 1]), format!("people.text: {ROWS} rotated\n"));
    run("verify --jobs 4 --batch 100", &[2]);
    run("reindex --jobs 4 --batch 100", &[2]);
    run("draft", &[2]);
    let expected: Vec<_> = (1..=ROWS).map(text).collect();
    assert_eq!(project.texts(&keyring(&[2])), expected);

    // Nothing of the tool's stays in the server's sessions.
    let mut connection = connect().unwrap();
    let setting = |name: &str| format!("SELECT current_setting('{name}') AS shown");
    for (name, expected) in [("plan_cache_mode", "auto"), ("search_path", "\"$user\", public")] {
        assert_eq!(connection.shown(&setting(name)), [Some(expected.to_owned())]);
    }
}
