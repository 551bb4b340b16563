//! A key, an id or a URL in a wrong place of the command line is not repeated.

use std::process::Command;

use crate::TOOL;
use crate::database::Backend;
use crate::project::Project;

const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

fn secrets() -> Vec<String> {
    vec![
        KEY.to_owned(),
        KEY.to_uppercase(),
        format!("{KEY},{KEY}"),
        format!("FIELD_ENCRYPTION_KEY={KEY}"),
        KEY[1..].to_owned(),
        "postgres://ada:S3cretS3cret0f1e2d3c@host/clinic".to_owned(),
        "ada:S3cretS3cret0f1e2d3c@postgres://host/clinic".to_owned(),
        "postgres:ada:S3cretS3cret0f1e2d3c@host/clinic".to_owned(),
        "host=a password=S3cretS3cret0f1e2d3c".to_owned(),
    ]
}

#[track_caller]
fn assert_not_repeated(command: &mut Command) {
    let output = command.output().unwrap();
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_ne!(output.status.code(), Some(0), "{command:?}: {shown}");
    assert!(shown.starts_with("error: "), "{command:?}: {shown}");
    let lower = shown.to_lowercase();
    assert!(!lower.contains("0f1e2d3c") && !lower.contains("s3cret"), "{command:?}: {shown}");
}

#[test]
fn a_secret_in_a_wrong_place_is_not_repeated() {
    let project = Project::new(Backend::Sqlite, 1);
    for secret in secrets() {
        for before in [
            "",
            "help",
            "--",
            "--nonsense",
            "man",
            "completions",
            "keygen",
            "keygen --env-file no/such/folder",
            "keygen --behind",
            "status",
            "encrypt --batch",
            "encrypt --config",
            "encrypt --nonsense",
            "encrypt people.text",
            "status --assert-only-key",
            "status --database-url",
            "draft --database-url",
            "draft",
            "verify --json --config",
            "schema-patch --diesel",
            "schema-patch --config",
            "schema-patch --database-url",
        ] {
            assert_not_repeated(project.command(before, &[1]).arg(&secret));
        }
        for option in ["--config", "--batch", "--jobs", "--nonsense", "--json", "--database-url"] {
            assert_not_repeated(project.command("encrypt", &[1]).arg(format!("{option}={secret}")));
        }
        // `-host` begins with `-h`.
        for prefix in
            ["-", "--", "-x"].into_iter().filter(|prefix| *prefix != "-" || !secret.starts_with('h'))
        {
            assert_not_repeated(project.command("status", &[1]).arg(format!("{prefix}{secret}")));
        }
        // In the environment instead.
        assert_not_repeated(project.command("status", &[1]).env("DATABASE_URL", &secret));
    }
}

/// It may be the id of a person.
#[test]
fn an_id_in_a_wrong_place_is_not_repeated() {
    for id in ["fc4b3d0b", "deadbeef", "123-45-6789", "ada@example.org"] {
        for before in ["", "man", "status --assert-only", "completions", "help", "encrypt --batch", "keygen"]
        {
            let output = Command::new(TOOL).args(before.split_whitespace()).arg(id).output().unwrap();
            let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(output.status.code() == Some(2) && !shown.contains(id), "{before} {id}: {shown}");
        }
    }
}

#[test]
fn a_plain_word_in_a_wrong_place_is_repeated() {
    for (words, expected) in [
        ("encrpt", "unrecognized subcommand 'encrpt'"),
        ("encrypt --nonsense", "unexpected argument '--nonsense'"),
        ("encrypt --batch 10x", "invalid value '10x' for '--batch <ROWS>'"),
        ("encrypt --batch 0", "0 is not in 1..=4294967295"),
        ("completions tcsh", "invalid value 'tcsh'"),
    ] {
        let output = Command::new(TOOL).args(words.split_whitespace()).output().unwrap();
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && shown.contains(expected), "{words}: {shown}");
    }
    let output = Command::new(TOOL).args(["encrypt", "--x\u{1b}[2K"]).output().unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains('\u{1b}'));
}
