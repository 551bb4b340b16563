//! Databases that fail. The tool reports it, nothing is half-written, and the same command does the rest once the
//! database works again.

use std::process::{Command, Output, Stdio};

use crate::project::{Project, key, keyring, text};

mod careless;
mod full_disk;
pub(crate) mod own_server;
mod read_only;
mod server_killed;
mod triggers;

impl Project {
    /// How many values are under the key with this number.
    fn under(&self, n: u8) -> u64 {
        self.0.count(&format!("people WHERE text LIKE 'ed1:{}:%'", key(n).id()))
    }

    /// Every text is there, either plain or encrypted once.
    fn assert_whole(&self, keys: &[u8]) {
        let rows = self.0.count("people") as u32;
        assert!(self.texts(&keyring(keys)).into_iter().eq((1..=rows).map(text)));
    }

    /// The same command does the rest.
    fn assert_continues(&self, words: &str, keys: &[u8]) {
        self.run(words, keys, 0);
        self.assert_whole(&keys[..1]);
        assert_eq!(self.under(keys[0]), self.0.count("people"));
        self.run("verify", keys, 0);
    }
}

/// Runs the tool as `"$0" "$@"` in a script for this shell.
fn in_shell(shell: &[&str], script: &str, tool: &Command) -> Command {
    let mut command = Command::new(shell[0]);
    command
        .args(&shell[1..])
        .args(["-c", script])
        .arg(tool.get_program())
        .args(tool.get_args())
        .current_dir(tool.get_current_dir().unwrap())
        .envs(tool.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Checks that the database stopped a command, for one of these reasons. Returns what the command has printed.
fn stopped(output: &Output, reasons: &[&str]) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    // On a slow machine, lines of progress come first.
    assert!(
        stderr.lines().any(|line| line.starts_with("error: ") && line.contains("the database")),
        "{output:?}"
    );
    assert!(!stderr.contains("\n\n"), "{output:?}");
    let stderr = stderr.to_lowercase();
    assert!(reasons.iter().any(|reason| stderr.contains(reason)), "{output:?}");
    stdout.into_owned()
}
