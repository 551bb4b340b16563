//! Runs the example.

use std::process::Command;

#[test]
fn a_key_that_the_agent_wrapped_is_used_and_in_the_other_list_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_key-service")).output().expect("the example");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{printed}");
    let lines: Vec<_> = printed.lines().collect();
    assert!(lines[0].starts_with("FIELD_ENCRYPTION_KEY=agent://127.0.0.1:"), "{printed}");
    assert_eq!(lines[1], "Read: allergic to penicillin");
    assert!(lines[2].starts_with("As an index key: the service refuses the entry"), "{printed}");
}
