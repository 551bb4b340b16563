//! Values that do not decrypt.

use serde_json::{Value, json};

use crate::database::Database;
use crate::service::{KEY, Service};

const OTHER_KEY: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

fn ada() -> Value {
    json!({ "ward": "cardiology", "name": "Ada Winter", "ssn": "987-65-4320", "notes": "allergic to latex" })
}

fn internal_error() -> Value {
    json!({ "error": "internal error" })
}

#[test]
fn a_wrong_key_reads_nothing_and_harms_nothing() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    let created = service.post("/patients", &ada()).json(201);
    service.stop();
    let stored = database.dump();

    let service = Service::start_with(&database, OTHER_KEY, "info");
    assert_eq!(service.get("/patients/1").json(500), internal_error());
    assert_eq!(service.get("/patients").json(500), internal_error());
    assert_eq!(service.patch("/patients/1", &json!({})).json(500), internal_error());
    // It can write, and read what it has written.
    let other = service.post("/patients", &ada()).json(201);
    assert_eq!(service.get("/patients/2").json(200), other);
    let log = service.stop();
    let reason = "error=Error deserializing field 'name' reason=the value was encrypted under the key \
        f26f38f7, which is not in this keyring";
    assert_eq!(log.matches(reason).count(), 3, "{log}");
    assert!(log.contains("route=\"/patients/{id}\" patient=1"), "{log}");
    for secret in ["Ada Winter", "987-65-4320", "latex", KEY, OTHER_KEY, "ed1:"] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
    assert!(database.dump().starts_with(&stored));

    // With both keys, everything is there again.
    let service = Service::start_with(&database, &format!("{OTHER_KEY},{KEY}"), "info");
    assert_eq!(service.get("/patients/1").json(200), created);
    assert_eq!(service.get("/patients").json(200)["patients"], json!([created, other]));
}

#[test]
fn a_changed_value_is_detected() {
    let Some(database) = Database::create() else { return };
    let mut service = Service::start(&database);
    service.post("/patients", &ada()).json(201);
    service.post("/patients", &ada()).json(201);

    let decryption_failed = "decryption failed: the value was altered, or was encrypted for another context";
    for (change, message) in [
        ("UPDATE patients SET notes = ssn WHERE id = 1", decryption_failed),
        ("UPDATE patients SET notes = left(notes, 40) WHERE id = 1", "damaged envelope"),
        ("UPDATE patients SET notes = 'allergic to latex' WHERE id = 1", "a value that is not encrypted"),
    ] {
        database.execute(change);
        assert_eq!(service.get("/patients/1").json(500), internal_error());
        let reason = service.wait_for("error=Error deserializing field 'notes' reason=");
        assert!(reason.contains(message), "{reason}");
    }
    // The row beside is as before, and the one that is not can be repaired.
    service.get("/patients/2").json(200);
    let repaired = service.patch("/patients/1", &json!({ "notes": "allergic to latex" })).json(200);
    assert_eq!(repaired["notes"], "allergic to latex");
    assert!(!service.stop().contains("latex"));
}
