//! The commands of the page `encrypted_diesel::guide::vault`, with an application that serves meanwhile.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::console;
use crate::openbao::{OpenBao, ROOT};
use crate::server::installed;

const PAGE: &str = include_str!("../../encrypted-diesel/docs/vault.md");

const DECLARATION: &str = r#"
[tables.people]
primary-key = "id"

[tables.people.columns.note]
sql-type = "EncryptedText"
context = "people.note"

[tables.people.columns.email]
sql-type = "EncryptedText"
context = "people.email"

[tables.people.indexes.email_index]
of = "email"
normalize = ["trim", "lowercase"]
"#;

#[test]
fn its_commands_print_what_it_says() {
    let bao = OpenBao::start_empty();
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("encrypted-diesel.toml"), DECLARATION).unwrap();
    for list in [&[][..], &["--index"]] {
        let mut keygen = Command::new(installed("encrypted-diesel"));
        let made = keygen
            .args(["keygen", "--env-file", ".env"])
            .args(list)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    let prelude = format!(
        "export VAULT_ADDR={} VAULT_TOKEN={ROOT} DATABASE_URL=people.db; {} people.db > clinic.log & echo $! > clinic.pid; \
         until grep -q serving clinic.log; do sleep 0.1; done",
        bao.url(),
        env!("CARGO_BIN_EXE_serve"),
    );
    console::run(PAGE, folder.path(), &prelude);

    let process = fs::read_to_string(folder.path().join("clinic.pid")).unwrap();
    assert!(Command::new("kill").arg(process.trim()).status().unwrap().success());
    let log = || fs::read_to_string(folder.path().join("clinic.log")).unwrap();
    while !log().contains("served") {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(log().matches("reloaded").count(), 3, "{}", log());
}
