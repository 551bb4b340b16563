//! Ctrl-C, and other signals that ask the program to end.

use std::time::Duration;

use crate::database::Backend;
use crate::project::{Project, SOON, keyring, output_within, signal, text, wait_until};

const ROWS: u32 = 300;

on_each_backend!(sigint_ends_a_walk_after_its_batch_and_the_same_command_continues, sigterm_does_the_same);

fn sigint_ends_a_walk_after_its_batch_and_the_same_command_continues(backend: Backend) {
    asked_to_end(backend, "INT", "");
}

fn sigterm_does_the_same(backend: Backend) {
    asked_to_end(backend, "TERM", " --jobs 2");
}

fn asked_to_end(backend: Backend, name: &str, more: &str) {
    let project = Project::new(backend, ROWS);
    let child = project.spawn(&format!("encrypt --rate 50 --batch 10{more}"), &[1]);
    wait_until(SOON, || project.encrypted() > 0);
    signal(&child, name);
    let output = output_within(SOON, child);
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let done = project.encrypted();
    assert!(done > 0 && done < u64::from(ROWS) && done % 10 == 0, "{done} rows");
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        stdout,
        format!("people.text: {done} encrypted\ninterrupted: run the same command to continue\n")
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        stderr,
        "finishing the current batches; press Ctrl-C again to stop at once, which is also safe\n"
    );

    let left = u64::from(ROWS) - done;
    assert_eq!(project.run("encrypt", &[1], 0), format!("people.text: {left} encrypted\n"));
    assert!(project.texts(&keyring(&[1])).into_iter().eq((1..=ROWS).map(text)));
    project.run("verify", &[1], 0);
}

/// After the first signal, the tool waits for the database, which another connection has locked.
#[test]
fn a_second_one_ends_it_at_once() {
    let project = Project::new(Backend::Sqlite, ROWS);
    let mut other = project.0.connect();
    other.execute("BEGIN IMMEDIATE");
    let mut child = project.spawn("encrypt --json", &[1]);
    std::thread::sleep(Duration::from_millis(500));
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().unwrap(), None, "it waits for its batch");
    signal(&child, "INT");
    let output = output_within(Duration::from_secs(5), child);
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    other.execute("COMMIT");
    assert_eq!(project.encrypted(), 0);
    project.run("encrypt", &[1], 0);
    assert_eq!(project.encrypted(), u64::from(ROWS));
}

/// The walk of the next column does not start.
#[test]
fn json_reports_an_interruption() {
    let project = Project::new(Backend::Sqlite, ROWS);
    let child = project.spawn("encrypt --json --rate 50 --batch 10", &[1]);
    wait_until(SOON, || project.encrypted() > 0);
    signal(&child, "INT");
    let output = output_within(SOON, child);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["interrupted"], true);
    assert_eq!(json["walks"][0]["written"], project.encrypted());
}
