#![allow(clippy::unwrap_used)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::*;
use crate::error::ServiceError;
use crate::key_service::{KeyService, KeyUri, register};

/// Answers as its location says, and counts how often each location was asked.
struct Told;

static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl KeyService for Told {
    fn wrap(&self, _: &Key, _: &KeyUri, _: &Call) -> Result<KeyUri, ServiceError> {
        unreachable!("no test wraps")
    }

    fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError> {
        ASKED.lock().unwrap().push(entry.location().to_owned());
        let reason = String::new;
        match entry.location().split('/').next().unwrap() {
            "key" => Ok(key()),
            "other" => Ok(Key::from([8; 32])),
            "unreachable" => Err(ServiceError::Unreachable { reason: reason() }),
            "busy" => Err(ServiceError::Busy { reason: reason() }),
            "denied" => Err(ServiceError::Denied { reason: reason() }),
            "rejected" => Err(ServiceError::Rejected { reason: reason() }),
            "hangs" => {
                thread::sleep(call.time_left() + Duration::from_secs(60));
                Ok(key())
            }
            "panics" => panic!("told to"),
            "once-busy" => match COUNT.fetch_add(1, Ordering::Relaxed) {
                0 => Err(ServiceError::Busy { reason: reason() }),
                _ => Ok(key()),
            },
            told => unreachable!("{told}"),
        }
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn key() -> Key {
    Key::from([7; 32])
}

/// The entry of [`key`]; `test` tells apart how often each test asked.
fn told(what: &str, test: &str) -> String {
    format!("told://{what}/{test}?check={}", key().fingerprint())
}

fn asked(what: &str, test: &str) -> usize {
    ASKED.lock().unwrap().iter().filter(|asked| **asked == format!("{what}/{test}")).count()
}

fn read(list: &str, patience: Duration) -> Result<Vec<Key>, KeyError> {
    let _ = register("told", Told);
    let deadline = Instant::now() + patience;
    Keys::ask(list, Purpose::Encryption, deadline)?.wait(deadline)
}

fn problem(list: &str, patience: Duration) -> UnwrapError {
    match read(list, patience) {
        Err(KeyError::Unwrap { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

const LONG: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(600);

#[test]
fn keys_come_in_the_order_of_the_list() {
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let keys = read(&format!("{hex},{}", told("key", "order")), LONG).unwrap();
    assert_eq!(keys, [Key::from_hex(hex).unwrap(), key()]);
    assert_eq!(asked("key", "order"), 1);
}

#[test]
fn another_key_than_that_of_the_fingerprint_is_not_used() {
    assert_eq!(problem(&told("other", "check"), LONG), UnwrapError::OtherKey);
}

#[test]
fn a_service_that_is_busy_for_a_moment_is_asked_again() {
    assert_eq!(read(&told("once-busy", "again"), LONG).unwrap(), [key()]);
    assert_eq!(asked("once-busy", "again"), 2);
}

#[test]
fn a_service_is_asked_three_times_and_only_while_that_may_help() {
    for (what, times) in [("busy", 3), ("unreachable", 3), ("denied", 1), ("rejected", 1), ("panics", 1)] {
        let _ = problem(&told(what, "times"), LONG);
        assert_eq!(asked(what, "times"), times, "{what}");
    }
}

#[test]
fn a_service_that_hangs_is_left_at_the_deadline() {
    let start = Instant::now();
    let list = [told("hangs", "a"), told("hangs", "b"), told("hangs", "c")].join(",");
    assert_eq!(problem(&list, SHORT), UnwrapError::NoAnswer);
    assert!(start.elapsed() < SHORT * 2, "{:?}", start.elapsed());
}

#[test]
fn a_bar_helps_only_where_no_answer_arrives() {
    for what in ["unreachable", "hangs"] {
        let list = format!("{}|{}", told(what, "bar"), told("key", what));
        let patience = if what == "hangs" { SHORT } else { LONG };
        assert_eq!(read(&list, patience).unwrap(), [key()], "{what}");
    }
    for what in ["busy", "denied", "rejected", "other"] {
        let list = format!("{}|{}", told(what, "bar"), told("key", what));
        let _ = problem(&list, LONG);
        assert_eq!(asked("key", what), 0, "{what}");
    }
}

#[test]
fn the_error_names_the_entry_and_its_service() {
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let error = read(&format!("{hex},{}", told("denied", "name")), LONG).unwrap_err();
    assert!(error.to_string().starts_with("key 2 (told): the service denies access ("), "{error}");
    let check = key().fingerprint();
    let error = read(&format!("nobody://a?check={check}"), LONG).unwrap_err();
    assert!(error.to_string().contains("key 1 (nobody): this is not `aws-kms`"), "{error}");
}

#[test]
fn a_service_that_was_not_compiled_says_its_feature() {
    let check = key().fingerprint();
    let error = read(&format!("vault-kv://a/b?check={check}"), LONG).unwrap_err();
    assert!(error.to_string().contains("without the feature `vault`"), "{error}");
}
