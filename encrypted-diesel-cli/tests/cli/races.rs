//! The application writes the rows that the tool is working on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::database::Backend;
use crate::project::{Project, SOON, key, keyring, output_within, text, wait_until};

const ROWS: u32 = 90;
const WRITERS: u32 = 3;
const WRITES: u32 = 2_000;

on_each_backend!(
    no_update_is_lost_while_two_processes_rotate,
    rows_that_others_hold_are_waited_for,
    a_batch_that_loses_a_deadlock_is_retried,
    the_work_is_shared,
);

/// The application still writes under the old key, so rows need rotation again and again.
fn no_update_is_lost_while_two_processes_rotate(backend: Backend) {
    let project = &Project::new(backend, ROWS);
    project.run("encrypt", &[1], 0);
    let rotate = ["rotate --jobs 3 --batch 20 --json", "rotate --jobs 3 --batch 20 --json --share"];

    let writing = AtomicBool::new(true);
    let mut last: Vec<_> = (1..=ROWS).map(text).collect();
    let rotated: u64 = thread::scope(|threads| {
        let rotators: Vec<_> = rotate
            .into_iter()
            .map(|rotate| {
                threads.spawn(|| {
                    let mut rotated = 0;
                    while writing.load(Ordering::Relaxed) {
                        let output = project.command(rotate, &[2, 1]).output().unwrap();
                        // Rows that the writers change every time are left for the next run.
                        assert!(matches!(output.status.code(), Some(0 | 3)), "{output:?}");
                        assert!(output.stderr.is_empty(), "{output:?}");
                        rotated += written(&output.stdout);
                    }
                    rotated
                })
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                threads.spawn(move || {
                    let mut connection = project.0.connect();
                    let mut wrote = Vec::new();
                    keyring(&[1, 2]).scope(|| {
                        for n in 0..WRITES {
                            // Each writer has its own rows, in random order.
                            let row = writer + WRITERS * (random() % (ROWS / WRITERS));
                            let text = format!("{writer} wrote {n}");
                            project.write(&mut connection, row as i32 + 1, &text);
                            wrote.push((row as usize, text));
                        }
                    });
                    wrote
                })
            })
            .collect();
        let wrote: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        writing.store(false, Ordering::Relaxed);
        for (row, text) in wrote.into_iter().flat_map(Result::unwrap) {
            last[row] = text;
        }
        rotators.into_iter().map(|rotator| rotator.join().unwrap()).sum()
    });
    assert!(rotated > u64::from(ROWS), "rows were not rotated while they were written: {rotated}");

    project.run("rotate --json", &[2, 1], 0);
    project.run(&format!("status --assert-encrypted --assert-only-key {}", key(2).id()), &[2], 0);
    assert_eq!(project.texts(&keyring(&[2])), last);
}

/// All other rows come first.
fn rows_that_others_hold_are_waited_for(backend: Backend) {
    let project = Project::new(backend, ROWS);
    let mut other = project.0.connect();
    other.execute(if backend == Backend::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" });
    other.execute("UPDATE people SET text = 'theirs' WHERE id IN (1, 90)");

    let child = project.spawn("encrypt --batch 10 --share", &[1]);
    // SQLite locks the whole database.
    if backend != Backend::Sqlite {
        wait_until(SOON, || project.encrypted() == u64::from(ROWS) - 2);
    }
    thread::sleep(Duration::from_millis(500));
    other.execute("COMMIT");
    let output = output_within(SOON, child);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(project.encrypted(), u64::from(ROWS));
    let texts = project.texts(&keyring(&[1]));
    assert_eq!([&*texts[0], &*texts[1], &*texts[89]], ["theirs", "text 2", "theirs"]);
    project.run("verify", &[1], 0);
}

/// The tool has locked row 5 and waits for row 90. Another transaction has locked row 90 and waits for row 5.
fn a_batch_that_loses_a_deadlock_is_retried(backend: Backend) {
    if backend == Backend::Sqlite {
        return;
    }
    let project = Project::new(backend, ROWS);
    project.0.execute("CREATE TABLE others AS SELECT * FROM people");
    let (mut first, mut second) = (project.0.connect(), project.0.connect());
    first.execute("BEGIN");
    first.execute("UPDATE people SET text = text WHERE id = 5");
    second.execute("BEGIN");
    // MySQL ends the transaction that has written least, PostgreSQL the one that has waited longest.
    second.execute("UPDATE others SET text = 'written'");
    second.execute("UPDATE people SET text = 'theirs' WHERE id = 90");

    let child = project.spawn("encrypt --batch 20 --share", &[1]);
    wait_until(SOON, || project.encrypted() == u64::from(ROWS) - 2);
    thread::sleep(Duration::from_millis(300));
    first.execute("COMMIT");
    thread::sleep(Duration::from_millis(300));
    second.execute("UPDATE people SET text = 'theirs' WHERE id = 5");
    second.execute("COMMIT");
    let output = output_within(SOON, child);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(project.encrypted(), u64::from(ROWS));
    let texts = project.texts(&keyring(&[1]));
    assert_eq!([&*texts[4], &*texts[5], &*texts[89]], ["theirs", "text 6", "theirs"]);
}

/// Two processes write each row once, and each writes some.
fn the_work_is_shared(backend: Backend) {
    // SQLite has one writer at a time, so the second process may find nothing left to do.
    if backend == Backend::Sqlite {
        return;
    }
    const ROWS: u32 = 5_000;
    let project = Project::new(backend, ROWS);
    for (command, keys) in [("encrypt", &[1][..]), ("rotate", &[2, 1]), ("reindex", &[2])] {
        if command == "reindex" {
            project.0.execute("UPDATE people SET text_index = NULL");
        }
        let words = format!("{command} --json --batch 20 --share");
        let children = [project.spawn(&words, keys), project.spawn(&words, keys)];
        let shares = children.map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            written(&output.stdout)
        });
        assert_eq!(shares.iter().sum::<u64>(), u64::from(ROWS), "{command}");
        assert!(shares.iter().all(|share| *share > 0), "{command}: {shares:?}");
    }
    project.run("verify", &[2], 0);
    assert!(project.texts(&keyring(&[2])).into_iter().eq((1..=ROWS).map(text)));
}

/// How many rows a command reports as written.
fn written(json: &[u8]) -> u64 {
    let json: serde_json::Value = serde_json::from_slice(json).unwrap();
    json["walks"].as_array().unwrap().iter().map(|walk| walk["written"].as_u64().unwrap()).sum()
}

/// A random number.
pub(crate) fn random() -> u32 {
    use std::hash::{BuildHasher, Hasher, RandomState};

    RandomState::new().build_hasher().finish() as u32
}
