#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::thread;

use tempfile::TempDir;

use super::*;

fn folder_with(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn files(folder: &TempDir) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn the_file_is_replaced_by_another() {
    let (folder, path) = folder_with("keys", "old");
    let before = File::open(&path).unwrap();
    let file = EnvFile::open(&path).unwrap();
    assert_eq!(file.text.as_str(), "old");
    file.replace("new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    // A program that has it open sees the whole old text, and no part of the new one.
    assert_eq!(io::read_to_string(before).unwrap(), "old");
    assert_eq!(files(&folder), 1);
}

#[test]
fn a_file_that_is_not_replaced_stays_unchanged() {
    let (folder, path) = folder_with("keys", "old");
    drop(EnvFile::open(&path).unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(files(&folder), 1);
}

#[test]
fn one_run_at_a_time_holds_the_file() {
    let (_folder, path) = folder_with("keys", "");
    let first = EnvFile::open(&path).unwrap();
    let second = thread::scope(|scope| {
        let second = scope.spawn(|| EnvFile::open(&path).unwrap());
        thread::sleep(Duration::from_millis(50));
        first.replace("of the first").unwrap();
        second.join().unwrap()
    });
    assert_eq!(second.text.as_str(), "of the first");
}

#[test]
fn a_new_file_of_another_program_stays() {
    let (folder, other) = folder_with("other", "");
    let path = other.with_file_name("keys");
    let file = EnvFile::open(&path).unwrap();
    fs::write(&path, "of another program").unwrap();
    let problem = file.replace("ours").unwrap_err();
    assert_eq!(problem.to_string(), "cannot write it: entity already exists");
    assert_eq!(fs::read_to_string(&path).unwrap(), "of another program");
    assert_eq!(files(&folder), 2);
}

#[test]
fn the_lock_of_an_interrupted_run_is_named() {
    let (folder, path) = folder_with(".env", "");
    let lock_path = folder.path().join(".env.lock");
    fs::write(&lock_path, "left").unwrap();
    let problem = lock(&path, Duration::ZERO).unwrap_err().to_string();
    assert!(problem.starts_with(&format!("{} exists: ", lock_path.display())), "{problem}");
    assert!(problem.contains("delete it"), "{problem}");
    assert_eq!(fs::read_to_string(lock_path).unwrap(), "left");
}

#[cfg(unix)]
#[test]
fn pipes_and_folders_are_refused_without_opening_them() {
    // Opening the pipe would wait forever.
    let (folder, _) = folder_with("keys", "");
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(EnvFile::open(&pipe), Err(Problem::NotAFile)));
    assert!(matches!(EnvFile::open(folder.path()), Err(Problem::NotAFile)));
}
