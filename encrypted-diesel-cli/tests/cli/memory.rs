//! How much memory a walk takes.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::database::Backend;
use crate::project::Project;

/// Enough to fill the page cache of each connection, 2 MB in SQLite.
const FEW: u32 = 100_000;
const MANY: u32 = 400_000;

/// In kibibytes.
const MORE: u64 = 4 * 1024;

#[test]
fn many_rows_need_no_more_memory_than_few() {
    let [few, many] = [FEW, MANY].map(|rows| {
        let project = Project::new(Backend::Sqlite, rows);
        let peak = peak(project.spawn("encrypt", &[1]), 0);
        assert_eq!(project.encrypted(), u64::from(rows));
        peak
    });
    assert!(many < few + MORE, "{few} KiB for {FEW} rows, {many} KiB for {MANY}");
}

#[test]
fn many_bad_rows_need_no_more_memory_than_few() {
    let [few, many] = [FEW, MANY].map(|rows| {
        let project = Project::new(Backend::Sqlite, rows);
        peak(project.spawn("verify --json --jobs 2", &[1]), 3)
    });
    assert!(many < few + MORE, "{few} KiB for {FEW} rows, {many} KiB for {MANY}");
}

/// A batch ends where its values have 16 MiB, however few they are.
#[test]
fn large_values_need_no_more_memory_if_there_are_many() {
    let [few, many] = [12, 60].map(|rows| {
        let project = Project::new(Backend::Sqlite, rows);
        project.0.connect().execute("UPDATE people SET text = hex(randomblob(1000000))");
        let peak = peak(project.spawn("encrypt --jobs 1", &[1]), 0);
        assert_eq!(project.encrypted(), u64::from(rows));
        peak
    });
    assert!(many < few + 3 * MORE, "{few} KiB for 12 rows, {many} KiB for 60");
}

/// The peak memory of a process, in kibibytes.
fn peak(mut child: Child, status: i32) -> u64 {
    let file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let output = child.stdout.take().unwrap();
    let reader = thread::spawn(move || std::io::read_to_string(output).unwrap());
    let status_of = loop {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kibibytes.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(status_of.code(), Some(status), "{}", reader.join().unwrap());
    assert!(peak > 0);
    peak
}
