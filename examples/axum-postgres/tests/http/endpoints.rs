//! The endpoints.

use serde_json::{Value, json};
use ureq::http::Method;

use crate::database::Database;
use crate::service::{Answer, Service};

fn ada() -> Value {
    json!({
        "ward": "cardiology",
        "name": "Ada Winter",
        "ssn": "987-65-4320",
        "born": "1985-12-10",
        "notes": "allergic to latex",
    })
}

/// Another patient for each number, without the optional fields.
fn patient(number: u32, ward: &str) -> Value {
    json!({ "ward": ward, "name": format!("Patient {number}"), "ssn": "987-65-4321" })
}

/// `object` with some fields replaced.
fn with(mut object: Value, changes: Value) -> Value {
    for (field, value) in changes.as_object().unwrap() {
        object[field] = value.clone();
    }
    object
}

#[test]
fn creates_and_reads() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);

    let answer = service.post("/patients", &ada());
    let created = answer.json(201);
    assert_eq!(created, with(ada(), json!({ "id": 1 })));
    assert_eq!(answer.location.as_deref(), Some("/patients/1"));
    assert_eq!(service.get("/patients/1").json(200), created);

    let bare = patient(2, "ward");
    let expected = with(bare.clone(), json!({ "id": 2, "born": null, "notes": null }));
    assert_eq!(service.post("/patients", &bare).json(201), expected);
    assert_eq!(service.get("/patients/2").json(200), expected);
}

#[test]
fn keeps_notes_that_look_empty_or_encrypted() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);

    for notes in
        ["", " ", "0", "null", "ed1:not an envelope", "a\0b\r\n", "Zoë 🦊 '; DROP TABLE patients; --"]
    {
        let created = service.post("/patients", &with(ada(), json!({ "notes": notes }))).json(201);
        let read = service.get(&format!("/patients/{}", created["id"])).json(200);
        assert_eq!(read["notes"], notes);
    }
}

#[test]
fn lists_by_page_and_ward() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    assert_eq!(service.get("/patients").json(200), json!({ "patients": [], "next": null }));
    for number in 1..=25 {
        let ward = if number % 5 == 0 { "oncology & co" } else { "cardiology" };
        service.post("/patients", &patient(number, ward)).json(201);
    }

    let list = |query: &str| {
        let page = service.get(&format!("/patients?{query}")).json(200);
        let ids = page["patients"].as_array().unwrap().iter().map(|patient| patient["id"].as_i64().unwrap());
        (ids.collect::<Vec<_>>(), page["next"].as_i64())
    };
    assert_eq!(list(""), ((1..=20).collect(), Some(20)));
    assert_eq!(list("after=20"), ((21..=25).collect(), None));
    assert_eq!(list("limit=5"), ((1..=5).collect(), Some(5)));
    assert_eq!(list("limit=5&after=20"), ((21..=25).collect(), None));
    assert_eq!(list("ward=oncology%20%26%20co&limit=4"), (vec![5, 10, 15, 20], Some(20)));
    assert_eq!(list("ward=oncology%20%26%20co&limit=4&after=20"), (vec![25], None));
    assert_eq!(list("ward=none"), (vec![], None));
    let page = service.get("/patients?limit=1").json(200);
    assert_eq!(page["patients"][0]["name"], "Patient 1");
}

#[test]
fn changes_what_is_present() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    let before = service.post("/patients", &ada()).json(201);
    let other = service.post("/patients", &patient(2, "ward")).json(201);

    let mut expected = before;
    for changes in [
        json!({}),
        json!({ "notes": "allergic to latex and penicillin" }),
        json!({ "notes": "" }),
        json!({ "notes": null }),
        json!({ "born": null, "name": "Ada Summer" }),
        json!({ "born": "1985-12-11", "ssn": "987-65-4329", "ward": "surgery", "notes": "none" }),
    ] {
        expected = with(expected, changes.clone());
        assert_eq!(service.patch("/patients/1", &changes).json(200), expected);
        assert_eq!(service.get("/patients/1").json(200), expected);
    }
    assert_eq!(service.get("/patients/2").json(200), other);
}

#[test]
fn deletes() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    service.post("/patients", &ada()).json(201);

    let answer = service.delete("/patients/1");
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    for answer in [
        service.get("/patients/1"),
        service.delete("/patients/1"),
        service.patch("/patients/1", &json!({})),
        service.patch("/patients/1", &json!({ "notes": "late" })),
    ] {
        assert_eq!(answer.json(404), json!({ "error": "not found" }));
    }
    assert_eq!(database.dump(), "");
}

#[test]
fn refuses_values_by_field() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    service.post("/patients", &ada()).json(201);
    let stored = database.dump();

    let long = "Ä".repeat(121);
    for (field, value, message) in [
        ("name", long.as_str(), "the text has 121 characters, and at most 120 are allowed"),
        ("name", " ", "it is empty"),
        ("ssn", "9876-5-4320", "nine digits are expected, in the form 000-00-0000"),
        ("ssn", "987-65-43201", "nine digits are expected, in the form 000-00-0000"),
        ("ssn", "٩87-65-432", "nine digits are expected, in the form 000-00-0000"),
        ("born", "1985-13-10", "a date is expected, in the form 2000-12-31"),
        ("born", "yesterday", "a date is expected, in the form 2000-12-31"),
        ("ward", "", "1 to 40 characters are expected, none of them a control character"),
        ("ward", "a\0b", "1 to 40 characters are expected, none of them a control character"),
    ] {
        let expected = json!({ "error": message, "field": field });
        let created = service.post("/patients", &with(ada(), json!({ field: value })));
        assert_eq!(created.json(422), expected);
        assert_eq!(service.patch("/patients/1", &json!({ field: value })).json(422), expected);
    }
    let longest = service.post("/patients", &with(ada(), json!({ "name": "🦊".repeat(120) })));
    assert_eq!(longest.json(201)["name"], "🦊".repeat(120));

    for limit in [0, 101] {
        let answer = service.get(&format!("/patients?limit={limit}"));
        assert_eq!(answer.json(422), json!({ "error": "1 to 100 are expected", "field": "limit" }));
    }
    assert!(database.dump().starts_with(&stored), "the first patient was changed");
    assert_eq!(database.dump().lines().count(), 2);
}

#[test]
fn refuses_bodies_without_showing_them() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    service.post("/patients", &ada()).json(201);

    let assert_refused = |answer: &Answer, status: u16, message: &str| {
        let error = answer.json(status);
        assert!(error["error"].as_str().unwrap().starts_with(message), "{error}");
        assert!(!answer.text.contains("9876"), "{}", answer.text);
    };
    let unexpected = "a field is missing, unknown, or of another type, at line 1, column ";
    for body in [
        with(ada(), json!({ "ssn": 987654320 })),
        with(ada(), json!({ "notes": ["987-65-4320"] })),
        with(ada(), json!({ "987-65-4320": "ssn" })),
        json!({ "ssn": "987-65-4320" }),
        json!(987654320),
        json!("987-65-4320"),
    ] {
        assert_refused(&service.post("/patients", &body), 422, unexpected);
    }
    for body in [
        json!({ "name": null }),
        json!({ "ssn": null }),
        json!({ "ward": null }),
        json!({ "ssn": 987654320 }),
        json!({ "id": 2 }),
    ] {
        assert_refused(&service.patch("/patients/1", &body), 422, unexpected);
    }
    for body in ["", "{", "#987-65-4320", r#"{"ssn": "987-65-4320"#, "{\"ssn\": '987-65-4320'}"] {
        let answer = service.send(Method::POST, "/patients", Some(body));
        assert_refused(&answer, 400, "the body is not JSON, from line 1, column ");
    }
    let text = service.post_text("/patients", "987-65-4320");
    assert_refused(&text, 415, "a body of the type application/json is expected");
    let long = with(ada(), json!({ "notes": "987-65-4320".repeat(200_000) }));
    assert_refused(&service.post("/patients", &long), 413, "the body is too long");

    assert_eq!(database.dump().lines().count(), 1);
}

#[test]
fn refuses_other_requests() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    service.post("/patients", &ada()).json(201);

    for path in ["/", "/patient", "/patients/", "/patients/2", "/patients/one", "/patients/9876543210"] {
        assert_eq!(service.get(path).json(404), json!({ "error": "not found" }));
    }
    for path in ["/patients", "/patients/1"] {
        let answer = service.send(Method::PUT, path, Some("{}"));
        assert_eq!(answer.json(405), json!({ "error": "not allowed here" }));
    }
    for query in ["limit=many", "after=1.5", "name=Ada"] {
        let error = service.get(&format!("/patients?{query}")).json(400);
        assert_eq!(error["error"], "the only parameters are `after` and `limit`, both numbers, and `ward`");
    }
}
