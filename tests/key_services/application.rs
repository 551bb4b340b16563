//! An application that serves queries while its keys move, and while their services are away.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::fake::Relay;
use crate::moto::{self, Moto};
use crate::openbao::{OpenBao, ROOT};
use crate::program::{Program, hex};

/// `serve`, whose lists of keys are files.
struct Application {
    folder: TempDir,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Application {
    fn start(program: &Program, encryption: &str, index: &str) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, list) in [("encryption", encryption), ("index", index)] {
            fs::write(folder.path().join(name), list).unwrap();
        }
        let mut child = program
            .command(env!("CARGO_BIN_EXE_serve"))
            .arg(folder.path().join("people.db"))
            .env("FIELD_ENCRYPTION_KEY_FILE", folder.path().join("encryption"))
            .env("FIELD_INDEX_KEY_FILE", folder.path().join("index"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut own = Self { folder, child, lines };
        assert_eq!(own.line(), "serving");
        own
    }

    fn line(&mut self) -> String {
        self.lines.next().expect("the program ended, after an error or a wrong value").unwrap()
    }

    /// Sends a signal after some requests, and returns what the program prints.
    fn signal(&mut self, name: &str) -> String {
        thread::sleep(Duration::from_millis(300));
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.line()
    }

    fn reload(&mut self, encryption: &str, index: &str) -> String {
        fs::write(self.folder.path().join("encryption"), encryption).unwrap();
        fs::write(self.folder.path().join("index"), index).unwrap();
        self.signal("HUP")
    }

    /// How many requests it has served.
    fn stop(mut self) -> u64 {
        let served = self.signal("TERM");
        assert!(self.child.wait().unwrap().success());
        served.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that knows both services, KMS through a relay.
fn program(moto: &Moto, relay: &Relay, bao: &OpenBao) -> Program {
    let (id, secret) = moto.credentials();
    moto::program(&relay.url())
        .with("AWS_ACCESS_KEY_ID", id)
        .with("AWS_SECRET_ACCESS_KEY", secret)
        .with("VAULT_ADDR", bao.url())
        .with("VAULT_TOKEN", ROOT)
}

#[test]
fn keys_move_from_hex_to_kms_to_vault_while_queries_run() {
    let (moto, bao) = (Moto::start(), OpenBao::start());
    let relay = Relay::to(moto.socket());
    let kms = |purpose, key| moto.operator().wrap(&moto.uri(0), purpose, key);
    let vault = |purpose, key| bao.program().wrap("vault-transit://transit/app", purpose, key);
    let (kms_1, kms_index) = (kms("encryption", 1), kms("index", 9));
    let (vault_1, vault_2, vault_index) = (vault("encryption", 1), vault("encryption", 2), vault("index", 9));

    let mut application = Application::start(&program(&moto, &relay, &bao), &hex(1), &hex(9));
    for (encryption, index) in [
        (kms_1.clone(), kms_index.clone()),
        (format!("{kms_1}|{vault_1}"), format!("{kms_index}|{vault_index}")),
        (vault_1.clone(), vault_index.clone()),
        // A key that was never seen in a file.
        (format!("{vault_1},{vault_2}"), vault_index.clone()),
        (format!("{vault_2},{vault_1}"), vault_index.clone()),
    ] {
        assert_eq!(application.reload(&encryption, &index), "reloaded");
    }
    // Vault is away: what was loaded stays, and the application serves on.
    bao.bao(&["operator", "seal"]);
    let kept = application.reload(&vault_1, &vault_index);
    assert!(kept.starts_with("kept: FIELD_ENCRYPTION_KEY_FILE (") && kept.contains("sealed"), "{kept}");
    let served = application.stop();
    assert!(served > 100, "{served} requests");
}

/// With `AWAY_SECONDS` for longer, such as 3600.
#[test]
fn a_service_that_goes_away_after_the_start_is_not_noticed() {
    let (moto, bao) = (Moto::start(), OpenBao::start());
    let relay = Relay::to(moto.socket());
    let entry = |purpose, key| moto.operator().wrap(&moto.uri(0), purpose, key);
    let list = format!("{},{}", entry("encryption", 1), entry("encryption", 2));
    let mut application = Application::start(&program(&moto, &relay, &bao), &list, &entry("index", 9));
    let asked = relay.connections();
    assert_eq!(asked, 3, "as many calls as there are entries");
    drop(moto);

    let away = std::env::var("AWAY_SECONDS").map_or(5, |seconds| seconds.parse().unwrap());
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(away) {
        assert!(application.child.try_wait().unwrap().is_none(), "the program ended");
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(relay.connections(), asked, "the service was asked by a query");
    let served = application.stop();
    println!("{served} queries in {away} s without the service");
    assert!(served > 10_000, "{served} queries");
}
