//! Databases that fail: the tool says so, nothing is half-written, and when they are well again the same command
//! does the rest.

use std::process::{Command, Output, Stdio};

use crate::project::{Project, key, keyring, text};

mod full_disk;
mod own_server;
mod read_only;
mod server_killed;

impl Project {
    /// How many values are under the key of this number.
    fn under(&self, n: u8) -> u64 {
        self.0.count(&format!("people WHERE text LIKE 'ed1:{}:%'", key(n).id()))
    }

    /// Each text is there, as it was or encrypted once.
    fn assert_whole(&self, keys: &[u8]) {
        let rows = self.0.count("people") as u32;
        assert!(self.texts(&keyring(keys)).into_iter().eq((1..=rows).map(text)));
    }

    /// The same command does what is left.
    fn assert_goes_on(&self, words: &str, keys: &[u8]) {
        self.run(words, keys, 0);
        self.assert_whole(&keys[..1]);
        assert_eq!(self.under(keys[0]), self.0.count("people"));
        self.run("verify", keys, 0);
    }
}

/// The tool as `"$0" "$@"` of a script for this shell.
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

/// The database has stopped a command, and one of these words says why. What the command prints that it has done.
fn stopped(output: &Output, reasons: &[&str]) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    // On a slow machine there are lines of progress before it.
    assert!(stderr.lines().any(|line| line.starts_with("error: the database ")), "{output:?}");
    assert!(!stderr.contains("\n\n"), "{output:?}");
    let stderr = stderr.to_lowercase();
    assert!(reasons.iter().any(|reason| stderr.contains(reason)), "{output:?}");
    stdout.into_owned()
}
