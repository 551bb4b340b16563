//! Processes that are killed during a walk.

use std::thread;
use std::time::Duration;

use crate::database::Backend;
use crate::project::{Project, key, keyring, text};
use crate::races::random;

const ROWS: u32 = 2_000;

on_each_backend!(a_killed_process_leaves_every_value_whole_and_encrypted_once);

fn a_killed_process_leaves_every_value_whole_and_encrypted_once(backend: Backend) {
    let project = Project::new(backend, ROWS);
    let all = || (1..=ROWS).map(text);
    for (command, keys) in [("encrypt", &[1][..]), ("rotate", &[2, 1])] {
        let words = format!("{command} --jobs 2 --batch 20 --rate 5000");
        let mut killed = 0;
        for _ in 0..40 {
            let mut child = project.spawn(&words, keys);
            thread::sleep(Duration::from_millis(u64::from(20 + random() % 60)));
            if child.try_wait().unwrap().is_some() {
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
            assert!(project.texts(&keyring(keys)).into_iter().eq(all()), "{command}, killed {killed} times");
        }
        assert!(killed > 2, "{command} was killed {killed} times before its end");
        project.run(&words, keys, 0);
        project.run(&format!("status --assert-encrypted --assert-only-key {}", key(keys[0]).id()), keys, 0);
        assert!(project.texts(&keyring(&keys[..1])).into_iter().eq(all()), "{command}");
        project.run("verify", keys, 0);
    }
}
