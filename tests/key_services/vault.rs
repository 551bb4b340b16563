//! Vault's transit engine and its KV engine, by a server of OpenBao.

use std::fs;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::fake::Fake;
use crate::openbao::{OpenBao, ROOT};
use crate::program::{Program, hex, id, parameter, replaced, says};

const TRANSIT: &str = "vault-transit://transit/app";

#[test]
fn transit_wraps_and_unwraps() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    assert!(entry.starts_with("vault-transit://transit/app?wrapped=vault:v1:"), "{entry}");
    says(&bao.program().load(&entry), &format!("keys: [{}]", id(1)));

    // After a rotation in the service, beside a key of another kind.
    bao.bao(&["write", "-f", "transit/keys/app/rotate"]);
    let next = bao.program().wrap(TRANSIT, "encryption", 2);
    assert!(parameter(&next, "wrapped").starts_with("vault:v2:"), "{next}");
    let shown = bao.program().load(&format!("{next},{entry},{}", hex(3)));
    says(&shown, &format!("keys: [{}, {}, {}]", id(2), id(1), id(3)));
}

#[test]
fn init_works_inside_and_outside_of_runtimes() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    let program = bao.program().with("FIELD_ENCRYPTION_KEY", &entry);
    for mode in [&["init"][..], &["init", "current-thread"], &["init", "multi-thread"], &["init", "async"]] {
        assert_eq!(program.run(mode), "installed", "{mode:?}");
    }
}

#[test]
fn a_wrapped_key_is_what_it_was_wrapped_for() {
    let bao = OpenBao::start();
    let program = bao.program();
    let (first, second) = (program.wrap(TRANSIT, "encryption", 1), program.wrap(TRANSIT, "encryption", 2));
    let index = program.wrap(TRANSIT, "index", 3);
    let with_index = program.clone().with("FIELD_INDEX_KEY", &index);
    says(&with_index.load(&first), &format!("index_keys: [{}]", id(3)));

    let refused = program.load(&index);
    assert!(
        refused.starts_with("FIELD_ENCRYPTION_KEY: key 1 (vault-transit): the service refuses"),
        "{refused}"
    );
    let refused = program.clone().with("FIELD_INDEX_KEY", &second).load(&first);
    assert!(refused.starts_with("FIELD_INDEX_KEY: key 1 (vault-transit): the service refuses"), "{refused}");

    let swapped = replaced(&first, "wrapped", parameter(&second, "wrapped"));
    says(&program.load(&swapped), "returned another key than that of `check`");
    let altered = first.replacen("wrapped=vault:v1:", "wrapped=vault:v1:A", 1);
    says(&program.load(&altered), "refuses the entry (status 400)");
    bao.bao(&["write", "-f", "transit/keys/other"]);
    let moved = first.replacen("/app?", "/other?", 1);
    says(&program.load(&moved), "refuses the entry (status 400)");
    let unknown = first.replacen("/app?", "/none?", 1);
    says(&program.load(&unknown), "refuses the entry (status 400)");
}

#[test]
fn an_application_may_unwrap_and_no_more() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    bao.policy("application", &[("transit/decrypt/app", "update")]);
    let application = bao.program_with(&bao.token("application", "1h"));
    says(&application.load(&entry), &id(1));
    says(&application.wrap(TRANSIT, "encryption", 2), "denies access (status 403)");

    bao.policy("nothing", &[("transit/decrypt/other", "update")]);
    let denied = bao.program_with(&bao.token("nothing", "1h")).load(&entry);
    assert!(denied.contains("denies access (status 403): check the credentials"), "{denied}");
    let unknown = bao.program_with("s.unknown").load(&entry);
    assert!(unknown.contains("denies access (status 403)") && !unknown.contains("s.unknown"), "{unknown}");
}

#[test]
fn an_expired_token_is_denied_at_once() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    bao.policy("application", &[("transit/decrypt/app", "update")]);
    let application = bao.program_with(&bao.token("application", "1s"));
    std::thread::sleep(Duration::from_secs(3));
    says(&application.load(&entry), "denies access (status 403)");
}

#[test]
fn a_sealed_server_says_so() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    bao.bao(&["operator", "seal"]);
    let shown = bao.program().load(&entry);
    says(&shown, "is not available (status 503, Vault is sealed: unseal it)");
}

#[test]
fn a_version_below_the_least_one_says_what_to_do() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    bao.bao(&["write", "-f", "transit/keys/app/rotate"]);
    bao.bao(&["write", "transit/keys/app/config", "min_decryption_version=2"]);
    let shown = bao.program().load(&entry);
    assert!(
        shown.contains("below min_decryption_version: lower that, and run `encrypted-diesel key rewrap`"),
        "{shown}"
    );
}

#[test]
fn the_kv_engine_keeps_keys_and_other_fields() {
    let bao = OpenBao::start();
    let program = bao.program();
    let uri = |field| format!("vault-kv://secret/clinic/keys?field={field}");
    let first = program.wrap(&uri("first"), "encryption", 1);
    let second = program.wrap(&uri("second"), "encryption", 2);
    assert!(first.starts_with("vault-kv://secret/clinic/keys?field=first&check="), "{first}");
    let shown = program.load(&format!("{second},{first}"));
    says(&shown, &format!("keys: [{}, {}]", id(2), id(1)));
    assert_eq!(bao.bao(&["kv", "get", "-field=first", "secret/clinic/keys"]), hex(1));

    // A second time changes nothing; another key in its place is refused.
    assert_eq!(program.wrap(&uri("first"), "encryption", 1), first);
    says(&program.wrap(&uri("first"), "encryption", 3), "name another field");
    says(&program.load(&first), &id(1));

    let swapped = replaced(&first, "field", "second");
    says(&program.load(&swapped), "returned another key than that of `check`");
    says(&program.load(&replaced(&first, "field", "none")), "no such field");
    says(&program.load(&first.replacen("clinic", "none", 1)), "refuses the entry (status 404)");

    // A secret that was deleted can be written again.
    bao.bao(&["kv", "delete", "secret/clinic/keys"]);
    says(&program.load(&first), "refuses the entry (status 404)");
    assert_eq!(program.wrap(&uri("first"), "encryption", 1), first);
    says(&program.load(&first), &id(1));
}

#[test]
fn app_role_logs_in() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    bao.policy("application", &[("transit/decrypt/app", "update")]);
    bao.bao(&["auth", "enable", "approle"]);
    bao.bao(&["write", "auth/approle/role/app", "token_policies=application", "token_ttl=1m"]);
    let role = bao.bao(&["read", "-field=role_id", "auth/approle/role/app/role-id"]);
    let secret = bao.bao(&["write", "-f", "-field=secret_id", "auth/approle/role/app/secret-id"]);

    let program = Program::default().with("VAULT_ADDR", bao.url()).with("VAULT_ROLE_ID", &role);
    says(&program.load(&entry), "set VAULT_SECRET_ID or VAULT_SECRET_ID_FILE as well");
    says(&program.clone().with("VAULT_SECRET_ID", &secret).load(&entry), &id(1));
    let wrong = program.clone().with("VAULT_SECRET_ID", "wrong").load(&entry);
    assert!(wrong.contains("denies access (log-in, status 400)"), "{wrong}");

    let folder = TempDir::new().unwrap();
    let file = folder.path().join("secret-id");
    fs::write(&file, format!("{secret}\n")).unwrap();
    says(&program.with("VAULT_SECRET_ID_FILE", file).load(&entry), &id(1));
}

/// Kubernetes itself cannot be had here, so a server stands for the log-in, and passes no more than that.
#[test]
fn kubernetes_logs_in_by_the_token_of_the_pod() {
    let fake = Fake::start(|request| match request.starts_with("POST /v1/auth/cluster/login ") {
        true => (200, r#"{"auth": {"client_token": "s.given"}}"#.to_owned()),
        false => (403, r#"{"errors": ["permission denied"]}"#.to_owned()),
    });
    let folder = TempDir::new().unwrap();
    let jwt = folder.path().join("token");
    fs::write(&jwt, "header.payload.signature\n").unwrap();
    let program = Program::default()
        .with("VAULT_ADDR", fake.url())
        .with("VAULT_AUTH_ROLE", "app")
        .with("VAULT_AUTH_PATH", "cluster")
        .with("VAULT_AUTH_JWT_FILE", jwt)
        .with("VAULT_NAMESPACE", "team");
    let entry = format!("{TRANSIT}?wrapped=vault:v1:AAAA&check={}", "0".repeat(32));
    says(&program.load(&entry), "denies access (status 403)");
    let requests = fake.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(requests[0].ends_with(r#"{"jwt":"header.payload.signature","role":"app"}"#), "{requests:?}");
    assert!(!requests[1].contains("header.payload"), "{requests:?}");
    assert!(requests[1].contains("x-vault-token: s.given"), "{requests:?}");
    assert!(requests.iter().all(|request| request.contains("x-vault-namespace: team")), "{requests:?}");
}

#[test]
fn the_token_of_vault_login_is_found() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    let home = TempDir::new().unwrap();
    let program = Program::default().with("VAULT_ADDR", bao.url()).with("HOME", home.path());
    says(&program.load(&entry), "no token: set VAULT_TOKEN");
    fs::write(home.path().join(".vault-token"), ROOT).unwrap();
    says(&program.load(&entry), &id(1));
}

#[test]
fn a_server_is_trusted_by_its_authority() {
    let (bao, other) = (OpenBao::start_with_tls(), OpenBao::start_with_tls());
    let program = bao.program();
    let trusting = program.clone().with("VAULT_CACERT", bao.authority());
    let entry = trusting.wrap(TRANSIT, "encryption", 1);
    says(&trusting.load(&entry), &id(1));
    let refused = program.clone().with("VAULT_CACERT", other.authority()).load(&entry);
    says(&refused, "a certificate that is not trusted");
    says(&program.load(&entry), "a certificate that is not trusted");
    let missing = program.with("VAULT_CACERT", "/none").load(&entry);
    says(&missing, "the file that VAULT_CACERT names cannot be read");
}

#[test]
fn nothing_secret_is_logged() {
    let bao = OpenBao::start();
    let entry = bao.program().wrap(TRANSIT, "encryption", 1);
    let mut command = bao
        .program()
        .with("FIELD_ENCRYPTION_KEY", &entry)
        .with("TRACE", "1")
        .command(env!("CARGO_BIN_EXE_keys"));
    let output = command.arg("load").output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("TRACE"), "nothing is logged: {log}");
    // As hex digits, as the request and the answer have it, and as bytes in a dump.
    for secret in [hex(1).as_str(), "AQEBAQEB", "0101 0101", ROOT] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn a_busy_server_is_asked_three_times() {
    for (status, kind) in [(500, "is not available (status 500)"), (429, "is not available (status 429)")] {
        let fake = Fake::start(move |_| (status, r#"{"errors": ["secret words"]}"#.to_owned()));
        let program = Program::default().with("VAULT_ADDR", fake.url()).with("VAULT_TOKEN", "s.any");
        let begin = Instant::now();
        let shown = program.load(&format!("{TRANSIT}?wrapped=vault:v1:AAAA&check={}", "0".repeat(32)));
        assert!(shown.contains(kind) && !shown.contains("secret words"), "{shown}");
        assert_eq!(fake.requests().len(), 3);
        assert!(begin.elapsed() >= Duration::from_millis(600), "no pause");
    }
}

#[test]
fn what_is_final_is_asked_once() {
    for status in [400, 403, 404, 200] {
        let fake = Fake::start(move |_| (status, r#"{"errors": ["secret words"]}"#.to_owned()));
        let program = Program::default().with("VAULT_ADDR", fake.url()).with("VAULT_TOKEN", "s.any");
        let shown = program.load(&format!("{TRANSIT}?wrapped=vault:v1:AAAA&check={}", "0".repeat(32)));
        assert!(!shown.contains("secret words") && !shown.contains("KeyId"), "{shown}");
        assert_eq!(fake.requests().len(), 1, "{status}");
    }
}

#[test]
fn a_server_that_sends_another_key_is_found_out() {
    let other = r#"{"data": {"plaintext": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="}}"#;
    for (answer, problem) in [
        (other, "returned another key than that of `check`"),
        (r#"{"data": {"plaintext": "AgIC"}}"#, "not 32 bytes"),
        (r#"{"data": {}}"#, "no plaintext in the answer"),
        ("no JSON", "no plaintext in the answer"),
    ] {
        let fake = Fake::start(move |_| (200, answer.to_owned()));
        let program = Program::default().with("VAULT_ADDR", fake.url()).with("VAULT_TOKEN", "s.any");
        let check = encrypted_diesel::Key::from([1; 32]).fingerprint();
        let shown = program.load(&format!("{TRANSIT}?wrapped=vault:v1:AAAA&check={check}"));
        says(&shown, problem);
    }
}

#[test]
fn settings_that_are_missing_or_wrong_are_named() {
    let load = |program: Program, entry: &str| program.load(entry);
    let check = "check=00000000000000000000000000000000";
    let entry = format!("{TRANSIT}?wrapped=vault:v1:AAAA&{check}");
    says(&load(Program::default(), &entry), "set VAULT_ADDR");
    let bad = Program::default().with("VAULT_TOKEN", "t").with("VAULT_ADDR", "vault.example.com:8200");
    says(&load(bad, &entry), "VAULT_ADDR is not a URL");
    let program = Program::default().with("VAULT_TOKEN", "t").with("VAULT_ADDR", "http://127.0.0.1:1");
    for (entry, problem) in [
        (format!("vault-transit://app?wrapped=x&{check}"), "write the entry as vault-transit://MOUNT/KEY"),
        (format!("vault-kv://secret?field=x&{check}"), "write the entry as vault-kv://MOUNT/PATH"),
        (format!("vault-transit://transit/app?{check}"), "the entry needs the parameter `wrapped`"),
        (format!("vault-kv://secret/app?{check}"), "the entry needs the parameter `field`"),
        (format!("vault-transit://a/../app?wrapped=x&{check}"), "an empty part, `.` or `..`"),
        (format!("{entry}&version=2"), "a parameter other than `wrapped`"),
    ] {
        let shown = load(program.clone(), &entry);
        assert!(shown.contains(problem), "{entry}: {shown}");
    }
}
