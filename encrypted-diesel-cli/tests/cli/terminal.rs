//! Colors, completions and the manual.

use std::process::{Command, Output};

use crate::TOOL;

const RED: &str = "\u{1b}[31m";

/// The error of a command that fails, with these variables set.
fn failure(command: &str, variables: &[&str]) -> String {
    let mut tool = Command::new(TOOL);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "DATABASE_URL"] {
        tool.env_remove(name);
    }
    let output = tool.arg(command).envs(variables.iter().map(|name| (name, "1"))).output().unwrap();
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn success(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(TOOL).args(arguments).output().unwrap()
}

/// The first error is the tool's own, the second is clap's.
const FAILURES: [&str; 2] = ["decrypt", "nonsense"];

#[test]
fn an_error_is_colored_where_colors_are_wanted() {
    for command in FAILURES {
        assert!(failure(command, &["CLICOLOR_FORCE"]).contains(RED), "{command}");
    }
}

#[test]
fn nothing_is_colored_in_a_pipe_or_with_no_color() {
    for command in FAILURES {
        for variables in [&[][..], &["NO_COLOR"], &["NO_COLOR", "CLICOLOR_FORCE"]] {
            let error = failure(command, variables);
            assert!(error.starts_with("error: ") && !error.contains('\u{1b}'), "{command}: {error}");
        }
    }
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = success(&["completions", shell]);
        for command in ["keygen", "schema-patch", "completions"] {
            assert!(script.contains(command), "{shell} has no {command}");
        }
        assert!(script.contains("dry-run"), "{shell} has no --dry-run");
    }
}

#[test]
fn bash_can_read_its_completions() {
    let script = success(&["completions", "bash"]);
    let complete = |words: &str, position: usize| {
        let ask = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD={position}; _encrypted__diesel encrypted-diesel \
             \"${{COMP_WORDS[{position}]}}\"; echo \"${{COMPREPLY[*]}}\""
        );
        let output = Command::new("bash").args(["-c", &ask]).output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete("encrypted-diesel ro", 1), "rotate\n");
    assert_eq!(complete("encrypted-diesel rotate --dr", 2), "--dry-run\n");
    assert_eq!(complete("encrypted-diesel schema-patch --ch", 2), "--check\n");
    assert_eq!(complete("encrypted-diesel completions ba", 2), "bash\n");
}

#[test]
fn the_manual_lists_every_command() {
    let page = success(&["man"]);
    assert!(page.contains(".TH encrypted-diesel 1"), "{page}");
    for command in ["keygen", "rotate", "schema\\-patch"] {
        assert!(page.contains(&format!("encrypted\\-diesel\\-{command}(1)")), "{command}: {page}");
    }
}

#[test]
fn a_command_has_a_page_with_its_options_and_exit_statuses() {
    let page = success(&["man", "rotate"]);
    assert!(page.contains(".TH encrypted-diesel-rotate 1"), "{page}");
    assert!(page.contains("\\-\\-dry\\-run") && page.contains("130"), "{page}");
    assert!(page.contains(".SH NOTES\nExit status:"), "{page}");
}

/// It writes nothing anyway.
#[test]
fn verify_offers_no_dry_run() {
    for arguments in [["verify", "--help"], ["verify", "-h"], ["man", "verify"]] {
        let shown = success(&arguments);
        assert!(shown.contains("rate") && !shown.contains("dry"), "{shown}");
    }
}

#[test]
fn a_page_of_an_unknown_command_is_a_wrong_command_line() {
    let output = run(&["man", "rotation"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(output.stdout, b"");
}
