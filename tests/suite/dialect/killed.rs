//! A process that is killed during a walk.

use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedText, Keyring};
use secrecy::ExposeSecret;

use super::behaviour::{key, samples};
use super::{Shared, faults};

const ROWS: i32 = 2_000;

fn rotate(shared: &Shared) -> Child {
    let [new, old] = [2, 1].map(|n| key(n).to_hex().expose_secret().to_owned());
    Command::new(env!("CARGO_BIN_EXE_rotate"))
        .arg(shared.url())
        .env("FIELD_ENCRYPTION_KEY", format!("{new},{old}"))
        .env_remove("FIELD_ENCRYPTION_KEY_FILE")
        .spawn()
        .unwrap()
}

#[test]
fn whenever_it_is_killed_nothing_is_lost_and_nothing_is_done_twice() {
    kill_again_and_again(&Shared::new());
}

/// A trigger that might change what is written.
#[test]
fn the_same_where_every_write_is_read_back() {
    let shared = Shared::new();
    shared.connect().batch_execute(faults::HARMLESS).unwrap();
    kill_again_and_again(&shared);
}

fn kill_again_and_again(shared: &Shared) {
    let mut connection = shared.connect();
    let text = |id: i32| format!("text {id}");
    Keyring::new(key(1)).scope(|| {
        let rows: Vec<_> = (0..ROWS)
            .map(|id| (samples::id.eq(id), samples::text.eq(EncryptedText::from(&*text(id)))))
            .collect();
        diesel::insert_into(samples::table).values(rows).execute(&mut connection).unwrap();
    });

    let both = Keyring::new(key(2)).with_retired(key(1)).unwrap();
    let mut killed = 0;
    for attempt in 0..12 {
        let mut process = rotate(shared);
        thread::sleep(Duration::from_millis(10 + attempt * 7 % 40));
        killed += usize::from(process.try_wait().unwrap().is_none());
        process.kill().unwrap();
        process.wait().unwrap();
        both.scope(|| {
            let read = samples::table.select(samples::text).order(samples::id).load(&mut connection);
            let expected: Vec<_> = (0..ROWS).map(|id| Some(text(id))).collect();
            assert_eq!(read.as_ref(), Ok(&expected));
        });
    }
    assert!(killed > 0, "it was never killed during a walk");

    assert!(rotate(shared).wait().unwrap().success());
    Keyring::new(key(2)).scope(|| {
        let read =
            samples::table.select(samples::text).order(samples::id).load::<Option<String>>(&mut connection);
        assert!(read.unwrap().into_iter().eq((0..ROWS).map(|id| Some(text(id)))));
    });
}
