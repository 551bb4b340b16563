//! After a drop, no part of a key, of keys derived from it, or of a value is left in memory.
//!
//! Each test runs its work in a separate process, which then searches all its writable memory (heap, stack and
//! statics) for any 8 consecutive bytes of each secret. That process knows the secrets only in a masked form, so
//! that it does not find its own copies.

#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

mod derived;
mod process;
mod search;
mod secret;
mod values;
mod work;

use std::path::Path;
use std::process::Command;
use std::{fs, thread};

use process::run;
use secret::Secret;

/// This process does the work and searches itself; the tests start it.
#[test]
#[ignore = "the tests start it, as a process of its own"]
fn searched() {
    process::searched();
}

#[test]
fn a_secret_in_memory_is_found() {
    run("kept_key", &[], &Secret::of_key("key", derived::random()));
    run("kept_value", &[], &[Secret::text("text")]);
}

#[test]
fn nothing_is_left_of_a_key() {
    for work in ["key_from_hex", "key_from_bytes", "key_to_hex", "key_refused"] {
        run(work, &[], &Secret::of_key("key", derived::random()));
    }
}

#[test]
fn nothing_is_left_of_keyrings() {
    let first = Secret::of_key("first", derived::random());
    let second = Secret::of_key("second", derived::random());
    for work in ["keyring_parsed", "keyring_refused", "keyring_scoped"] {
        run(work, &[], &[&first[..], &second].concat());
    }
}

#[test]
fn nothing_is_left_of_keys_from_files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let [key, index_key] = [derived::random(), derived::random()];
    let [file, index_file] = ["key", "index_key"].map(|name| folder.join(name));
    fs::write(&file, hex::encode(key)).unwrap();
    fs::write(&index_file, hex::encode(index_key) + "\n").unwrap();
    let variables = [
        ("FIELD_ENCRYPTION_KEY_FILE", file.to_str().unwrap()),
        ("FIELD_INDEX_KEY_FILE", index_file.to_str().unwrap()),
    ];
    let secrets = [Secret::of_key("key", key), Secret::of_key("index", index_key)];
    run("keyring_from_env", &variables, &secrets.concat());
}

/// A pipe does not say how long its contents are.
#[test]
fn nothing_is_left_of_keys_from_a_pipe() {
    let pipe = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pipe");
    fs::remove_file(&pipe).ok();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let keys: [_; 9] = std::array::from_fn(|_| derived::random());
    let list = keys.map(hex::encode).join(",\n");
    thread::scope(|threads| {
        threads.spawn(|| fs::write(&pipe, list).unwrap());
        let variables = [("FIELD_ENCRYPTION_KEY_FILE", pipe.to_str().unwrap())];
        run("keyring_from_env", &variables, &keys.map(|key| Secret::of_key("key", key)).concat());
    });
}

/// Except in the environment itself, which is not searched.
#[test]
fn nothing_is_left_of_keys_from_the_environment() {
    let key = derived::random();
    let digits = hex::encode(key);
    run("keyring_from_env", &[("FIELD_ENCRYPTION_KEY", &digits)], &Secret::of_key("key", key));
}

/// Except on the stack, until other code has used it.
#[test]
fn nothing_is_left_of_values_that_were_written_and_read() {
    let (key, index_key) = (derived::random(), derived::random());
    let sealed = derived::random();
    let envelope = Secret::new("envelope", &derived::envelope(&key, &sealed));
    let secrets = [
        Secret::of_key("key", key),
        Secret::of_key("index", index_key),
        vec![Secret::text("text"), Secret::text("indexed text"), Secret::new("sealed", &sealed)],
    ];
    run("values", &[], &[secrets.concat(), vec![envelope]].concat());
}
