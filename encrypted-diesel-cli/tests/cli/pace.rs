//! `--rate`, and progress without a terminal.

use std::time::{Duration, Instant};

use crate::database::Backend;
use crate::project::{Project, output_within};

/// 240 rows at 20 a second are 12 seconds, and a line is due after 10.
#[test]
fn a_rate_holds_and_progress_is_reported() {
    let project = Project::new(Backend::Sqlite, 240);
    let begun = Instant::now();
    let child = project.spawn("encrypt --rate 20 --batch 5 --jobs 2", &[1]);
    let output = output_within(Duration::from_secs(60), child);
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(11), "240 rows in {took:?}");
    assert!(took < Duration::from_secs(25), "240 rows in {took:?}");
    assert!(output.status.success());

    let stderr = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = stderr.lines().collect();
    assert!(matches!(lines.len(), 1 | 2), "{stderr}");
    let done: u32 =
        lines[0].strip_prefix("people.text: ").unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((150..=240).contains(&done), "{stderr}");
    assert!(lines[0].contains(" of 240 rows, ") && lines[0].ends_with(" left"), "{stderr}");
}

/// A batch never has more rows than the rate allows in a second.
#[test]
fn a_large_batch_does_not_break_the_rate() {
    let project = Project::new(Backend::Sqlite, 300);
    let begun = Instant::now();
    project.run("verify --rate 100", &[1], 3);
    assert!(begun.elapsed() > Duration::from_secs(2), "300 rows in {:?}", begun.elapsed());
}
