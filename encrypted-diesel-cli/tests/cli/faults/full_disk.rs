//! A full disk, on SQLite.

use std::fs;
use std::process::Command;

use super::{in_shell, stopped};
use crate::database::Backend;
use crate::project::Project;

const ROWS: u32 = 2_000;
const BATCH: u64 = 100;

/// Moves the file to a file system that is this many KiB larger than the file, and that only the script sees. Then
/// copies the result back.
const SMALL_DISK: &str = r#"
    mkdir small && mount -t tmpfs -o size="$ROOM"k tmpfs small && cp clinic.db* small || exit 99
    DATABASE_URL=small/clinic.db "$0" "$@"
    status=$?
    rm clinic.db* && cp small/clinic.db* . && umount small && rmdir small || exit 98
    exit $status"#;

/// Limits the length of files. A block is 512 bytes, or 1024 in some shells.
const SHORT_FILES: &str = r#"trap '' XFSZ; ulimit -f 160; exec "$0" "$@""#;

#[test]
fn on_a_full_disk_no_part_of_a_batch_is_written() {
    let shells = [&["unshare", "--mount", "sh"][..], &["unshare", "--mount", "--map-root-user", "sh"]];
    let can_mount = |shell: &&&[&str]| {
        let mut mount = Command::new(shell[0]);
        mount.args(&shell[1..]).args(["-c", "mount -t tmpfs tmpfs /mnt"]);
        mount.output().is_ok_and(|output| output.status.success())
    };
    let Some(shell) = shells.iter().find(can_mount) else {
        println!("skipped: cannot mount a file system here");
        return;
    };
    let on_small_disk = |room: u64, tool: &Command| {
        let mut command = in_shell(shell, SMALL_DISK, tool);
        command.env("ROOM", room.to_string());
        command
    };
    for (journal, command, keys, room) in [
        ("WAL", "encrypt", &[1][..], 150),
        ("WAL", "rotate", &[2, 1], 150),
        ("DELETE", "encrypt", &[1], 150),
        // Values under another key have the same length, but the journal does not fit.
        ("DELETE", "rotate", &[2, 1], 8),
    ] {
        runs_out_of_room(journal, command, keys, |file, tool| on_small_disk(file / 1024 + room, tool));
    }
}

#[test]
fn if_files_may_not_grow_no_part_of_a_batch_is_written() {
    for journal in ["WAL", "DELETE"] {
        for (command, keys) in [("encrypt", &[1][..]), ("rotate", &[2, 1])] {
            runs_out_of_room(journal, command, keys, |_, tool| in_shell(&["sh"], SHORT_FILES, tool));
        }
    }
}

/// `confined` takes the length of the file.
fn runs_out_of_room(
    journal: &str,
    command: &str,
    keys: &[u8],
    confined: impl FnOnce(u64, &Command) -> Command,
) {
    let project = Project::new(Backend::Sqlite, ROWS);
    if let [_, old] = keys {
        project.run("encrypt", &[*old], 0);
    }
    project.0.execute(&format!("PRAGMA journal_mode = {journal}"));
    let words = &*format!("{command} --jobs 1 --batch {BATCH}");
    let length = fs::metadata(&project.0.url).unwrap().len();
    let output = confined(length, &project.command(words, keys)).output().unwrap();

    let done = project.under(keys[0]);
    assert!(done < u64::from(ROWS), "{journal}, {words}: {output:?}");
    assert_eq!(done % BATCH, 0, "{journal}, {words}: a batch is half-written");
    // SQLite reports the limit with the second message.
    let printed = stopped(&output, &["database or disk is full", "disk i/o error"]);
    assert!(printed.starts_with(&format!("people.text: {done} ")), "{done}: {output:?}");
    assert_eq!(
        project.0.shown("SELECT integrity_check AS shown FROM pragma_integrity_check"),
        [Some("ok".into())]
    );
    project.assert_whole(keys);
    project.assert_continues(words, keys);
}
