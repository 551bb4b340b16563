//! An OpenBao server in memory, with a transit engine, KV version 2 and `AppRole`.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::program::Program;
use crate::server::{Server, free_port, installed};

/// The token that may do everything.
pub(crate) const ROOT: &str = "token-that-may-do-everything";

pub(crate) struct OpenBao {
    server: Server,
    scheme: &'static str,
    folder: TempDir,
}

impl OpenBao {
    pub(crate) fn start() -> Self {
        Self::with("http", &[])
    }

    /// With a certificate of its own authority, `ca.pem`.
    pub(crate) fn start_with_tls() -> Self {
        Self::with("https", &["-dev-tls"])
    }

    /// Without an engine.
    pub(crate) fn start_empty() -> Self {
        Self::serve("http", &[])
    }

    fn with(scheme: &'static str, options: &[&str]) -> Self {
        let own = Self::serve(scheme, options);
        own.bao(&["secrets", "enable", "transit"]);
        own.bao(&["write", "-f", "transit/keys/app"]);
        own
    }

    fn serve(scheme: &'static str, options: &[&str]) -> Self {
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let mut command = Command::new(installed("bao"));
        command.args(["server", "-dev", "-dev-no-store-token", "-dev-root-token-id", ROOT]).args(options);
        if scheme == "https" {
            command.arg(format!("-dev-tls-cert-dir={}", folder.path().display()));
        }
        let server = Server::start(command.arg(format!("-dev-listen-address=127.0.0.1:{port}")), port);
        Self { server, scheme, folder }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.server.address())
    }

    /// The certificate of the server's authority.
    pub(crate) fn authority(&self) -> String {
        let files = fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let found =
            files.into_iter().find(|path| path.to_str().is_some_and(|path| path.ends_with("-ca.pem")));
        found.unwrap().to_str().unwrap().to_owned()
    }

    /// What OpenBao's own client prints.
    pub(crate) fn bao(&self, arguments: &[&str]) -> String {
        self.client(arguments, "")
    }

    fn client(&self, arguments: &[&str], input: &str) -> String {
        let mut client = Command::new(installed("bao"));
        client
            .args(arguments)
            .env("BAO_ADDR", self.url())
            .env("BAO_TOKEN", ROOT)
            .env("BAO_SKIP_VERIFY", "true");
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = client.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A policy that allows these paths, each with its capabilities.
    pub(crate) fn policy(&self, name: &str, rules: &[(&str, &str)]) {
        let rules =
            rules.iter().map(|(path, able)| format!("path \"{path}\" {{ capabilities = [\"{able}\"] }}\n"));
        self.client(&["policy", "write", name, "-"], &rules.collect::<String>());
    }

    /// A token with a policy.
    pub(crate) fn token(&self, policy: &str, ttl: &str) -> String {
        self.bao(&["token", "create", "-field=token", "-policy", policy, "-ttl", ttl])
    }

    /// A program that may do everything here.
    pub(crate) fn program(&self) -> Program {
        self.program_with(ROOT)
    }

    pub(crate) fn program_with(&self, token: &str) -> Program {
        Program::default().with("VAULT_ADDR", self.url()).with("VAULT_TOKEN", token)
    }
}
