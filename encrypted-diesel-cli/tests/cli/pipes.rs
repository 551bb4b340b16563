//! Output whose reader has gone.

use std::fs::{self, Permissions};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use crate::TOOL;
use crate::database::Backend;
use crate::project::Project;

/// A pipe without a reader.
fn closed() -> Stdio {
    let (ours, _theirs) = UnixStream::pair().unwrap();
    OwnedFd::from(ours).into()
}

/// Like `… | head -n 0`, with the status and the errors of the tool.
fn cut_off(project: &Project, words: &str) -> (i32, String) {
    let output = project.command(words, &[1]).stdout(closed()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn it_is_an_error_but_the_work_is_done() {
    let project = Project::new(Backend::Sqlite, 50);
    for words in ["verify", "status", "status --json", "draft", "encrypt --json"] {
        let (status, stderr) = cut_off(&project, words);
        assert_eq!(status, 1, "{words}: {stderr}");
        assert!(stderr.starts_with("error: cannot write the output: "), "{words}: {stderr}");
    }
    assert_eq!(project.encrypted(), 50);
}

#[test]
fn nothing_panics_if_errors_are_cut_off_as_well() {
    let project = Project::new(Backend::Sqlite, 50);
    for (words, status) in [("encrypt nothing", 1), ("verify", 1), ("status --assert-encrypted", 1)] {
        let output = project.command(words, &[1]).stdout(closed()).stderr(closed()).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{words}");
    }
    let refused = Command::new(TOOL).args(["status", "--config", "no-such-file"]).stderr(closed()).output();
    assert_eq!(refused.unwrap().status.code(), Some(1));
}

#[test]
fn a_key_is_added_even_if_a_note_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let output = Command::new(TOOL).args(["keygen", "--env-file"]).arg(&file).stderr(closed()).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
}
