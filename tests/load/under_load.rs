//! The test on one backend, which is `super`.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use diesel::prelude::*;
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, Walk};

use super::threads::{self, Pool};
use super::{Database, NAME, SyncConnection};
use crate::load::{EndIfFailed, Load};
use crate::people::{EmailColumns, Note, PEOPLE, Person, people};
use crate::worker::{WORKERS, Worker};

const BATCH: usize = 100;

#[test]
fn no_error_no_wrong_value_and_flat_memory_under_load() {
    let database = Database::new();
    let pool = threads::pool(database.url());
    let load = Arc::new(Load::new());
    let before: Vec<_> = (0..PEOPLE).map(|id| Person::new(id, 0)).collect();
    load.keys.now().scope(|| {
        for people in before.chunks(500) {
            diesel::insert_into(people::table).values(people).execute(&mut pool.get().unwrap()).unwrap();
        }
    });

    let (memory, workers) = thread::scope(|scope| {
        let rotation = scope.spawn(|| rotate(&load, &mut pool.get().unwrap()));
        let groups = [
            scope.spawn(|| threads::work(&load, &pool)),
            #[cfg(feature = "all-backends")]
            scope.spawn(|| super::tasks::work(&load, database.url())),
        ];
        let memory = load.watch();
        rotation.join().unwrap();
        let workers: Vec<_> = groups.into_iter().flat_map(|group| group.join().unwrap()).collect();
        (memory, workers)
    });
    let report = load.report(NAME, &memory);
    println!("{report}");
    assert!(memory.is_flat() && load.keys.rounds() > 0, "{report}");
    load.keys.now().scope(|| last_is_there(&pool, workers));
}

fn last_is_there(pool: &Pool, workers: Vec<Worker>) {
    let mut last: Vec<_> = (0..PEOPLE).map(|id| Person::new(id, 0)).collect();
    for Worker { number, wrote, .. } in workers {
        for (id, writes) in (number..PEOPLE).step_by(WORKERS as usize).zip(wrote) {
            last[id as usize] = Person::new(id, writes);
        }
    }
    let people = people::table.order(people::id).select(Person::as_select());
    let people = people.load(&mut pool.get().unwrap()).unwrap();
    assert!(people == last, "a write was lost");
}

/// Rotates keys round after round, as an operator does.
fn rotate(load: &Load, connection: &mut SyncConnection) {
    let _guard = EndIfFailed(load);
    let notes = EncryptedColumn::new::<people::note, Note>();
    let emails = EncryptedColumn::new::<people::email, EmailColumns>();
    let indexes = BlindIndexes::new::<EmailColumns>();
    while !load.is_over() {
        load.keys.rotate(|new| {
            loop {
                let mut written = walk(connection, notes.rotate().batch_size(BATCH));
                written += walk(connection, emails.rotate().batch_size(BATCH));
                written += walk(connection, indexes.reindex().batch_size(BATCH));
                load.rotated.add(written);
                let status = [notes.status(connection).unwrap(), emails.status(connection).unwrap()];
                if written == 0 && status.iter().all(|status| status.is_only_under(new)) {
                    break;
                }
            }
        });
        thread::sleep(Duration::from_millis(200));
    }
}

/// Runs a whole walk, and returns how many rows it has written.
fn walk(connection: &mut SyncConnection, walk: Walk<<SyncConnection as Connection>::Backend>) -> u64 {
    let walked = walk.run(connection, |batch| assert_eq!(batch.bad, [])).unwrap();
    walked.written
}
