//! Servers that are killed, or end connections, while the tool writes.

use std::thread;
use std::time::Duration;

use super::own_server::OwnServer;
use super::stopped;
use crate::database::{AnyConnection, Backend, Database};
use crate::project::{Project, SOON, output_within, wait_until};
use crate::races::random;

/// The messages of PostgreSQL and its client library, then those of MySQL and MariaDB.
const ENDED: [&str; 6] = [
    "server closed the connection",
    "no connection to the server",
    "terminating connection",
    "server has gone away",
    "lost connection",
    "connection was killed",
];

#[test]
fn postgres_is_killed_in_the_middle_of_a_batch() {
    is_killed_in_the_middle_of_a_batch(Backend::Postgres);
}

#[test]
fn mysql_is_killed_in_the_middle_of_a_batch() {
    is_killed_in_the_middle_of_a_batch(Backend::Mysql);
}

fn is_killed_in_the_middle_of_a_batch(backend: Backend) {
    let Some(mut server) = OwnServer::start(backend) else { return };
    let project = Project::of(Database::on(backend, &server.url()), 1_000);
    for (words, keys) in
        [("encrypt --jobs 1 --batch 100", &[1][..]), ("rotate --jobs 1 --batch 100", &[2, 1])]
    {
        // The third batch waits for its last but one row, which another connection has locked.
        let mut other = project.0.connect();
        other.execute("BEGIN");
        other.execute("UPDATE people SET text = text WHERE id = 299");
        let child = project.spawn(words, keys);
        wait_until(SOON, || project.under(keys[0]) == 200);
        thread::sleep(Duration::from_millis(500));
        server.kill();
        let printed = stopped(&output_within(SOON, child), &ENDED);
        assert!(printed.starts_with("people.text: 200 "), "{words}: {printed}");

        server.start_again();
        assert_eq!(project.under(keys[0]), 200, "{words}: a batch is half-written");
        project.assert_whole(keys);
        project.assert_continues(words, keys);
    }
}

on_each_backend!(lost_connections_leave_batches_whole);

fn lost_connections_leave_batches_whole(backend: Backend) {
    if backend == Backend::Sqlite {
        return;
    }
    let project = Project::new(backend, 2_000);
    for (command, keys) in [("encrypt", &[1][..]), ("rotate", &[2, 1])] {
        let words = format!("{command} --jobs 2 --batch 20 --rate 1000");
        let mut ended = 0;
        for _ in 0..20 {
            let before = project.under(keys[0]);
            let mut child = project.spawn(&words, keys);
            wait_until(SOON, || project.under(keys[0]) > before || child.try_wait().unwrap().is_some());
            thread::sleep(Duration::from_millis(u64::from(random() % 60)));
            end_others(backend, &mut project.0.connect());
            let output = output_within(SOON, child);
            if output.status.success() {
                break;
            }
            stopped(&output, &ENDED);
            ended += 1;
            project.assert_whole(keys);
            assert_eq!(project.under(keys[0]) % 20, 0, "{command}: a batch is half-written");
        }
        assert!(ended > 2, "{command}: connections were ended {ended} times before its end");
        project.assert_continues(&words, keys);
    }
}

/// Ends all other connections to this database.
fn end_others(backend: Backend, connection: &mut AnyConnection) {
    let others = match backend {
        Backend::Postgres => {
            "SELECT CAST(pg_terminate_backend(pid) AS text) AS shown FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()"
        }
        _ => {
            "SELECT concat('KILL ', id) AS shown FROM information_schema.processlist
             WHERE db = database() AND id <> connection_id()"
        }
    };
    for kill in connection.shown(others).into_iter().flatten() {
        // It may have ended already.
        if backend == Backend::Mysql {
            let _ = connection.try_execute(&kill);
        }
    }
}
