//! The same rows on the same SQLite through Django with django-encrypted-model-fields, and through Diesel.
//!
//! `django PYTHON [ROWS] [ROUNDS]`: a Python that has Django and django-encrypted-model-fields. The script `run`
//! makes one.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedText, ExposeSecret, Key, Keyring};
use encrypted_diesel_benchmarks::{compare, time};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;
    encrypted (id) { id -> Integer, name -> EncryptedText, email -> EncryptedText }
}

const CHUNK: usize = 1_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let python = arguments.next().expect("a Python with django-encrypted-model-fields");
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (rows, rounds): (usize, usize) = (number(20_000), number(5));
    Keyring::new(Key::generate().expect("random bytes")).install().expect("the only keyring");

    let folder = std::env::temp_dir().join(format!("encrypted-diesel-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).to_str().expect("a name in UTF-8").to_owned();
    let django = RefCell::new(Django::start(&python, &path("django.db"), rows));
    let mut connection = SqliteConnection::establish(&path("diesel.db")).expect("SQLite");
    connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL").expect("WAL");
    let create = "CREATE TABLE encrypted (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL)";
    connection.batch_execute(create).expect("a table");
    let connection = RefCell::new(connection);

    compare(
        &format!("{rows} rows of two encrypted columns inserted, {CHUNK} at a time"),
        2 * rows,
        rounds,
        &mut [
            ("encrypted-diesel", Box::new(|| insert(&mut connection.borrow_mut(), rows))),
            ("django-encrypted-model-fields", Box::new(|| django.borrow_mut().run("insert encrypted"))),
            ("Django, plaintext", Box::new(|| django.borrow_mut().run("insert plain"))),
        ],
    );
    compare(
        &format!("{rows} rows of two encrypted columns loaded"),
        2 * rows,
        rounds,
        &mut [
            ("encrypted-diesel", Box::new(|| load(&mut connection.borrow_mut(), rows))),
            ("django-encrypted-model-fields", Box::new(|| django.borrow_mut().run("load encrypted"))),
            ("Django, plaintext", Box::new(|| django.borrow_mut().run("load plain"))),
        ],
    );
    drop(django);
    std::fs::remove_dir_all(&folder).expect("no folder");
}

fn insert(connection: &mut SqliteConnection, rows: usize) -> Duration {
    diesel::delete(encrypted::table).execute(connection).expect("an empty table");
    let insert = |connection: &mut SqliteConnection| {
        for first in (0..rows).step_by(CHUNK) {
            let chunk = (first..rows.min(first + CHUNK)).map(|row| {
                let name = EncryptedText::from(format!("Ada Augusta King {row:07}"));
                let email = EncryptedText::from(format!("ada.augusta.{row:07}@example.com"));
                (encrypted::id.eq(row as i32), encrypted::name.eq(name), encrypted::email.eq(email))
            });
            diesel::insert_into(encrypted::table).values(chunk.collect::<Vec<_>>()).execute(connection)?;
        }
        QueryResult::Ok(())
    };
    time(|| connection.transaction(insert).expect("rows"))
}

fn load(connection: &mut SqliteConnection, rows: usize) -> Duration {
    time(|| {
        let found: Vec<(i32, EncryptedText, EncryptedText)> =
            encrypted::table.load(connection).expect("rows");
        let lengths =
            found.iter().map(|(_, name, email)| name.expose_secret().len() + email.expose_secret().len());
        assert_eq!(lengths.sum::<usize>(), 55 * rows);
    })
}

/// django_peer.py, which waits for commands.
struct Django {
    process: Child,
    commands: Option<ChildStdin>,
    seconds: BufReader<ChildStdout>,
}

impl Django {
    fn start(python: &str, file: &str, rows: usize) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/django_peer.py");
        let mut process = Command::new(python)
            .args([script, file, &rows.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python");
        let commands = process.stdin.take();
        let seconds = BufReader::new(process.stdout.take().expect("its output"));
        Self { process, commands, seconds }
    }

    fn run(&mut self, command: &str) -> Duration {
        writeln!(self.commands.as_mut().expect("its input"), "{command}").expect("Django listens");
        let mut answer = String::new();
        self.seconds.read_line(&mut answer).expect("Django answers");
        Duration::from_secs_f64(answer.trim().parse().expect("seconds"))
    }
}

impl Drop for Django {
    fn drop(&mut self) {
        drop(self.commands.take());
        let _ = self.process.wait();
    }
}
