//! AWS KMS, by moto.

use std::fs;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::fake::Fake;
use crate::moto::{Moto, program};
use crate::program::{Program, id, parameter, replaced, says};

const ARN: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// A program with credentials that nobody checks.
fn any(url: &str) -> Program {
    program(url).with("AWS_ACCESS_KEY_ID", "any").with("AWS_SECRET_ACCESS_KEY", "any")
}

fn entry() -> String {
    format!("aws-kms://{ARN}?wrapped=AAAA&check={}", encrypted_diesel::Key::from([1; 32]).fingerprint())
}

#[test]
fn kms_wraps_and_unwraps() {
    let moto = Moto::start();
    let entry = moto.operator().wrap(&moto.uri(0), "encryption", 1);
    assert!(entry.starts_with(&format!("{}?wrapped=", moto.uri(0))), "{entry}");
    says(&moto.application().load(&entry), &format!("keys: [{}]", id(1)));

    let program = moto.application().with("FIELD_ENCRYPTION_KEY", &entry);
    for mode in [&["init"][..], &["init", "current-thread"], &["init", "multi-thread"], &["init", "async"]] {
        assert_eq!(program.run(mode), "installed", "{mode:?}");
    }
}

#[test]
fn a_wrapped_key_is_what_it_was_wrapped_for() {
    let moto = Moto::start();
    let (operator, application) = (moto.operator(), moto.application());
    let first = operator.wrap(&moto.uri(0), "encryption", 1);
    let second = operator.wrap(&moto.uri(0), "encryption", 2);
    let other = operator.wrap(&moto.uri(1), "encryption", 3);
    let index = operator.wrap(&moto.uri(0), "index", 4);
    let shown = application.clone().with("FIELD_INDEX_KEY", &index).load(&format!("{first},{other}"));
    says(&shown, &format!("keys: [{}, {}]", id(1), id(3)));
    says(&shown, &format!("index_keys: [{}]", id(4)));

    let refused = application.load(&index);
    assert!(
        refused.starts_with(
            "FIELD_ENCRYPTION_KEY: key 1 (aws-kms): the service refuses the entry (InvalidCiphertextException)"
        ),
        "{refused}"
    );
    let refused = application.clone().with("FIELD_INDEX_KEY", &second).load(&first);
    assert!(refused.contains("FIELD_INDEX_KEY: key 1 (aws-kms): the service refuses"), "{refused}");

    let swapped = replaced(&first, "wrapped", parameter(&second, "wrapped"));
    says(&application.load(&swapped), "returned another key than that of `check`");
    let of_another_key = replaced(&first, "wrapped", parameter(&other, "wrapped"));
    // AWS says IncorrectKeyException, moto AccessDeniedException.
    says(&application.load(&of_another_key), "the service ");
    let moved = format!("{}?{}", moto.uri(1), first.split_once('?').unwrap().1);
    says(&application.load(&moved), "the service ");
    says(&application.load(&replaced(&first, "wrapped", "AAAA")), "refuses the entry");
    let unknown = first.replacen(":key/", ":key/0", 1);
    says(&application.load(&unknown), "refuses the entry");
}

#[test]
fn an_application_may_unwrap_and_no_more() {
    let moto = Moto::start();
    let entry = moto.operator().wrap(&moto.uri(0), "encryption", 1);
    says(&moto.application().load(&entry), &id(1));
    says(&moto.application().wrap(&moto.uri(0), "encryption", 2), "denies access (");
    says(&moto.nobody().load(&entry), "denies access (");

    let wrong = moto.application().with("AWS_SECRET_ACCESS_KEY", "wrong").load(&entry);
    assert!(wrong.contains("denies access ("), "{wrong}");
    let unknown = moto.application().with("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN").load(&entry);
    assert!(unknown.contains("denies access ("), "{unknown}");
}

#[test]
fn credentials_come_as_other_tools_have_them() {
    let moto = Moto::start();
    let entry = moto.operator().wrap(&moto.uri(0), "encryption", 1);
    let none = program(&moto.url()).load(&entry);
    assert!(none.contains("no AWS credentials were found"), "{none}");

    let folder = TempDir::new().unwrap();
    let file = folder.path().join("credentials");
    let (name, secret) = moto.credentials();
    fs::write(&file, format!("[clinic]\naws_access_key_id = {name}\naws_secret_access_key = {secret}\n"))
        .unwrap();
    let profile = program(&moto.url()).with("AWS_SHARED_CREDENTIALS_FILE", &file);
    says(&profile.with("AWS_PROFILE", "clinic").load(&entry), &id(1));
}

#[test]
fn nothing_secret_is_logged() {
    let moto = Moto::start();
    let entry = moto.operator().wrap(&moto.uri(0), "encryption", 1);
    let program = moto.application().with("FIELD_ENCRYPTION_KEY", &entry).with("TRACE", "1");
    let mut loading = program.command(env!("CARGO_BIN_EXE_keys"));
    let mut wrapping = moto.operator().with("TRACE", "1").command(env!("CARGO_BIN_EXE_keys"));
    let hex = crate::program::hex(1);
    for command in [loading.arg("load"), wrapping.args(["wrap", &moto.uri(0), "encryption", &hex])] {
        let output = command.output().unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(log.contains("TRACE"), "nothing is logged: {log}");
        // As hex digits, as the request and the answer have it, and as numbers.
        for secret in [hex.as_str(), "AQEBAQEB", "1, 1, 1, 1", "\\x01\\x01", moto.credentials().1] {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    }
}

#[test]
fn a_busy_service_is_asked_three_times() {
    for (status, code) in [(400, "ThrottlingException"), (500, "KMSInternalException"), (503, "secret words")]
    {
        let fake =
            Fake::start(move |_| (status, format!(r#"{{"__type": "{code}", "message": "secret words"}}"#)));
        let begin = Instant::now();
        let shown = any(&fake.url()).load(&entry());
        let reason = if code == "secret words" { "status 503" } else { code };
        assert!(
            shown.contains(&format!("is not available ({reason})")) && !shown.contains("secret words"),
            "{shown}"
        );
        assert_eq!(fake.requests().len(), 3);
        assert!(begin.elapsed() >= Duration::from_millis(600), "no pause");
    }
}

#[test]
fn what_is_final_is_asked_once() {
    for (code, kind) in [
        ("AccessDeniedException", "denies access"),
        ("ExpiredTokenException", "denies access"),
        ("DisabledException", "refuses the entry"),
        ("KMSInvalidStateException", "refuses the entry"),
        ("secret words", "refuses the entry (status 400)"),
    ] {
        let fake =
            Fake::start(move |_| (400, format!(r#"{{"__type": "{code}", "message": "secret words"}}"#)));
        let shown = any(&fake.url()).load(&entry());
        assert!(shown.contains(kind) && !shown.contains("secret words"), "{shown}");
        assert_eq!(fake.requests().len(), 1, "{code}");
    }
}

#[test]
fn a_service_that_sends_another_key_is_found_out() {
    let other = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    for (arn, plaintext, problem) in [
        (ARN, other, "returned another key than that of `check`"),
        ("arn:aws:kms:us-east-1:111122223333:key/other", other, "the answer is about another key"),
        (ARN, "AgIC", "not 32 bytes"),
    ] {
        let answer = format!(r#"{{"KeyId": "{arn}", "Plaintext": "{plaintext}"}}"#);
        let fake = Fake::start(move |_| (200, answer.clone()));
        let shown = any(&fake.url()).load(&entry());
        says(&shown, problem);
    }
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let fake = Fake::start(|_| (400, r#"{"__type": "DisabledException"}"#.to_owned()));
    // Nobody listens there: only the proxy answers.
    let program = any("http://kms.invalid").with("HTTP_PROXY", fake.url());
    says(&program.load(&entry()), "DisabledException");
    assert!(fake.requests()[0].starts_with("POST http://kms.invalid/ "), "{:?}", fake.requests());
}

#[test]
fn a_key_without_its_full_arn_is_refused() {
    let check = "0".repeat(32);
    for name in ["alias/app", "arn:aws:kms:us-east-1:111122223333:alias/app", "1234abcd"] {
        let shown = any("http://127.0.0.1:1").load(&format!("aws-kms://{name}?wrapped=AAAA&check={check}"));
        says(&shown, "name the key by its full ARN");
    }
    let shown = any("http://127.0.0.1:1").load(&format!("aws-kms://{ARN}?check={check}"));
    says(&shown, "the entry needs the parameter `wrapped`");
}
