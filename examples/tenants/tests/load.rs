//! Two hundred tenants, a cache of fifty keyrings, a rotation of one tenant's key and the shredding of another, under load.

#![allow(clippy::unwrap_used, missing_docs)]

use std::env;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use encrypted_diesel::tenants::TenantKeys;
use encrypted_diesel::{Key, Keyring};

const TENANTS: usize = 200;
const KEPT: u64 = 50;
const CLIENTS: usize = 4;
/// The time to live of the cache.
const SETTLED: Duration = Duration::from_millis(700);

const ROTATED: usize = 7;
const SHREDDED: usize = 13;

type Database = AsyncConnectionWrapper<AsyncPgConnection>;

/// A schema of its own, which ends with the test.
struct Schema {
    server: String,
    name: String,
}

impl Schema {
    fn create() -> Option<Self> {
        let Ok(server) = env::var("TEST_POSTGRES_URL") else {
            // Not `eprintln!`, which the test harness keeps to itself.
            let notice = b"\nNOT RUN, whatever the summary says: the test of tenants, which needs TEST_POSTGRES_URL.\n\n";
            std::io::stderr().write_all(notice).unwrap();
            return None;
        };
        let name = format!("tenants_{}", std::process::id());
        Database::establish(&server).unwrap().batch_execute(&format!("CREATE SCHEMA {name}")).unwrap();
        Some(Self { server, name })
    }

    fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{separator}options=-c%20search_path%3D{}", self.server, self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let mut server = Database::establish(&self.server).unwrap();
        server.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.name)).unwrap();
    }
}

/// The service, on a thread of its own.
fn serve(url: String) -> String {
    let (sender, address) = std::sync::mpsc::channel();
    thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let keys = TenantKeys::new(Keyring::new(Key::generate().unwrap()), KEPT, SETTLED);
            let state =
                tenants::State::connect(&url, keys, SETTLED + Duration::from_millis(300)).await.unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
            axum::serve(listener, tenants::router(state)).await.unwrap();
        });
    });
    address.recv().unwrap()
}

/// A client, which takes errors of the service as answers.
fn client() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn post(client: &ureq::Agent, url: &str, tenant: usize, text: &str) -> u16 {
    let note = serde_json::json!({ "text": text, "copy": true });
    client.post(url).header("x-tenant", format!("t{tenant}")).send_json(note).unwrap().status().as_u16()
}

/// The notes of a tenant, or the status.
fn notes(client: &ureq::Agent, service: &str, tenant: usize) -> Result<Vec<String>, u16> {
    let response =
        client.get(format!("{service}/notes")).header("x-tenant", format!("t{tenant}")).call().unwrap();
    let status = response.status().as_u16();
    // A body that breaks off is an error here.
    let body = response.into_body().read_to_string().unwrap();
    match status {
        200 => {
            let text = |line: &str| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
            };
            Ok(body.lines().map(text).collect())
        }
        status => Err(status),
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    key_id: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many notes of a tenant are under each key.
fn counts(url: &str, tenant: usize) -> Vec<(String, i64)> {
    let query = diesel::sql_query(
        "SELECT substr(text, 5, 8) AS key_id, count(*) AS rows FROM notes WHERE tenant_id = $1 GROUP BY 1",
    );
    let counts =
        query.bind::<Text, _>(format!("t{tenant}")).load::<Count>(&mut Database::establish(url).unwrap());
    counts.unwrap().into_iter().map(|count| (count.key_id, count.rows)).collect()
}

#[test]
fn one_is_rotated_and_one_shredded_while_all_are_served() {
    let Some(schema) = Schema::create() else { return };
    let service = serve(schema.url());
    let admin = client();
    for tenant in 0..TENANTS {
        let made = admin.post(format!("{service}/tenants/t{tenant}")).send_empty().unwrap();
        assert_eq!(made.status().as_u16(), 201);
        assert_eq!(post(&admin, &format!("{service}/notes"), tenant, &format!("first of t{tenant}")), 201);
    }
    // A second sign-up is not one, and leaves the keys.
    assert_eq!(
        admin.post(format!("{service}/tenants/t{ROTATED}")).send_empty().unwrap().status().as_u16(),
        409
    );
    let before = counts(&schema.url(), ROTATED);
    let others = counts(&schema.url(), ROTATED + 1);

    let (over, requests) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (over, requests, service) = (&over, &requests, &service);
            scope.spawn(move || {
                let client = client();
                // Each in another order, so that keyrings come and go.
                for turn in (number * 31..).step_by(7) {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    // Some of the time at one tenant whose key is rotated.
                    let tenant = if turn % 5 == 0 { ROTATED } else { turn % TENANTS };
                    if tenant == SHREDDED {
                        continue;
                    }
                    assert_eq!(
                        post(&client, &format!("{service}/notes"), tenant, &format!("{turn} of t{tenant}")),
                        201
                    );
                    let notes = notes(&client, service, tenant).unwrap();
                    assert!(
                        notes.len() > 1 && notes.iter().all(|note| note.ends_with(&format!(" of t{tenant}"))),
                        "{notes:?}"
                    );
                    requests.fetch_add(2, Ordering::Relaxed);
                }
            });
        }
        let rotation = admin.post(format!("{service}/tenants/t{ROTATED}/rotation")).send_empty().unwrap();
        assert_eq!(rotation.status().as_u16(), 202);
        assert_eq!(
            admin.delete(format!("{service}/tenants/t{SHREDDED}")).call().unwrap().status().as_u16(),
            204
        );
        assert_eq!(notes(&admin, &service, SHREDDED), Err(404));

        let begin = Instant::now();
        let is_rotated = || {
            let counts = counts(&schema.url(), ROTATED);
            counts.len() == 1 && counts[0].0 != before[0].0
        };
        while !is_rotated() {
            assert!(
                begin.elapsed() < Duration::from_secs(60),
                "{before:?} {:?}",
                counts(&schema.url(), ROTATED)
            );
            thread::sleep(Duration::from_millis(100));
        }
        // The old key is dropped.
        thread::sleep(2 * SETTLED);
        over.store(true, Ordering::Relaxed);
    });
    let requests = requests.into_inner();
    println!("{requests} requests of {TENANTS} tenants, a cache of {KEPT}");
    assert!(requests > 100, "{requests}");

    // Other tenants' notes stayed under their keys.
    assert_eq!(counts(&schema.url(), ROTATED + 1)[0].0, others[0].0);
    for tenant in (0..TENANTS).filter(|tenant| *tenant != SHREDDED) {
        assert!(
            notes(&admin, &service, tenant).unwrap().contains(&format!("first of t{tenant}")),
            "t{tenant}"
        );
    }
    // The notes of the one that was shredded are there, and nobody reads them, under new keys neither.
    assert_eq!(counts(&schema.url(), SHREDDED)[0].1, 2);
    assert_eq!(notes(&admin, &service, SHREDDED), Err(404));
    assert_eq!(
        admin.post(format!("{service}/tenants/t{SHREDDED}")).send_empty().unwrap().status().as_u16(),
        201
    );
    let broken = admin.get(format!("{service}/notes")).header("x-tenant", format!("t{SHREDDED}")).call();
    let read = broken.map(|response| response.into_body().read_to_string());
    assert!(!matches!(read, Ok(Ok(_))), "{read:?}");
}
