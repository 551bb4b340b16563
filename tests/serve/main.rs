//! Reads and writes people in the SQLite database of its argument on four threads, until SIGTERM. SIGHUP reloads the
//! keys, and SIGUSR1 does as well, and lets those be missing that it began with. Prints a line for each of these, and what it has done.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a program for tests")]

use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedExpressionMethods, Keyring, Reload};
use signal_hook::consts::{SIGHUP, SIGTERM, SIGUSR1};
use signal_hook::iterator::Signals;

#[allow(dead_code)]
#[path = "../load/people.rs"]
mod people;
use people::{Person, email, people as table};

const THREADS: i32 = 4;
const ROWS: i32 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let database = std::env::args().nth(1).ok_or("which database?")?;
    // Before the first line, after which a test may send one.
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGUSR1])?;
    let keys = Keyring::from_env()?.require_index_key()?;
    let first = [keys.primary_id()].into_iter().chain(keys.index_key_ids().next()).collect::<Vec<_>>();
    keys.install()?;
    create(&database)?;

    let (over, requests) = (AtomicBool::new(false), AtomicU64::new(0));
    let serve = |thread| serve(&database, thread, &over, &requests);
    thread::scope(|scope| {
        let serve = &serve;
        let serving: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || serve(thread))).collect();
        println!("serving");
        for signal in signals.forever() {
            match signal {
                SIGHUP => report(encrypted_diesel::reload()),
                SIGUSR1 => report(first.iter().fold(Reload::new(), |reload, id| reload.dropping(*id)).run()),
                _ => break,
            }
        }
        over.store(true, Ordering::Relaxed);
        serving.into_iter().for_each(|thread| thread.join().expect("no error and no wrong value"));
    });
    println!("served {} requests", requests.load(Ordering::Relaxed));
    Ok(())
}

fn report(reloaded: Result<(), encrypted_diesel::Error>) {
    match reloaded {
        Ok(()) => println!("reloaded"),
        Err(error) => println!("kept: {error}"),
    }
}

fn create(database: &str) -> Result<(), Box<dyn Error>> {
    let mut connection = SqliteConnection::establish(database)?;
    connection.batch_execute(
        "PRAGMA journal_mode = WAL;
        CREATE TABLE people (
            id INTEGER PRIMARY KEY NOT NULL,
            note TEXT NOT NULL,
            email TEXT NOT NULL,
            email_index BLOB NOT NULL UNIQUE
        )",
    )?;
    let people: Vec<_> = (0..THREADS * ROWS).map(|id| Person::new(id, 0)).collect();
    diesel::insert_into(table::table).values(people).execute(&mut connection)?;
    Ok(())
}

/// Writes and finds the rows of one thread. Panics at the first error or wrong value.
fn serve(database: &str, thread: i32, over: &AtomicBool, requests: &AtomicU64) {
    let connection = &mut SqliteConnection::establish(database).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF").unwrap();
    for writes in 1.. {
        for row in 0..ROWS {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let id = row * THREADS + thread;
            let update = diesel::update(table::table.find(id)).set(Person::new(id, writes));
            assert_eq!(update.execute(connection), Ok(1));
            let found =
                table::table.filter(table::email_index.matches(email(id))).select(Person::as_select());
            let found: Person = found.first(connection).unwrap();
            assert_eq!((found.id, found.writes()), (id, writes));
            requests.fetch_add(2, Ordering::Relaxed);
        }
    }
}
