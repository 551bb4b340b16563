//! Random faults, batches and rows. `FAULT_CASES=10000` runs that many of them.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// A table of some rows, through which walks go one after the other. At one of them the fault appears.
#[derive(Clone, Debug)]
struct Case {
    fault: Fault,
    rows: i32,
    batch_size: usize,
    share: bool,
    appears_at: usize,
}

fn faults_of_this_database() -> Vec<(Effect, Timing, Column)> {
    let effects = EFFECTS.into_iter().flat_map(|effect| TIMINGS.map(|timing| (effect, timing)));
    let all = effects.flat_map(|(effect, timing)| COLUMNS.map(|column| (effect, timing, column)));
    let is_possible = |&(effect, timing, column): &(Effect, Timing, Column)| {
        let fault = Fault { effect, timing, column, modulus: 1, remainder: 0 };
        fault.makes_sense() && faults::sql(&fault).is_some()
    };
    all.filter(is_possible).collect()
}

fn cases() -> impl Strategy<Value = Case> {
    let rows = (1..=5_i32).prop_flat_map(|modulus| (Just(modulus), 0..modulus));
    let fault = (select(faults_of_this_database()), rows).prop_map(|((effect, timing, column), rows)| {
        Fault { effect, timing, column, modulus: rows.0, remainder: rows.1 }
    });
    (fault, 1..=25_i32, 1..=30_usize, any::<bool>(), 0..TASKS.len()).prop_map(
        |(fault, rows, batch_size, share, appears_at)| Case { fault, rows, batch_size, share, appears_at },
    )
}

/// Returns what is wrong.
fn walk_through(connection: &mut Database, case: &Case) -> Vec<String> {
    let truth = texts(1..=case.rows);
    make_table(connection, faults::TABLE);
    insert_plaintext(connection, &truth);
    let mut wrong = Vec::new();
    for (step, task) in TASKS.into_iter().enumerate() {
        if step == case.appears_at {
            install(connection, &case.fault);
        }
        let walk = task.walk().batch_size(case.batch_size);
        let walk = if case.share { walk.share() } else { walk };
        // A rotation leaves the index to `reindex`, whatever a trigger does to it.
        let (_, found) = run(connection, task, &walk, &truth);
        if is_refused(&case.fault, &found) {
            continue;
        }
        wrong.extend(found.into_iter().map(|found| format!("{task:?}: {found}")));
    }
    wrong
}

#[test]
fn nothing_is_lost_to_random_faults() {
    let cases_of_a_run = std::env::var("FAULT_CASES").map_or(40, |cases| cases.parse().unwrap());
    let config = Config { cases: cases_of_a_run, failure_persistence: None, ..Config::default() };
    let connection = RefCell::new(connect());
    let outcome = TestRunner::new(config).run(&cases(), |case| {
        let wrong = walk_through(&mut connection.borrow_mut(), &case);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
