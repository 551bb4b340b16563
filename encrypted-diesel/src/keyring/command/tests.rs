#![allow(clippy::unwrap_used)]

use secrecy::ExposeSecret;

use super::*;

fn output(line: &str) -> Result<String, CommandProblem> {
    run(line, &["HIDDEN"]).map(|text| text.expose_secret().to_owned())
}

#[test]
fn what_a_program_prints_is_the_value() {
    assert_eq!(output("printf '%s,%s' a 'b c'").unwrap(), "a,b c");
}

#[test]
fn there_is_no_shell() {
    assert_eq!(output("printf '%s' '$HOME;`id`'").unwrap(), "$HOME;`id`");
    assert_eq!(output("printf %s $HOME;").unwrap(), "$HOME;");
}

#[test]
fn a_program_gets_the_environment_without_our_keys() {
    let own = std::env::var("PATH").unwrap();
    let seen = run("env", &["PATH_OF_OURS", "HOME"]).unwrap();
    assert!(seen.expose_secret().contains(&format!("PATH={own}\n")));
    assert!(!seen.expose_secret().lines().any(|line| line.starts_with("HOME=")));
}

#[test]
fn what_goes_wrong_is_said_without_what_was_printed() {
    assert_eq!(output("").unwrap_err(), CommandProblem::Malformed);
    assert_eq!(output("printf 'a").unwrap_err(), CommandProblem::Malformed);
    assert_eq!(output("/nowhere/at/all").unwrap_err(), CommandProblem::NotStarted(ErrorKind::NotFound));
    assert_eq!(output("sh -c 'echo secret; exit 3'").unwrap_err(), CommandProblem::Failed(3));
    assert_eq!(output("sh -c 'kill -9 $$'").unwrap_err(), CommandProblem::Killed);
    assert_eq!(output(r"printf '\377'").unwrap_err(), CommandProblem::NotUnicode);
}

#[test]
fn a_program_that_never_ends_is_ended() {
    let start = Instant::now();
    let patience = Duration::from_millis(300);
    for line in ["sleep 60", "sh -c 'exec >&-; exec sleep 60'", "sh -c 'sleep 60 & exit 0'"] {
        assert!(matches!(within(line, &[], patience).unwrap_err(), CommandProblem::TooSlow(_)), "{line}");
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_program_that_prints_without_end_is_ended() {
    assert_eq!(output("yes").unwrap_err(), CommandProblem::TooLong(1 << 20));
}
