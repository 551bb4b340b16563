//! Walks through rows that the application is writing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::{EncryptedText, Keyring};

use super::behaviour::maintenance::walk;
use super::behaviour::{key, samples};
use super::{Backend, Shared, faults};

const ROWS: i32 = 60;
const WRITERS: i32 = 3;
const WRITES: i32 = 500;

/// A keyring with both keys, encryption key `n` primary.
fn under(n: u8) -> Keyring {
    Keyring::new(key(n)).with_retired(key(3 - n)).unwrap()
}

fn column() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<samples::text, EncryptedText>()
}

#[test]
fn no_update_is_lost_while_keys_are_rotated() {
    rotate_while_the_application_writes(&Shared::new());
}

/// A trigger that might change what is written.
#[test]
fn no_update_is_lost_where_every_write_is_read_back() {
    let shared = Shared::new();
    shared.connect().batch_execute(faults::HARMLESS).unwrap();
    rotate_while_the_application_writes(&shared);
}

/// Each row has its own writer, still under the old key, so it is rotated again and again. At the end each row
/// holds the last value that its writer wrote.
fn rotate_while_the_application_writes(shared: &Shared) {
    under(1).scope(|| {
        let rows: Vec<_> = (0..ROWS)
            .map(|id| (samples::id.eq(id), samples::text.eq(EncryptedText::from("first"))))
            .collect();
        diesel::insert_into(samples::table).values(rows).execute(&mut shared.connect()).unwrap();
    });

    let writing = AtomicBool::new(true);
    let writing = &writing;
    let wrote = thread::scope(|threads| {
        let rotators: Vec<_> = (0..2)
            .map(|_| {
                threads.spawn(move || {
                    let mut connection = shared.connect();
                    let mut written = 0;
                    while writing.load(Ordering::Relaxed) {
                        under(2).scope(|| {
                            let walked = walk(&mut connection, column().rotate().batch_size(100));
                            assert_eq!(walked.bad, []);
                            written += walked.written;
                        });
                    }
                    written
                })
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                threads.spawn(move || {
                    let mut connection = shared.connect();
                    let mut last = vec![String::from("first"); ROWS as usize];
                    for n in 0..WRITES {
                        // Its own rows, in an order unlike that of the walks.
                        let row = writer + WRITERS * (n * 7 % (ROWS / WRITERS));
                        let text = format!("{writer} wrote {n}");
                        under(1).scope(|| {
                            let found = samples::table.find(row).select(samples::text).first(&mut connection);
                            assert_eq!(found, Ok(Some(last[row as usize].clone())), "an update was lost");
                            let updated = diesel::update(samples::table.find(row))
                                .set(samples::text.eq(EncryptedText::from(&*text)))
                                .execute(&mut connection);
                            assert_eq!(updated, Ok(1));
                        });
                        last[row as usize] = text;
                    }
                    last
                })
            })
            .collect();
        let wrote: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        writing.store(false, Ordering::Relaxed);
        let rotated: usize = rotators.into_iter().map(|rotator| rotator.join().unwrap()).sum();
        assert!(rotated > 0, "nothing was rotated meanwhile");
        wrote.into_iter().map(Result::unwrap).collect::<Vec<_>>()
    });

    let mut connection = shared.connect();
    under(2).scope(|| {
        let walked = walk(&mut connection, column().rotate().batch_size(7));
        assert_eq!((walked.missed, walked.bad), (0, vec![]));
        assert_eq!(walk(&mut connection, column().rotate().batch_size(7)).read, 0);
    });
    let last: Vec<_> = (0..ROWS as usize).map(|row| wrote[row % WRITERS as usize][row].clone()).collect();
    Keyring::new(key(2)).scope(|| {
        let read =
            samples::table.select(samples::text).order(samples::id).load::<Option<String>>(&mut connection);
        assert_eq!(read.unwrap().into_iter().flatten().collect::<Vec<_>>(), last);
    });
}
