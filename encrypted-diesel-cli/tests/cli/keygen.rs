//! `encrypted-diesel keygen`: its keys are random, so files of expected output cannot test everything.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use encrypted_diesel::{Key, Keyring};
use tempfile::TempDir;

use crate::TOOL;

const ENCRYPTION: &str = "FIELD_ENCRYPTION_KEY";
const INDEX: &str = "FIELD_INDEX_KEY";

/// The number of a user and group other than root. They need not exist.
const SOMEBODY: u32 = 54_321;

fn keygen() -> Command {
    let mut command = Command::new(TOOL);
    command.arg("keygen");
    command
}

fn run(arguments: &[&OsStr]) -> Output {
    keygen().args(arguments).output().unwrap()
}

/// A folder with the `.env` file of a test.
struct Env(TempDir);

impl Env {
    fn empty() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn new(text: &str) -> Self {
        let env = Self::empty();
        fs::write(env.path(), text).unwrap();
        env
    }

    fn path(&self) -> PathBuf {
        self.0.path().join(".env")
    }

    fn keygen(&self, arguments: &[&str]) -> Output {
        let arguments = arguments.iter().map(OsStr::new);
        run(&arguments.chain([OsStr::new("--env-file"), self.path().as_os_str()]).collect::<Vec<_>>())
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// The ids of the keys in a variable.
    fn ids(&self, variable: &str) -> Vec<String> {
        let lines = dotenvy::from_path_iter(self.path()).unwrap().map(Result::unwrap);
        let (_, keys) = lines.into_iter().find(|(name, _)| name == variable).unwrap();
        Keyring::parse(&keys).unwrap().key_ids().map(|id| id.to_string()).collect()
    }

    fn mode(&self) -> u32 {
        mode(&self.path())
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn digits(digit: char) -> String {
    format!("0{digit}").repeat(32)
}

fn id(hex: &str) -> String {
    Key::from_hex(hex).unwrap().id().to_string()
}

/// The id that a run printed.
fn printed_id(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let (_, rest) = text.split_once(": the key ").unwrap();
    rest.split(' ').next().unwrap().to_owned()
}

fn assert_fails(output: &Output, message: &str) {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(output.stdout, b"", "{output:?}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.starts_with("error: ") && errors.contains(message), "{errors}");
}

/// Key material would be a long run of hex digits. Ids have eight.
fn assert_shows_no_key(output: &Output) {
    for text in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(text);
        let longest = text.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max().unwrap();
        assert!(longest <= 8, "{text}");
    }
}

#[test]
fn a_key_is_64_lower_case_hex_digits_and_a_newline() {
    let output = run(&[]);
    assert!(output.status.success());
    assert_eq!(output.stderr, b"");
    let [digits @ .., b'\n'] = &output.stdout[..] else { panic!("no newline") };
    assert_eq!(digits.len(), 64);
    assert!(digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')));
}

#[test]
fn keys_are_random() {
    let keys: HashSet<_> = (0..10).map(|_| run(&[]).stdout).collect();
    assert_eq!(keys.len(), 10);
}

#[test]
fn a_new_file_holds_the_key_that_was_named_and_is_for_its_owner_only() {
    let env = Env::empty();
    let output = env.keygen(&[]);
    let text = env.text();
    let hex = text.strip_prefix("FIELD_ENCRYPTION_KEY=").and_then(|rest| rest.strip_suffix('\n')).unwrap();
    assert_eq!(id(hex), printed_id(&output));
    assert_eq!(env.mode(), 0o600);
    assert_eq!(env.files(), [".env"]);
    assert_eq!(output.stderr, b"");
    assert_shows_no_key(&output);
}

#[test]
fn the_new_key_comes_first_and_the_old_ones_stay() {
    let env = Env::new(&format!("{ENCRYPTION}={},{}\n", digits('1'), digits('2')));
    let output = env.keygen(&[]);
    assert_eq!(env.ids(ENCRYPTION), [printed_id(&output), id(&digits('1')), id(&digits('2'))]);
    assert_shows_no_key(&output);
}

#[test]
fn with_behind_the_new_key_comes_last_and_the_old_ones_stay() {
    let env = Env::new(&format!("{INDEX}={}\n", digits('3')));
    let output = env.keygen(&["--index", "--behind"]);
    assert_eq!(env.ids(INDEX), [id(&digits('3')), printed_id(&output)]);
    assert_shows_no_key(&output);
}

#[test]
fn the_application_can_read_the_file() {
    let env = Env::empty();
    for arguments in [&[][..], &["--index"], &["--behind"], &["--index", "--behind"]] {
        assert!(env.keygen(arguments).status.success());
    }
    let value = |variable| {
        let lines = dotenvy::from_path_iter(env.path()).unwrap().map(Result::unwrap);
        lines.into_iter().find_map(|(name, value)| (name == variable).then_some(value)).unwrap()
    };
    let keyring = Keyring::parse(&value(ENCRYPTION)).unwrap().with_index_keys(&value(INDEX)).unwrap();
    assert_eq!(keyring.key_ids().count(), 2);
    assert_eq!(keyring.index_key_ids().count(), 2);
}

#[test]
fn a_refusal_shows_no_key_and_leaves_nothing_behind() {
    let (one, two) = (digits('1'), digits('2'));
    for (text, message) in [
        (format!("{ENCRYPTION}={one}\n{ENCRYPTION}={two}\n"), "set twice"),
        (format!("{ENCRYPTION}_FILE={one}\n"), "FIELD_ENCRYPTION_KEY_FILE"),
        (format!("{ENCRYPTION}={one}{two}\n"), "key 1 has 128 characters"),
        (format!("{ENCRYPTION}={one},{}\n", digits('g')), "key 2"),
        (format!("{ENCRYPTION}={one},\n"), "key 2 of the list is empty"),
        (format!("{ENCRYPTION}={one},{one}\n"), "twice"),
        (format!("{ENCRYPTION}={one}\n{INDEX}={one}\n"), "a separate key for each"),
        (format!("{ENCRYPTION}={one}, {two}\n"), "cannot be parsed"),
        (format!("{ENCRYPTION}='{one}\n"), "cannot be parsed"),
        (format!("{ENCRYPTION}={one}\nOTHER=${{{ENCRYPTION}}}\n"), "cannot change FIELD_ENCRYPTION_KEY"),
    ] {
        let env = Env::new(&text);
        set_mode(&env.path(), 0o640);
        let inode = fs::metadata(env.path()).unwrap().ino();
        let output = env.keygen(&[]);
        assert_fails(&output, message);
        assert_shows_no_key(&output);
        assert_eq!(env.text(), text);
        assert_eq!(env.mode(), 0o640);
        assert_eq!(fs::metadata(env.path()).unwrap().ino(), inode);
        assert_eq!(env.files(), [".env"]);
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    // The second is UTF-16, as PowerShell's `>` writes it.
    for bytes in [&b"FIELD_ENCRYPTION_KEY=\xff\n"[..], b"\xff\xfeA\0=\0B\0\n\0", b"A=\xc3"] {
        let env = Env::empty();
        fs::write(env.path(), bytes).unwrap();
        assert_fails(&env.keygen(&[]), "not UTF-8");
        assert_eq!(fs::read(env.path()).unwrap(), bytes);
    }
}

#[test]
fn a_file_becomes_private_and_the_tool_says_if_it_was_not() {
    for (before, is_noted) in [(0o644, true), (0o640, true), (0o604, true), (0o600, false), (0o400, false)] {
        let env = Env::new("RUST_LOG=info\n");
        set_mode(&env.path(), before);
        let output = env.keygen(&[]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(env.mode(), 0o600);
        assert_eq!(
            String::from_utf8_lossy(&output.stderr).contains("other users could read"),
            is_noted,
            "{before:o}"
        );
    }
}

#[test]
fn a_symlink_stays_and_its_target_changes() {
    let env = Env::new(&format!("{ENCRYPTION}={}\n", digits('1')));
    let (folder, links) = (env.0.path().join("secrets"), TempDir::new().unwrap());
    fs::create_dir(&folder).unwrap();
    fs::rename(env.path(), folder.join("keys")).unwrap();
    symlink("secrets/keys", env.path()).unwrap();
    let link = links.path().join("link");
    symlink(env.path(), &link).unwrap();

    let first = printed_id(&env.keygen(&[]));
    let second = printed_id(&run(&["--env-file".as_ref(), link.as_ref()]));
    assert_eq!(env.ids(ENCRYPTION), [second, first, id(&digits('1'))]);
    assert_eq!(fs::read_link(env.path()).unwrap(), Path::new("secrets/keys"));
    assert_eq!(fs::read_link(link).unwrap(), env.path());
    assert_eq!(mode(&folder.join("keys")), 0o600);
    assert_eq!(env.files(), [".env", "secrets"]);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
}

#[test]
fn a_dangling_symlink_is_refused() {
    let env = Env::empty();
    symlink("nowhere", env.path()).unwrap();
    assert_fails(&env.keygen(&[]), "a symlink to a file that does not exist");
    assert_eq!(env.files(), [".env"]);
}

#[test]
fn a_file_in_the_current_folder_needs_no_path() {
    let env = Env::empty();
    let output = keygen().args(["--env-file", ".env"]).current_dir(&env.0).output().unwrap();
    assert_eq!(env.ids(ENCRYPTION), [printed_id(&output)]);
    assert!(output.stdout.starts_with(b".env: the key "));
}

/// Runs several processes at once, on an existing file or on one that they create.
fn at_once(env: &Env, old: usize) {
    const EACH: usize = 8;
    let kinds = [&[][..], &["--behind"], &["--index"]];
    let runs: Vec<_> = (0..EACH)
        .flat_map(|_| kinds)
        .map(|arguments| {
            let mut command = keygen();
            command.args(arguments).arg("--env-file").arg(env.path());
            (arguments, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        })
        .collect();
    let mut printed = [HashSet::new(), HashSet::new()];
    for (arguments, child) in runs {
        let id = printed_id(&child.wait_with_output().unwrap());
        printed[usize::from(arguments.contains(&"--index"))].insert(id);
    }
    let (encryption, index) = (env.ids(ENCRYPTION), env.ids(INDEX));
    assert_eq!((encryption.len(), index.len()), (2 * EACH + old, EACH + old));
    assert!(printed[0].iter().all(|id| encryption.contains(id)));
    assert!(printed[1].iter().all(|id| index.contains(id)));
    assert_eq!((printed[0].len(), printed[1].len()), (2 * EACH, EACH));
    assert_eq!(env.files(), [".env"]);
}

#[test]
fn processes_at_once_lose_no_key() {
    at_once(&Env::new(&format!("{ENCRYPTION}={}\n{INDEX}={}\n", digits('1'), digits('2'))), 1);
}

#[test]
fn processes_at_once_make_a_new_file_together() {
    at_once(&Env::empty(), 0);
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    // This device is always full.
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let output = keygen().stdout(full).output().unwrap();
    assert_fails(&output, "cannot write the output");
}

/// Tests of file owners need root: only root can give files away.
fn is_root(env: &Env) -> bool {
    let is_root = env.0.path().metadata().unwrap().uid() == 0;
    if !is_root {
        eprintln!("skipped: this test needs root");
    }
    is_root
}

#[test]
fn owner_and_group_stay() {
    let env = Env::new(&format!("{ENCRYPTION}={}\n", digits('1')));
    if !is_root(&env) {
        return;
    }
    chown(env.path(), Some(SOMEBODY), Some(SOMEBODY + 1)).unwrap();
    let output = env.keygen(&[]);
    assert_eq!(env.ids(ENCRYPTION), [printed_id(&output), id(&digits('1'))]);
    let metadata = fs::metadata(env.path()).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (SOMEBODY, SOMEBODY + 1));
    assert_eq!(env.mode(), 0o600);
}

/// Runs a copy of the tool as another user.
fn keygen_as_somebody(env: &Env) -> Output {
    let folder = TempDir::new().unwrap();
    set_mode(folder.path(), 0o755);
    let tool = folder.path().join("tool");
    // Copied by another process: the children of this one would inherit a file that is open for writing.
    assert!(Command::new("cp").arg(TOOL).arg(&tool).status().unwrap().success());
    let mut command = Command::new(tool);
    command.arg("keygen").arg("--env-file").arg(env.path()).uid(SOMEBODY).gid(SOMEBODY);
    command.output().unwrap()
}

#[test]
fn a_file_whose_owner_would_change_is_refused() {
    let text = format!("{ENCRYPTION}={}\n", digits('1'));
    let env = Env::new(&text);
    if !is_root(&env) {
        return;
    }
    set_mode(env.0.path(), 0o777);
    let output = keygen_as_somebody(&env);
    assert_fails(&output, "owner and group");
    assert_shows_no_key(&output);
    assert_eq!(env.text(), text);
    assert_eq!((env.mode(), fs::metadata(env.path()).unwrap().uid()), (0o644, 0));
    assert_eq!(env.files(), [".env"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let text = format!("{ENCRYPTION}={}\n", digits('1'));
    let env = Env::new(&text);
    if !is_root(&env) {
        return;
    }
    set_mode(env.0.path(), 0o755);
    chown(env.path(), Some(SOMEBODY), Some(SOMEBODY)).unwrap();
    assert_fails(&keygen_as_somebody(&env), "cannot write it: permission denied");
    assert_eq!(env.text(), text);
}
