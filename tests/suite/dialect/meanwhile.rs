//! Rows that somebody else has, or changes between reading and writing.

use std::time::{Duration, Instant};
use std::{sync, thread};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::{EncryptedText, Error, Keyring};

use super::behaviour::{key, raw_samples, samples};
use super::{Backend, Database, Shared};
use crate::slow::{Slow, meanwhile};

fn text_column() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<samples::text, EncryptedText>()
}

fn slow_column() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<samples::text, Slow>()
}

fn insert_plaintext(connection: &mut Database, rows: i32) {
    let rows: Vec<_> = (1..=rows).map(|id| (raw_samples::id.eq(id), raw_samples::text.eq("first"))).collect();
    diesel::insert_into(raw_samples::table).values(rows).execute(connection).unwrap();
}

fn set_text(connection: &mut Database, id: i32, text: &str) {
    diesel::update(raw_samples::table.find(id)).set(raw_samples::text.eq(text)).execute(connection).unwrap();
}

fn texts(connection: &mut Database) -> Vec<Option<String>> {
    samples::table.select(samples::text).order(samples::id).load(connection).unwrap()
}

#[test]
fn a_missed_row_is_visited_again() {
    let shared = Shared::new();
    let (mut connection, mut other) = (shared.connect(), shared.connect());
    insert_plaintext(&mut connection, 3);
    let mut changed = false;
    meanwhile(move || {
        if !changed {
            set_text(&mut other, 2, "second");
            changed = true;
        }
    });
    Keyring::new(key(1)).scope(|| {
        let mut batches = Vec::new();
        let walked = slow_column()
            .encrypt()
            .run(&mut connection, |batch| {
                batches.push((batch.pass, batch.read, batch.written, batch.missed));
            })
            .unwrap();
        assert_eq!(batches, [(0, 3, 2, 1), (1, 1, 1, 0)]);
        assert_eq!((walked.read, walked.written, walked.missed), (1, 3, 0));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(texts(&mut connection), [text("first"), text("second"), text("first")]);
    });
}

#[test]
fn a_row_that_is_always_missed_ends_after_ten_passes() {
    let shared = Shared::new();
    let (mut connection, mut other) = (shared.connect(), shared.connect());
    insert_plaintext(&mut connection, 1);
    let mut count = 0;
    meanwhile(move || {
        count += 1;
        set_text(&mut other, 1, &format!("text {count}"));
    });
    Keyring::new(key(1)).scope(|| {
        let mut passes = 0;
        let walked = slow_column().encrypt().run(&mut connection, |batch| passes = batch.pass + 1).unwrap();
        assert_eq!((walked.written, walked.read, walked.missed, passes), (0, 1, 1, 10));
    });
}

#[test]
fn several_connections_share_one_walk() {
    let shared = Shared::new();
    let mut connections = [shared.connect(), shared.connect(), shared.connect()];
    insert_plaintext(&mut connections[0], 100);
    // No keyring is installed, so the workers have that of the scope.
    Keyring::new(key(1)).scope(|| {
        let column = text_column();
        let (mut batches, mut written) = (0, 0);
        let walked = column
            .encrypt()
            .batch_size(7)
            .run_on(&mut connections, |batch| {
                batches += 1;
                written += batch.written as u64;
            })
            .unwrap();
        assert_eq!((walked.written, walked.missed, walked.left, written), (100, 0, 0, 100));
        assert!(batches >= 100 / 7, "{batches}");
        assert_eq!(texts(&mut connections[1]), vec![Some("first".to_owned()); 100]);
    });
    let error = slow_column().verify().run_on(&mut connections, |_| {}).unwrap_err();
    assert_eq!(Error::from_diesel(&error), Some(&Error::NotInitialized));
}

/// Each on its own, as two processes would.
#[test]
fn two_walks_share_a_table() {
    const ROWS: i32 = 400;

    let shared = Shared::new();
    insert_plaintext(&mut shared.connect(), ROWS);
    let begin = sync::Barrier::new(2);
    let walk = || {
        let mut connection = shared.connect();
        begin.wait();
        let mut missed = 0;
        let encrypt = text_column().encrypt().batch_size(10);
        let walked = Keyring::new(key(1))
            .scope(|| {
                // Later passes come back to rows that the other one had, and then wait for it.
                encrypt.share().run(&mut connection, |batch| {
                    missed += if batch.pass == 0 { batch.missed } else { 0 };
                })
            })
            .unwrap();
        (walked.written, missed)
    };
    let ((one, one_missed), (other, other_missed)) = thread::scope(|threads| {
        let other = threads.spawn(walk);
        (walk(), other.join().unwrap())
    });
    assert_eq!(one + other, u64::try_from(ROWS).unwrap());
    // SQLite locks no rows, so that there each may find some done by the other.
    if super::LOCKS_ROWS {
        assert_eq!((one_missed, other_missed), (0, 0));
    }
}

/// A row that somebody else has locked does not stop a walk that shares.
#[test]
fn a_locked_row_is_skipped_and_visited_at_the_end() {
    let shared = Shared::new();
    let (mut connection, mut other) = (shared.connect(), shared.connect());
    insert_plaintext(&mut connection, 5);
    let (mut batches, mut is_locked) = (Vec::new(), super::LOCKS_ROWS);
    if is_locked {
        AnsiTransactionManager::begin_transaction(&mut other).unwrap();
        set_text(&mut other, 2, "second");
    }
    let walked = Keyring::new(key(1)).scope(|| {
        let column = text_column();
        column.encrypt().share().run(&mut connection, |batch| {
            batches.push((batch.pass, batch.read, batch.written, batch.missed));
            if std::mem::take(&mut is_locked) {
                AnsiTransactionManager::commit_transaction(&mut other).unwrap();
            }
        })
    });
    let expected: &[_] = if super::LOCKS_ROWS { &[(0, 4, 4, 0), (1, 1, 1, 0)] } else { &[(0, 5, 5, 0)] };
    assert_eq!(batches, expected);
    assert_eq!(walked.unwrap().written, 5);
}

/// Encrypts a row while another transaction writes it, and the database ends ours for that.
fn encrypt_against_another(
    encrypt: impl FnOnce(&mut Database) -> QueryResult<u64>,
) -> (QueryResult<u64>, Option<String>) {
    let shared = Shared::new();
    let mut connection = shared.connect();
    insert_plaintext(&mut connection, 1);
    let mut other = shared.connect();
    connection.batch_execute(super::IMPATIENT).unwrap();
    let began = sync::Barrier::new(2);
    thread::scope(|threads| {
        threads.spawn(|| {
            AnsiTransactionManager::begin_transaction(&mut other).unwrap();
            set_text(&mut other, 1, "second");
            began.wait();
            thread::sleep(Duration::from_millis(1_400));
            AnsiTransactionManager::commit_transaction(&mut other).unwrap();
        });
        began.wait();
        let encrypted = Keyring::new(key(1)).scope(|| encrypt(&mut connection));
        let stored = Keyring::new(key(1)).with_plaintext_in([Keyring::NO_CONTEXT]);
        let stored = stored.scope(|| texts(&mut shared.connect()).remove(0));
        (encrypted, stored)
    })
}

#[test]
fn a_batch_is_started_again_when_the_database_has_ended_it() {
    let (written, text) =
        encrypt_against_another(|connection| Ok(text_column().encrypt().run(connection, |_| {})?.written));
    assert_eq!((written, text), (Ok(1), Some("second".to_owned())));
}

/// A retried batch may end before the row at which the next one begins. Another pass visits the rows in between.
#[test]
fn rows_that_appear_before_a_retry_push_none_out_of_the_walk() {
    let shared = Shared::new();
    let (mut connection, mut other) = (shared.connect(), shared.connect());
    let insert = |connection: &mut Database, ids: &[i32]| {
        let rows: Vec<_> =
            ids.iter().map(|id| (raw_samples::id.eq(id), raw_samples::text.eq("first"))).collect();
        diesel::insert_into(raw_samples::table).values(rows).execute(connection).unwrap();
    };
    insert(&mut connection, &[10, 20, 30, 40]);
    connection.batch_execute(super::IMPATIENT).unwrap();
    let began = sync::Barrier::new(2);
    thread::scope(|threads| {
        threads.spawn(|| {
            AnsiTransactionManager::begin_transaction(&mut other).unwrap();
            set_text(&mut other, 10, "second");
            insert(&mut other, &[11, 12]);
            began.wait();
            thread::sleep(Duration::from_millis(1_400));
            AnsiTransactionManager::commit_transaction(&mut other).unwrap();
        });
        began.wait();
        Keyring::new(key(1)).scope(|| {
            let walked = text_column().encrypt().batch_size(2).run(&mut connection, |_| {}).unwrap();
            assert_eq!((walked.written, walked.missed), (6, 0));
            // Reading is strict: plaintext would be an error.
            assert_eq!(texts(&mut connection).len(), 6);
        });
    });
}

#[test]
fn a_walk_that_is_to_stop_retries_nothing() {
    let begin = Instant::now();
    let (written, _) = encrypt_against_another(|connection| {
        let walk = text_column().encrypt().stop_when(move || begin.elapsed() > Duration::from_millis(300));
        let walked = walk.run(connection, |_| {})?;
        assert!(walked.stopped);
        Ok(walked.written)
    });
    assert_eq!(written, Ok(0));
}

#[test]
fn workers_do_not_wait_for_their_turn_once_all_rows_are_read() {
    let shared = Shared::new();
    let mut connections = [shared.connect(), shared.connect(), shared.connect(), shared.connect()];
    insert_plaintext(&mut connections[0], 1);
    Keyring::new(key(1)).scope(|| {
        let begin = Instant::now();
        text_column().encrypt().rate(1).run_on(&mut connections, |_| {}).unwrap();
        assert!(begin.elapsed() < Duration::from_millis(2_500), "{:?}", begin.elapsed());
    });
}

#[test]
fn a_walk_without_a_connection_is_an_error() {
    let mut connections: [super::Database; 0] = [];
    Keyring::new(key(1)).scope(|| assert!(text_column().encrypt().run_on(&mut connections, |_| {}).is_err()));
}

/// All workers stop, and the caller is told why.
#[test]
fn a_callback_that_panics_ends_the_walk() {
    let shared = Shared::new();
    let mut connections = [shared.connect(), shared.connect()];
    insert_plaintext(&mut connections[0], 200);
    let mut calls = 0;
    let walk = std::panic::AssertUnwindSafe(|| {
        text_column().encrypt().batch_size(1).run_on(&mut connections, |_| {
            calls += 1;
            panic!("enough");
        })
    });
    let panic = Keyring::new(key(1)).scope(|| std::panic::catch_unwind(walk)).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"enough"));
    assert!(calls <= 2, "{calls}");
}

/// On MySQL, a lock timeout is an error like any other, and the row is passed over as one that others are working on.
#[test]
fn without_retries_it_is_an_error_or_a_missed_row() {
    let (missed, _) = encrypt_against_another(|connection| {
        let batch = text_column().encrypt().retries(0).batch(connection, None)?;
        assert_eq!((batch.written, &batch.bad[..]), (0, &[][..]));
        Ok(u64::try_from(batch.missed).unwrap())
    });
    assert!(matches!(missed, Ok(1) | Err(diesel::result::Error::DatabaseError(..))), "{missed:?}");
}

/// A transaction of the caller's is lost as a whole, so there is nothing to start again.
#[test]
fn in_a_transaction_of_the_callers_nothing_is_retried() {
    let (missed, _) = encrypt_against_another(|connection| {
        let batch = connection.transaction(|connection| text_column().encrypt().batch(connection, None))?;
        assert_eq!(batch.written, 0);
        Ok(u64::try_from(batch.missed).unwrap())
    });
    assert!(matches!(missed, Ok(1) | Err(diesel::result::Error::DatabaseError(..))), "{missed:?}");
}
