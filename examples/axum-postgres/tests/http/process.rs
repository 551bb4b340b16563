//! Start and stop.

use std::process::{Command, Output};
use std::thread;

use serde_json::json;

use crate::database::Database;
use crate::service::{KEY, Service, program};

fn failure(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

#[test]
fn needs_a_key() {
    let stderr = failure(program().env("DATABASE_URL", "postgres://127.0.0.1:1/none"));
    assert!(stderr.starts_with("axum-postgres: FIELD_ENCRYPTION_KEY is not set"), "{stderr}");

    let stderr = failure(program().env("FIELD_ENCRYPTION_KEY", &KEY[1..]));
    assert!(stderr.starts_with("axum-postgres: FIELD_ENCRYPTION_KEY: "), "{stderr}");
    assert!(!stderr.contains(&KEY[1..]), "{stderr}");
}

#[test]
fn needs_settings_that_it_understands() {
    let keyed = || {
        let mut command = program();
        command.env("FIELD_ENCRYPTION_KEY", KEY);
        command
    };
    assert!(failure(&mut keyed()).starts_with("axum-postgres: DATABASE_URL is not set"));

    let with_url = || {
        let mut command = keyed();
        command.env("DATABASE_URL", "postgres://user:hunter2@127.0.0.1:1/none");
        command
    };
    assert!(failure(with_url().env("LISTEN", "3000")).starts_with("axum-postgres: LISTEN is not an address"));
    assert!(failure(with_url().env("RUST_LOG", "a=b=c")).starts_with("axum-postgres: RUST_LOG: "));

    let stderr = failure(&mut with_url());
    assert_eq!(stderr, "axum-postgres: DATABASE_URL: error connecting to server\n");
    let stderr = failure(keyed().env("DATABASE_URL", "postgres://user:hunter2@127.0.0.1:port/none"));
    assert!(stderr.starts_with("axum-postgres: DATABASE_URL: ") && !stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn stops_when_it_is_told_to() {
    let Some(database) = Database::create() else { return };
    let service = Service::start(&database);
    // The client keeps the connection open.
    service.get("/patients").json(200);
    let log = service.stop();
    assert!(log.contains("stopping, after the open requests are answered"), "{log}");
}

#[test]
fn several_start_at_once() {
    let Some(database) = Database::create() else { return };
    let services = thread::scope(|scope| {
        let starts = [(); 4].map(|()| scope.spawn(|| Service::start(&database)));
        starts.map(|start| start.join().unwrap())
    });

    let patient = json!({ "ward": "cardiology", "name": "Ada Winter", "ssn": "987-65-4320" });
    let created = services[0].post("/patients", &patient).json(201);
    for service in &services {
        assert_eq!(service.get("/patients/1").json(200), created);
    }
    let migrated = services.into_iter().map(Service::stop).filter(|log| log.contains("migrated")).count();
    assert_eq!(migrated, 1);
}
