//! Servers that are not there or do not answer, for both services, and what stands after `|`.

use std::time::{Duration, Instant};

use encrypted_diesel::Key;

use crate::fake::{Fake, absent, silent};
use crate::moto;
use crate::openbao::{OpenBao, ROOT};
use crate::program::{Program, id, says};

const ARN: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// A program whose two services are at these addresses.
fn program(kms: &str, vault: &str) -> Program {
    moto::program(kms)
        .with("AWS_ACCESS_KEY_ID", "any")
        .with("AWS_SECRET_ACCESS_KEY", "any")
        .with("VAULT_ADDR", vault)
        .with("VAULT_TOKEN", ROOT)
}

fn check(key: u8) -> String {
    Key::from([key; 32]).fingerprint()
}

fn kms(key: u8) -> String {
    format!("aws-kms://{ARN}?wrapped=AAAA&check={}", check(key))
}

fn vault(key: u8) -> String {
    format!("vault-transit://transit/app?wrapped=vault:v1:AAAA&check={}", check(key))
}

#[test]
fn services_that_never_answer_are_waited_for_together() {
    let ((_kms, at), (_vault, there)) = (silent(), silent());
    let begin = Instant::now();
    let shown =
        program(&at, &there).with("FIELD_INDEX_KEY", vault(3)).load(&[kms(1), vault(2), kms(4)].join(","));
    let took = begin.elapsed();
    says(&shown, "FIELD_ENCRYPTION_KEY: key 1 (aws-kms)");
    assert!(Duration::from_secs(8) < took && took < Duration::from_secs(12), "{took:?}");
}

#[test]
fn services_that_are_not_there_are_named() {
    for entry in [kms(1), vault(1)] {
        let shown = program(&absent(), &absent()).load(&entry);
        assert!(
            shown.contains("the service cannot be reached (no connection: connection refused)"),
            "{shown}"
        );
    }
    let unknown = "http://key-service.invalid:1";
    for entry in [kms(1), vault(1)] {
        let shown = program(unknown, unknown).load(&entry);
        says(&shown, "the service cannot be reached (no connection");
    }
}

#[test]
fn the_entry_after_the_bar_takes_over_from_a_service_out_of_reach() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap("vault-transit://transit/app", "encryption", 1);
    let (_server, silent) = silent();
    for unreachable in [absent(), silent] {
        let shown = program(&unreachable, &bao.url()).load(&format!("{}|{entry}", kms(1)));
        says(&shown, &id(1));
    }
}

#[test]
fn the_entry_after_the_bar_does_not_take_over_from_one_that_answers() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap("vault-transit://transit/app", "encryption", 1);
    let other = r#"{"KeyId": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "Plaintext": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="}"#;
    for (status, answer, problem) in [
        (400, r#"{"__type": "AccessDeniedException"}"#, "denies access"),
        (400, r#"{"__type": "InvalidCiphertextException"}"#, "refuses the entry"),
        (503, "{}", "is not available"),
        (200, other, "returned another key"),
    ] {
        let fake = Fake::start(move |_| (status, answer.to_owned()));
        let shown = program(&fake.url(), &bao.url()).load(&format!("{}|{entry}", kms(1)));
        assert!(shown.contains(problem) && !shown.contains("KeyId("), "{shown}");
    }
}

#[test]
fn both_sides_of_the_bar_are_one_key() {
    let shown = program(&absent(), &absent()).load(&format!("{}|{}", kms(1), vault(2)));
    says(&shown, "are of different keys");
    let hex = crate::program::hex(1);
    let shown = program(&absent(), &absent())
        .clone()
        .with("FIELD_ENCRYPTION_KEY", format!("{}|{hex}", kms(1)))
        .run(&["load"]);
    assert!(shown.contains('|'), "{shown}");
}
