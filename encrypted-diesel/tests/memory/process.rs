//! The process that is searched, and the test that starts it.

use std::hint::black_box;
use std::io::{Write, stdin};
use std::process::{Command, Stdio};

use crate::search::search;
use crate::secret::Secret;
use crate::work;

const WORK: &str = "MEMORY_TEST_WORK";

/// Runs the work and the search in a separate process.
#[track_caller]
pub(crate) fn run(work: &str, variables: &[(&str, &str)], secrets: &[Secret]) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        // One thread: then the test runs on the main one.
        .args(["searched", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .envs(variables.iter().copied())
        .env(WORK, work)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    for secret in secrets {
        writeln!(stdin, "{}", secret.to_line()).unwrap();
    }
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    let [shown, errors] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success() && shown.contains("1 passed"), "{work}:\n{errors}{shown}");
}

/// The work of that process.
pub(crate) fn searched() {
    let secrets: Vec<_> = stdin().lines().map(|line| Secret::from_line(&line.unwrap())).collect();
    let work = std::env::var(WORK).expect("started by a test");
    let expected = below_the_search(|| work::run(&work, &secrets));
    // An envelope is not secret.
    let secrets: Vec<_> = secrets.into_iter().filter(|secret| secret.name != "envelope").collect();
    let finds = search(&secrets);
    assert_eq!(expected.is_some(), !finds.is_empty(), "{} finds:\n{}", finds.len(), finds.join("\n"));
}

/// Runs this deeper in the stack than the search, which would write over what is left there.
#[inline(never)]
fn below_the_search<R>(work: impl FnOnce() -> R) -> R {
    let space = black_box([0_u8; 1 << 16]);
    let result = work();
    black_box(&space);
    result
}
