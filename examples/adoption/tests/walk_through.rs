//! The walk-through of the page `encrypted_diesel::guide::adoption`, and the rotations of `guide::operating`, which
//! continue it.

#![cfg(target_os = "linux")] // the commands are those of its shell
#![allow(clippy::unwrap_used, missing_docs)]

mod console;
mod programs;

use std::fs;

use tempfile::TempDir;

const PAGE: &str = concat!(
    include_str!("../../../encrypted-diesel/docs/adoption.md"),
    include_str!("../../../encrypted-diesel/docs/operating.md"),
);
const SOURCES: [&str; 4] = [
    include_str!("../src/adopting.rs"),
    include_str!("../src/bin/release-2.rs"),
    include_str!("../src/bin/release-3.rs"),
    include_str!("../src/bin/release-4.rs"),
];

#[test]
fn its_commands_print_what_it_says() {
    let folder = TempDir::new().unwrap();
    let declarations = console::blocks(PAGE, "toml");
    let [declaration] = &declarations[..] else { panic!("{declarations:?}") };
    fs::write(folder.path().join("encrypted-diesel.toml"), declaration.join("\n")).unwrap();

    console::run(PAGE, folder.path(), "");
}

/// The page's code is compiled with the crate's documentation. Here it is made sure that it is the releases'.
#[test]
fn its_code_is_that_of_the_releases() {
    let code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("///");
    let normal = |lines: &mut dyn Iterator<Item = &str>| {
        lines.filter(code).map(|line| line.trim_end().to_owned() + "\n").collect::<String>()
    };
    let sources = SOURCES.map(|source| normal(&mut source.lines()));

    let mut parts = 0;
    for block in console::blocks(PAGE, "") {
        for part in block.split(|line| line.starts_with('#') && !line.starts_with("#[")) {
            let part = normal(&mut part.iter().copied());
            assert!(sources.iter().any(|source| source.contains(&part)), "no release has\n{part}");
            parts += usize::from(!part.is_empty());
        }
    }
    assert!(parts >= 4);
}
