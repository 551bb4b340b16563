//! A program that serves queries while its keys are rotated and reloaded. It panics at the first error or wrong value.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use encrypted_diesel::Key;
use secrecy::ExposeSecret;
use tempfile::TempDir;

struct Server {
    folder: TempDir,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(encryption: &[u8], index: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        write(&folder, "encryption", encryption);
        write(&folder, "index", index);
        let mut child = Command::new(env!("CARGO_BIN_EXE_serve"))
            .arg(folder.path().join("people.db"))
            .env_remove("FIELD_ENCRYPTION_KEY")
            .env_remove("FIELD_INDEX_KEY")
            .env("FIELD_ENCRYPTION_KEY_FILE", path(&folder, "encryption"))
            .env("FIELD_INDEX_KEY_FILE", path(&folder, "index"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { folder, child, lines };
        assert_eq!(server.line(), "serving");
        server
    }

    fn line(&mut self) -> String {
        self.lines.next().expect("the program ended").unwrap()
    }

    fn keys(&self, list: &str, keys: &[u8]) {
        write(&self.folder, list, keys);
    }

    /// Sends a signal after some requests, and returns what the program prints.
    fn signal(&mut self, name: &str) -> String {
        thread::sleep(Duration::from_millis(200));
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.line()
    }

    /// How many requests it has served.
    fn stop(mut self) -> u64 {
        let served = self.signal("TERM");
        assert!(self.child.wait().unwrap().success());
        served.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn path(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

/// Writes a list of keys, each of which is one byte repeated.
fn write(folder: &TempDir, name: &str, keys: &[u8]) {
    let keys: Vec<_> =
        keys.iter().map(|key| Key::from([*key; 32]).to_hex().expose_secret().to_owned()).collect();
    fs::write(path(folder, name), keys.join(",")).unwrap();
}

#[test]
fn keys_are_rotated_while_queries_run() {
    let mut server = Server::start(&[1], &[0xA1]);
    for (list, keys) in
        [("encryption", [1, 2]), ("encryption", [2, 1]), ("index", [0xA1, 0xA2]), ("index", [0xA2, 0xA1])]
    {
        server.keys(list, &keys);
        assert_eq!(server.signal("HUP"), "reloaded");
    }
    let served = server.stop();
    assert!(served > 100, "{served} requests");
}

#[test]
fn a_reload_that_fails_keeps_the_keys() {
    let mut server = Server::start(&[1], &[0xA1]);
    fs::write(path(&server.folder, "encryption"), "mistyped").unwrap();
    assert!(server.signal("HUP").starts_with("kept: FIELD_ENCRYPTION_KEY_FILE ("));
    fs::remove_file(path(&server.folder, "index")).unwrap();
    server.keys("encryption", &[2, 1]);
    assert!(server.signal("HUP").starts_with("kept: FIELD_INDEX_KEY_FILE ("));
    server.stop();
}

#[test]
fn a_key_is_dropped_only_if_that_is_said() {
    let mut server = Server::start(&[1], &[0xA1]);
    let id = Key::from([1; 32]).id();
    server.keys("encryption", &[2]);
    let kept = server.signal("HUP");
    assert!(
        kept.starts_with(&format!("kept: the new keyring lacks the key {id} of the installed one")),
        "{kept}"
    );
    server.keys("encryption", &[2, 1]);
    server.keys("index", &[0xA2]);
    let kept = server.signal("HUP");
    assert!(kept.contains(&Key::from([0xA1; 32]).id().to_string()), "{kept}");

    server.keys("encryption", &[1]);
    server.keys("index", &[0xA1, 0xA2]);
    assert_eq!(server.signal("USR1"), "reloaded");
    server.stop();
}
