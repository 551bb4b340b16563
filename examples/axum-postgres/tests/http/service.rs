//! The service as a process, and a client of it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Method, Request, Response};

use crate::database::Database;

pub(crate) const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, without the environment variables that it reads.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axum-postgres"));
    for variable in ["FIELD_ENCRYPTION_KEY", "FIELD_INDEX_KEY"] {
        command.env_remove(variable).env_remove(format!("{variable}_FILE"));
    }
    for variable in ["DATABASE_URL", "LISTEN", "RUST_LOG"] {
        command.env_remove(variable);
    }
    // A folder without `.env`.
    command.current_dir("/").stdin(Stdio::null());
    command
}

pub(crate) struct Service {
    process: Child,
    address: String,
    agent: Agent,
    lines: Receiver<String>,
    log: String,
}

impl Service {
    pub(crate) fn start(database: &Database) -> Self {
        Self::start_with(database, KEY, "info")
    }

    /// Returns once the service listens.
    pub(crate) fn start_with(database: &Database, key: &str, level: &str) -> Self {
        let mut process = program()
            .env("DATABASE_URL", database.url())
            .env("FIELD_ENCRYPTION_KEY", key)
            .env("LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", level)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        forward(process.stdout.take().unwrap(), sender.clone());
        forward(process.stderr.take().unwrap(), sender);

        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(PATIENCE))
            // After a request that it refuses without reading the body, the server may close the connection.
            .max_idle_connections(0)
            .build()
            .into();
        let mut service = Self { process, address: String::new(), agent, lines, log: String::new() };
        service.address = service.wait_for("listening on ");
        service
    }

    /// Waits for a line of the log that contains `wanted`, and returns the text after it.
    pub(crate) fn wait_for(&mut self, wanted: &str) -> String {
        loop {
            let line = match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => line,
                Err(_) => panic!("no {wanted:?} in\n{}", self.log),
            };
            self.log += &line;
            if let Some((_, rest)) = line.split_once(wanted) {
                return rest.trim_end().to_owned();
            }
        }
    }

    /// Stops the service as a service manager does, and returns its whole log.
    pub(crate) fn stop(mut self) -> String {
        let kill = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(kill.success());
        let status = self.wait();
        assert!(status.success(), "{status}\n{}", self.log);
        let rest = self.lines.iter().collect::<String>();
        std::mem::take(&mut self.log) + &rest
    }

    fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it does not stop\n{}", self.log);
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(&body.to_string()))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(&body.to_string()))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None)
    }

    /// Sends any body, valid JSON or not.
    pub(crate) fn send(&self, method: Method, path: &str, body: Option<&str>) -> Answer {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.address));
        let response = match body {
            None => self.agent.run(request.body(()).unwrap()),
            Some(body) => {
                self.agent.run(request.header("content-type", "application/json").body(body).unwrap())
            }
        };
        Answer::new(response.unwrap())
    }

    /// Sends a body with the content type of plain text.
    pub(crate) fn post_text(&self, path: &str, body: &str) -> Answer {
        let url = format!("{}{path}", self.address);
        Answer::new(self.agent.post(url).header("content-type", "text/plain").send(body).unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).unwrap() > 0 {
            // After a failed test, nobody receives it.
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
            line.clear();
        }
    });
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub text: String,
}

impl Answer {
    fn new(mut response: Response<ureq::Body>) -> Self {
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        let text = response.body_mut().read_to_string().unwrap();
        Self { status: response.status().as_u16(), location, text }
    }

    /// The body, if the answer has this status.
    #[track_caller]
    pub(crate) fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }
}
