//! The program that `…_COMMAND` names, whose output is a list of keys.

use std::io::ErrorKind;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::CommandProblem;
use crate::keyring::secret_file;

/// How long the program may run.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often to look whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs a command line, without a shell, and returns what it prints. It does not get the variables named `hidden`.
///
/// What it prints to its standard error goes to ours.
pub(super) fn run(line: &str, hidden: &[&str]) -> Result<SecretString, CommandProblem> {
    within(line, hidden, PATIENCE)
}

fn within(line: &str, hidden: &[&str], patience: Duration) -> Result<SecretString, CommandProblem> {
    let words = shell_words::split(line).map_err(|_| CommandProblem::Malformed)?;
    let (program, arguments) = words.split_first().ok_or(CommandProblem::Malformed)?;
    let deadline = Instant::now() + patience;

    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    for name in hidden {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| CommandProblem::NotStarted(error.kind()))?;

    let output = read(&mut child, deadline);
    // A program that has closed its output, or that nobody listens to any more, need not end by itself.
    let status = match &output {
        Ok(_) => wait(&mut child, deadline),
        Err(_) => None,
    };
    if status.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    let output = output.map_err(|problem| problem.unwrap_or(CommandProblem::TooSlow(patience.as_secs())))?;
    check(status.ok_or(CommandProblem::TooSlow(patience.as_secs()))?)?;
    let text = secret_file::without_mark(&output).ok().and_then(|text| std::str::from_utf8(text).ok());
    text.map(SecretString::from).ok_or(CommandProblem::NotUnicode)
}

/// All output; an error of `None` if it did not come in time.
fn read(child: &mut Child, deadline: Instant) -> Result<Zeroizing<Vec<u8>>, Option<CommandProblem>> {
    let Some(output) = child.stdout.take() else { return Err(None) };
    let (sender, receiver) = mpsc::sync_channel(1);
    // A grandchild may keep the pipe open.
    thread::spawn(move || drop(sender.send(secret_file::read_pipe(output))));
    match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.kind() == ErrorKind::FileTooLarge => {
            Err(Some(CommandProblem::TooLong(secret_file::LIMIT)))
        }
        Ok(Err(error)) => Err(Some(CommandProblem::Unreadable(error.kind()))),
        Err(_) => Err(None),
    }
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => thread::sleep(PAUSE),
            Err(_) => return None,
        }
    }
    None
}

fn check(status: ExitStatus) -> Result<(), CommandProblem> {
    match (status.success(), status.code()) {
        (true, _) => Ok(()),
        (false, Some(code)) => Err(CommandProblem::Failed(code)),
        (false, None) => Err(CommandProblem::Killed),
    }
}

#[cfg(all(test, unix))]
mod tests;
