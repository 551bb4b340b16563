//! Neither the database nor the most verbose log has plaintext.

use serde_json::json;
use ureq::http::Method;

use crate::database::Database;
use crate::search::finds;
use crate::service::{KEY, Service};

/// Not encrypted: if the search finds this, it works.
const WARD: &str = "cardiology";

/// Everything that is sent and must not be visible, or a part that occurs nowhere else.
const PLAINTEXTS: [&str; 13] = [
    "Ada Winter",
    "Ada Summer",
    "Zoë Marsh",
    "987-65-43",
    "98765432",
    "1985-12-10",
    "1972-03-01",
    "1985-13-41",
    "latex",
    "penicillin",
    "call in the morning",
    "Long Name",
    "Odd Text",
];

#[test]
fn is_nowhere_at_level_trace() {
    let Some(database) = Database::create() else { return };
    let service = Service::start_with(&database, KEY, "trace");
    let mut stored = String::new();

    // Requests that succeed.
    let ada = json!({
        "ward": WARD, "name": "Ada Winter", "ssn": "987-65-4320", "born": "1985-12-10",
        "notes": "allergic to latex",
    });
    let zoe =
        json!({ "ward": WARD, "name": "Zoë Marsh", "ssn": "987-65-4321", "notes": "call in the morning" });
    service.post("/patients", &ada).json(201);
    service.post("/patients", &zoe).json(201);
    stored += &database.dump();
    service.get("/patients/1").json(200);
    service.get(&format!("/patients?ward={WARD}")).json(200);
    let changes = json!({ "name": "Ada Summer", "born": "1972-03-01", "notes": "allergic to penicillin" });
    service.patch("/patients/1", &changes).json(200);
    stored += &database.dump();

    // Requests that are refused.
    for (status, changes) in [
        (422, json!({ "name": "Long Name".repeat(20) })),
        (422, json!({ "ssn": 987654320 })),
        (422, json!({ "ssn": "987-65-432x" })),
        (422, json!({ "born": "1985-13-41" })),
        (422, json!({ "born": { "1985-12-10": "latex" } })),
        (422, json!({ "Odd Text": null })),
        (422, json!("Odd Text")),
    ] {
        service.patch("/patients/1", &changes).json(status);
    }
    for (status, body) in
        [(400, "Odd Text"), (400, r#"{"name": "Odd Text"#), (400, r#"{"name": "Odd Text\q"}"#)]
    {
        service.send(Method::PATCH, "/patients/1", Some(body)).json(status);
    }
    service.post_text("/patients", "Odd Text").json(415);
    // Odd requests.
    service.get("/patients/987-65-4320").json(404);
    service.get("/Odd%20Text").json(404);
    service.get("/patients?after=987-65-4320").json(400);
    service.get("/patients?ssn=987-65-4320").json(400);

    // Internal errors.
    database.execute("UPDATE patients SET notes = 'latex' WHERE id = 1");
    service.get("/patients/1").json(500);
    database.execute("ALTER TABLE patients ADD CHECK (ward <> 'nowhere'), ADD UNIQUE (name)");
    service.patch("/patients/2", &json!({ "ward": "nowhere", "name": "Ada Winter" })).json(500);
    service.delete("/patients/1");
    let log = service.stop();

    for plaintext in PLAINTEXTS {
        assert!(!finds(&log, plaintext), "{plaintext} in the log\n{log}");
        assert!(!finds(&stored, plaintext), "{plaintext} in the database\n{stored}");
    }
    // Values are logged: the search finds the plain one, and the envelopes of the others.
    assert!(finds(&log, WARD) && finds(&log, "ed1:f26f38f7:"));
    assert!(finds(&stored, WARD) && finds(&stored, "ed1:f26f38f7:"));
    // So are the layers below.
    for line in [
        "DEBUG request{method=POST route=\"/patients\"}",
        r#"INSERT INTO "patients""#,
        "TRACE",
        "tokio_postgres::query: executing statement",
        "tower_http::trace",
        "axum::serve",
    ] {
        assert!(log.contains(line), "no {line:?} in\n{log}");
    }
}
