//! From plaintext to the second pair of keys, by way of once back, while the application is in use: at each step two instances, of one
//! release or of two that follow each other, add, change and find users, beside the tool. Each is a process of its
//! own for each request. No request fails, no user is lost, and each is found whenever it is looked for.

#![cfg(target_os = "linux")] // as the walk-through
#![allow(clippy::unwrap_used, missing_docs)]

mod programs;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use programs::without_keys;
use tempfile::TempDir;

/// Users whom nobody changes.
const SETTLED: usize = 60;
/// Users whom each instance changes.
const OWN: usize = 20;
/// How often an instance is used at least.
const TURNS: usize = 10;

const DECLARATION: &str = r#"
[tables.users]
primary-key = "id"
[tables.users.columns.email]
sql-type = "EncryptedText"
context = "users.email"
[tables.users.indexes.email_index]
of = "email"
normalize = ["trim", "lowercase"]
"#;

fn command(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(programs::folder().join(program));
    without_keys(&mut command).current_dir(folder).args(arguments);
    command
}

/// Runs a program to its end, and returns what it printed.
#[track_caller]
fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = command(folder, program, arguments).output().unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{program} {arguments:?}: {status}, {stderr}");
    String::from_utf8(stdout).unwrap()
}

fn tool(folder: &Path, arguments: &str) -> String {
    run(folder, "encrypted-diesel", &arguments.split(' ').collect::<Vec<_>>())
}

/// An instance, and the users that are its own: their ids and addresses.
struct Instance {
    number: usize,
    users: BTreeMap<i32, String>,
    /// How many addresses it has made up.
    made: usize,
}

impl Instance {
    fn next_address(&mut self) -> String {
        self.made += 1;
        format!("User{}.{}@example.org", self.number, self.made)
    }

    fn add(&mut self, folder: &Path, release: &str) {
        let email = self.next_address();
        let printed = run(folder, release, &["add", &email]);
        let (id, _) = printed.split_once(' ').unwrap();
        self.users.insert(id.parse().unwrap(), email);
    }

    /// A request of each kind.
    fn use_once(&mut self, folder: &Path, release: &str, turn: usize) {
        let found = |(id, email): (&i32, &String)| {
            assert_eq!(run(folder, release, &["find", email]), format!("{id} {email}\n"), "{release}");
        };
        let own = turn % self.users.len();
        let id = *self.users.keys().nth(own).unwrap();
        found((&id, &self.users[&id]));
        let email = self.next_address();
        run(folder, release, &["change", &id.to_string(), &email]);
        found((&id, &email));
        self.users.insert(id, email);
        if turn % 8 == 0 {
            self.add(folder, release);
            found(self.users.last_key_value().unwrap());
        }

        let settled = turn * 7 % SETTLED;
        found((&i32::try_from(settled + 1).unwrap(), &settled_address(settled)));
    }
}

fn settled_address(number: usize) -> String {
    format!("Settled{number}@example.org")
}

struct Application {
    folder: TempDir,
    instances: [Instance; 2],
}

impl Application {
    /// Uses two instances of these releases until each has been used a few times, and the tool, if it has work, is
    /// done with it. Returns what the tool has printed.
    fn in_use(&mut self, releases: [&str; 2], tool: Option<&str>) -> String {
        let folder = self.folder.path();
        let tool = tool.map(|arguments| {
            let mut command = command(folder, "encrypted-diesel", &arguments.split(' ').collect::<Vec<_>>());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        });
        let (turns, over) = ([0; 2].map(AtomicUsize::new), AtomicBool::new(false));
        let output = thread::scope(|scope| {
            let (turns, over) = (&turns, &over);
            let used: Vec<_> = (0..)
                .zip(&mut self.instances)
                .zip(releases)
                .map(|((number, instance), release): ((usize, _), _)| {
                    scope.spawn(move || {
                        while !over.load(Ordering::Relaxed) {
                            let turn = turns[number].load(Ordering::Relaxed);
                            instance.use_once(folder, release, turn);
                            turns[number].store(turn + 1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            let output = tool.map(|tool| tool.wait_with_output().unwrap());
            // Or less, if a request fails.
            while turns.iter().any(|turns| turns.load(Ordering::Relaxed) < TURNS)
                && !used.iter().any(|used| used.is_finished())
            {
                thread::sleep(Duration::from_millis(10));
            }
            over.store(true, Ordering::Relaxed);
            output
        });
        self.has_all(releases[1]);
        output.map_or(String::new(), |Output { status, stdout, stderr }| {
            assert!(status.success(), "{status}, {}", String::from_utf8_lossy(&stderr));
            String::from_utf8(stdout).unwrap()
        })
    }

    /// Makes sure that the release sees all users, and no others.
    fn has_all(&self, release: &str) {
        let settled = (0..SETTLED).map(|number| format!("{} {}", number + 1, settled_address(number)));
        let own = self.instances.iter().flat_map(|instance| &instance.users);
        let mut expected: Vec<_> = settled.chain(own.map(|(id, email)| format!("{id} {email}"))).collect();
        expected.sort();
        let listed = run(self.folder.path(), release, &["list"]);
        let mut listed: Vec<_> = listed.lines().collect();
        listed.sort();
        assert_eq!(listed, expected, "{release}");
    }

    fn execute(&self, sql: &str) {
        let database = self.folder.path().join("users.db");
        let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
        connection.batch_execute(sql).unwrap();
    }

    fn edit_env(&self, edit: impl Fn(&str, &str) -> String, variable: &str) {
        let env = self.folder.path().join(".env");
        let text = fs::read_to_string(&env).unwrap();
        let lines = text.lines().map(|line| match line.split_once('=') {
            Some((name, keys)) if name == variable => {
                let (first, second) = keys.split_once(',').unwrap();
                format!("{name}={}\n", edit(first, second))
            }
            _ => format!("{line}\n"),
        });
        fs::write(&env, lines.collect::<String>()).unwrap();
    }
}

/// How many rows a walk has written, as it says itself.
fn written(printed: &str) -> usize {
    let (_, rest) = printed.trim_end().split_once(": ").unwrap();
    assert!(!rest.contains(','), "{printed}");
    rest.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn all_users_are_found_at_every_moment() {
    let instance = |number| Instance { number, users: BTreeMap::new(), made: 0 };
    let mut application = Application { folder: TempDir::new().unwrap(), instances: [1, 2].map(instance) };
    let folder = application.folder.path().to_owned();
    fs::write(folder.join("encrypted-diesel.toml"), DECLARATION).unwrap();
    fs::write(folder.join(".env"), "DATABASE_URL=users.db\n").unwrap();

    // Release 1, alone.
    for number in 0..SETTLED {
        run(&folder, "release-1", &["add", &settled_address(number)]);
    }
    for instance in &mut application.instances {
        (0..OWN).for_each(|_| instance.add(&folder, "release-1"));
    }

    // Adoption.
    tool(&folder, "keygen --env-file .env");
    tool(&folder, "keygen --env-file .env --index");
    run(&folder, "release-2", &["list"]); // its migration
    application.in_use(["release-1", "release-2"], None);
    application.in_use(["release-2", "release-2"], None);
    application.in_use(["release-2", "release-3"], None);
    let encrypted = application.in_use(["release-3", "release-3"], Some("encrypt --batch 5 --rate 30"));
    assert!(written(&encrypted) >= SETTLED, "{encrypted}");

    // All the way back, and once more.
    application.in_use(["release-2", "release-3"], None);
    let decrypted = application.in_use(
        ["release-2", "release-2"],
        Some("decrypt users.email --confirm-plaintext --batch 10 --rate 60"),
    );
    assert!(written(&decrypted) >= SETTLED, "{decrypted}");
    application.execute("UPDATE users SET email_index = NULL");
    application.in_use(["release-1", "release-2"], None);
    application.in_use(["release-1", "release-1"], None);
    application.in_use(["release-1", "release-2"], None);
    application.in_use(["release-2", "release-3"], None);
    application.in_use(["release-3", "release-3"], Some("encrypt --batch 10 --rate 60"));
    tool(&folder, "status --assert-encrypted");
    tool(&folder, "verify");
    application.in_use(["release-3", "release-4"], None);

    // Another encryption key.
    tool(&folder, "keygen --env-file .env --behind");
    application.in_use(["release-4", "release-4"], None);
    application.edit_env(|old, new| format!("{new},{old}"), "FIELD_ENCRYPTION_KEY");
    let rotated = application.in_use(["release-4", "release-4"], Some("rotate --batch 5 --rate 60"));
    assert!(written(&rotated) >= SETTLED, "{rotated}");
    application.edit_env(|new, _| new.to_owned(), "FIELD_ENCRYPTION_KEY");
    tool(&folder, "verify");

    // Another index key.
    tool(&folder, "keygen --env-file .env --index --behind");
    application.in_use(["release-4", "release-4"], None);
    application.edit_env(|old, new| format!("{new},{old}"), "FIELD_INDEX_KEY");
    let indexed = application.in_use(["release-4", "release-4"], Some("reindex --batch 10 --rate 150"));
    assert!(written(&indexed) >= SETTLED, "{indexed}");
    application.edit_env(|new, _| new.to_owned(), "FIELD_INDEX_KEY");
    tool(&folder, "verify");
    application.in_use(["release-4", "release-4"], None);
}

/// Somebody who has seen a dump types a stolen envelope instead of an address.
#[test]
fn a_ciphertext_finds_nobody() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    tool(folder, "keygen --env-file .env");
    tool(folder, "keygen --env-file .env --index");
    run(folder, "release-3", &["add", "ada@example.org"]);

    let stored = run(folder, "release-1", &["list"]);
    let (_, stored) = stored.trim_end().split_once(' ').unwrap();
    assert!(stored.starts_with("ed1:"), "{stored}");
    for release in ["release-2", "release-3", "release-4"] {
        assert_eq!(run(folder, release, &["find", stored]), "nobody\n");
        assert_eq!(run(folder, release, &["find", "ada@example.org"]), "1 ada@example.org\n");
    }
}
