//! The operator's file `encrypted-diesel.toml` is read or refused, and each problem has a place in it.
#![no_main]

use encrypted_diesel_cli::fuzzing::read_declaration;
use libfuzzer_sys::fuzz_target;

const FILE: &str = "encrypted-diesel.toml";

/// The program keeps the contents of the file until it ends, so this is not a leak.
#[unsafe(no_mangle)]
extern "C" fn __lsan_is_turned_off() -> i32 {
    1
}

fuzz_target!(|bytes: &[u8]| {
    let Err(problems) = read_declaration(FILE, bytes) else { return };
    let last = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    for problem in problems.split(&format!("\n{FILE}:")) {
        let problem = problem.strip_prefix(&format!("{FILE}:")).unwrap_or(problem);
        let mut place = problem.split(':').map(str::parse::<usize>);
        let (Some(Ok(line)), Some(Ok(column))) = (place.next(), place.next()) else { panic!("{problems}") };
        assert!((1..=last).contains(&line) && (1..=bytes.len() + 1).contains(&column), "{problems}");
    }
});
