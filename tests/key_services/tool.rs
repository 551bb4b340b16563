//! The command-line tool with services.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::moto::Moto;
use crate::openbao::{OpenBao, ROOT};
use crate::program::{Program, hex, id, says};
use crate::server::installed;

const TRANSIT: &str = "vault-transit://transit/app";

/// The exit status of the tool, and what it prints.
fn tool(program: &Program, folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut tool = program.command(installed("encrypted-diesel").to_str().unwrap());
    let output = tool.args(arguments).current_dir(folder).output().unwrap();
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    for key in 1..=9 {
        assert!(!shown.contains(&hex(key)), "shows a key: {shown}");
    }
    (output.status.code(), shown)
}

/// A folder with a `.env` of two keys in the clear.
fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, format!("A=b\nFIELD_ENCRYPTION_KEY={}\nFIELD_INDEX_KEY={}\n", hex(1), hex(9))).unwrap();
    (folder, file)
}

fn both(moto: &Moto, bao: &OpenBao) -> Program {
    moto.operator().with("VAULT_ADDR", bao.url()).with("VAULT_TOKEN", ROOT)
}

#[test]
fn keys_are_wrapped_twice_and_moved() {
    let (moto, bao) = (Moto::start(), OpenBao::start());
    let program = both(&moto, &bao);
    let (folder, file) = folder();
    let run = |arguments: &[&str]| tool(&program, folder.path(), arguments);

    let (status, shown) =
        run(&["key", "rewrap", "--env-file", ".env", "--to", &moto.uri(0), "--to", TRANSIT]);
    assert_eq!(status, Some(0), "{shown}");
    says(&shown, "of FIELD_INDEX_KEY is wrapped by aws-kms, vault-transit");
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("A=b\nFIELD_ENCRYPTION_KEY='aws-kms://") && text.matches('|').count() == 2,
        "{text}"
    );
    assert!(!text.contains(&hex(1)) && !text.contains(&hex(9)), "{text}");

    let (status, shown) = run(&["key", "check"]);
    assert_eq!((status, shown.matches("  ok\n").count()), (Some(0), 4), "{shown}");

    // A rotation in both services, to another key of one of them.
    bao.bao(&["write", "-f", "transit/keys/app/rotate"]);
    let (status, shown) = run(&["key", "rewrap", "--env-file", ".env"]);
    assert_eq!(status, Some(0), "{shown}");
    says(&fs::read_to_string(&file).unwrap(), "wrapped=vault:v2:");
    let (status, shown) = run(&["key", "rewrap", "--to", &moto.uri(1)]);
    assert_eq!(status, Some(0), "{shown}");
    let printed = |variable: &str| {
        let line = shown.lines().find_map(|line| line.strip_prefix(&format!("{variable}='")));
        line.unwrap().trim_end_matches('\'').to_owned()
    };
    let loaded = moto.application().with("FIELD_INDEX_KEY", printed("FIELD_INDEX_KEY"));
    says(&loaded.load(&printed("FIELD_ENCRYPTION_KEY")), &id(1));

    // What an application would not notice.
    bao.bao(&["operator", "seal"]);
    let (status, shown) = run(&["key", "check"]);
    assert_eq!((status, shown.matches("  ok\n").count()), (Some(3), 2), "{shown}");
    says(
        &shown,
        "1  vault-transit  failed: the service is not available (status 503, Vault is sealed: unseal it)",
    );
}

#[test]
fn a_new_key_is_wrapped_and_never_shown() {
    let bao = OpenBao::start();
    let (folder, file) = folder();
    let run = |arguments: &[&str]| tool(&bao.program(), folder.path(), arguments);
    let (status, entry) = run(&["keygen", "--wrap", TRANSIT]);
    assert_eq!(status, Some(0), "{entry}");
    says(&bao.program().load(entry.trim()), "keys: [KeyId(");
    let (_, index) = run(&["keygen", "--wrap", TRANSIT, "--index"]);
    says(&bao.program().load(index.trim()), "the service refuses the entry");

    let (status, shown) =
        run(&["keygen", "--env-file", ".env", "--wrap", "vault-kv://secret/keys?field=second"]);
    assert_eq!(status, Some(0), "{shown}");
    says(&shown, "is now the first of 2 in FIELD_ENCRYPTION_KEY");
    let (status, shown) = run(&["key", "check"]);
    assert_eq!(status, Some(0), "{shown}");
    says(&shown, "   1  vault-kv");

    // A wrapped key is moved and dropped by its id, too.
    let first = shown.split_whitespace().nth(3).unwrap();
    let clear = encrypted_diesel::Key::from([1; 32]).id().to_string();
    assert_eq!(run(&["keygen", "--env-file", ".env", "--promote", &clear]).0, Some(0));
    let (status, shown) = run(&["keygen", "--env-file", ".env", "--drop", first]);
    assert_eq!(status, Some(0), "{shown}");
    assert!(!fs::read_to_string(&file).unwrap().contains("vault-kv"));
}

#[test]
fn what_cannot_be_unwrapped_again_is_not_written() {
    let bao = OpenBao::start();
    let (folder, file) = folder();
    let before = fs::read_to_string(&file).unwrap();
    // Who may wrap, and not unwrap.
    bao.policy("wrap", &[("transit/encrypt/app", "update")]);
    let program = bao.program_with(&bao.token("wrap", "1h"));
    let rewrap = ["key", "rewrap", "--env-file", ".env", "--to", TRANSIT];
    let (status, shown) = tool(&program, folder.path(), &rewrap);
    assert_eq!(status, Some(1), "{shown}");
    says(&shown, "error: vault-transit: the service denies access (status 403)");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}
