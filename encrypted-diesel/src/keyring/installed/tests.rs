#![allow(clippy::unwrap_used)]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use super::*;
use crate::keyring::reload;
use crate::keyring::tests::key;

/// The id of the key that would encrypt now.
fn current() -> Result<KeyId, Error> {
    with_current(|ring| Ok(ring.primary_id()))
}

/// Counts one plaintext value that was read with the current keyring.
fn count_plaintext() {
    let counted = with_current(|ring| {
        ring.count_plaintext("String");
        Ok(())
    });
    counted.unwrap();
}

/// All of it in one test: a process has one keyring.
#[test]
fn the_first_keyring_installed_stays() {
    let reads = || with_current(|ring| Ok(ring.plaintext_reads())).unwrap();

    assert!(matches!(current(), Err(Error::NotInitialized)));
    Keyring::new(key(1)).scope(|| assert_eq!(current().unwrap(), key(1).id()));
    assert!(matches!(current(), Err(Error::NotInitialized)));

    Keyring::new(key(0xEE)).install().unwrap();
    assert_eq!(current().unwrap(), key(0xEE).id());
    thread::spawn(|| assert_eq!(current().unwrap(), key(0xEE).id())).join().unwrap();

    let other_keys = Keyring::new(key(1)).install();
    assert!(matches!(other_keys, Err(Error::AlreadyInitialized)));
    let another_policy = Keyring::new(key(0xEE)).with_plaintext_in(["users.email"]).install();
    assert!(matches!(another_policy, Err(Error::AlreadyInitialized)));
    assert_eq!(current().unwrap(), key(0xEE).id());

    count_plaintext();
    Keyring::new(key(0xEE)).install().unwrap();
    assert_eq!(reads(), 1);

    Keyring::new(key(1)).scope(|| assert_eq!(current().unwrap(), key(1).id()));
    assert_eq!(current().unwrap(), key(0xEE).id());

    // Another takes its place, unless a key would be lost.
    let lost = Keyring::new(key(0xED)).replace(&[]);
    assert_eq!(lost, Err(Error::KeyDropped { ids: vec![key(0xEE).id()] }));
    assert_eq!(current().unwrap(), key(0xEE).id());
    let ring = Keyring::new(key(0xED)).with_retired(key(0xEE)).unwrap().with_index_key(key(0xA1)).unwrap();
    with_current(|old| {
        ring.replace(&[])?;
        assert_eq!(old.primary_id(), key(0xEE).id(), "what has begun keeps its keyring");
        Ok(())
    })
    .unwrap();
    assert_eq!(current().unwrap(), key(0xED).id());

    let lost = Keyring::new(key(0xED)).replace(&[key(0xEE).id()]);
    assert_eq!(lost, Err(Error::KeyDropped { ids: vec![key(0xA1).id()] }));
    Keyring::new(key(0xED)).replace(&[key(0xEE).id(), key(0xA1).id()]).unwrap();
    assert_eq!(current().unwrap(), key(0xED).id());

    assert_eq!(reload(), Err(Error::NotReloadable));
}

#[test]
fn scopes_nest_and_return_what_their_work_returns() {
    let (outer, inner) = (Keyring::new(key(1)), Keyring::new(key(2)));
    let answer = outer.scope(|| {
        assert_eq!(current().unwrap(), key(1).id());
        let answer = inner.scope(|| {
            assert_eq!(current().unwrap(), key(2).id());
            42
        });
        assert_eq!(current().unwrap(), key(1).id());
        answer
    });
    assert_eq!(answer, 42);
}

#[test]
fn a_scope_ends_when_its_work_panics() {
    let (outer, inner) = (Keyring::new(key(1)), Keyring::new(key(2)));
    outer.scope(|| {
        let panicked = catch_unwind(AssertUnwindSafe(|| inner.scope(|| resume_unwind(Box::new(())))));
        assert!(panicked.is_err());
        assert_eq!(current().unwrap(), key(1).id());
    });
}

#[test]
fn a_scope_may_be_opened_by_work_that_uses_the_keyring() {
    let (outer, inner) = (Keyring::new(key(1)), Keyring::new(key(2)));
    let id = outer.scope(|| with_current(|_| inner.scope(current)));
    assert_eq!(id.unwrap(), key(2).id());
}

#[test]
fn a_scope_is_its_threads_own() {
    Keyring::new(key(1)).scope(|| {
        let elsewhere = thread::spawn(|| current().ok()).join().unwrap();
        assert_ne!(elsewhere, Some(key(1).id()));
    });
}

#[test]
fn plaintext_read_in_a_scope_is_counted_by_its_keyring() {
    let ring = Keyring::new(key(1));
    ring.scope(count_plaintext);
    assert_eq!(ring.plaintext_reads(), 1);
}
