//! A database that does not do what it is told: its triggers and rules change, cut, swallow or move what is written,
//! and say nothing. Whatever a walk does there, no value is lost.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::Walk;

use super::{Backend, Database, connect, faults};

mod fault;
mod random;
mod table;
mod task;

use fault::{COLUMNS, EFFECTS, TIMINGS};
pub(super) use fault::{Column, Effect, Fault, Timing, Words};
pub(super) use table::{insert_encrypted, insert_plaintext, make_table, stored};
use table::{install, texts};
use task::{TASKS, is_refused};
pub(super) use task::{Task, run};

/// Runs every task against every effect at this time, each on a table that is as the task expects it. Returns what is
/// wrong, and how many there were.
fn every_task_against(
    fault: impl Fn(Effect, Timing, Column) -> Fault,
    timing: Timing,
    settings: impl Fn(Walk<Backend>) -> Walk<Backend>,
) -> (Vec<String>, u32) {
    let mut connection = connect();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (effect, column) in EFFECTS.into_iter().flat_map(|effect| COLUMNS.map(|column| (effect, column))) {
        let fault = fault(effect, timing, column);
        if !fault.makes_sense() || faults::sql(&fault).is_none() {
            continue;
        }
        for task in TASKS.into_iter().filter(|task| task.concerns(column)) {
            prepare(&mut connection, task);
            install(&mut connection, &fault);
            let (walked, mut found) =
                run(&mut connection, task, &settings(task.walk().batch_size(4)), &texts(IDS));
            count += 1;
            if is_refused(&fault, &found) {
                continue;
            }
            let without_fault = IDS.iter().filter(|id| fault.is_harmless() || !fault.hits(**id)).count();
            if walked.written < without_fault as u64 {
                found.push(format!("only {} rows were written", walked.written));
            }
            wrong.extend(
                found.into_iter().map(|found| format!("{task:?} {effect:?} {timing:?} {column:?}: {found}")),
            );
        }
    }
    (wrong, count)
}

const IDS: [i32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Makes a table in which the task has something to do in every row.
fn prepare(connection: &mut Database, task: Task) {
    make_table(connection, faults::TABLE);
    match task {
        Task::Encrypt => insert_plaintext(connection, &texts(IDS)),
        _ => insert_encrypted(connection, &texts(IDS)),
    }
    if task == Task::Reindex {
        connection.batch_execute("UPDATE faulty SET value_index = NULL").unwrap();
    }
}

fn assert_none((wrong, count): (Vec<String>, u32)) {
    assert!(wrong.is_empty(), "of {count} walks, some went wrong:\n{}", wrong.join("\n"));
}

fn each_third(effect: Effect, timing: Timing, column: Column) -> Fault {
    Fault { effect, timing, column, modulus: 3, remainder: 0 }
}

macro_rules! timings {
    ($($name:ident: $timing:ident;)+) => {$(
        #[test]
        fn $name() {
            assert_none(every_task_against(each_third, Timing::$timing, |walk| walk));
        }
    )+};
}

timings! {
    nothing_is_lost_to_a_trigger_before_the_update: Before;
    nothing_is_lost_to_a_trigger_after_the_update: After;
    nothing_is_lost_to_a_trigger_of_one_column: AfterColumn;
    nothing_is_lost_to_a_trigger_of_the_statement: AfterStatement;
    nothing_is_lost_to_a_deferred_trigger: Deferred;
    nothing_is_lost_to_a_rule: Rule;
    nothing_is_lost_to_a_temporary_trigger: Temporary;
}

#[test]
fn nothing_is_lost_in_walks_that_share() {
    for timing in TIMINGS {
        assert_none(every_task_against(each_third, timing, Walk::share));
    }
}

#[test]
fn nothing_is_lost_where_every_row_is_hit() {
    let each = |effect, timing, column| Fault { effect, timing, column, modulus: 1, remainder: 0 };
    for timing in TIMINGS {
        assert_none(every_task_against(each, timing, |walk| walk));
    }
}

/// There are savepoints in place of transactions then. What is deferred to the commit of the caller's is not seen.
#[test]
fn nothing_is_lost_in_a_transaction_of_the_callers() {
    let mut wrong = Vec::new();
    for timing in TIMINGS.into_iter().filter(|timing| *timing != Timing::Deferred) {
        wrong.extend(in_a_transaction_against(timing));
    }
    assert_none((wrong, 0));
}

fn in_a_transaction_against(timing: Timing) -> Vec<String> {
    let mut connection = connect();
    let mut wrong = Vec::new();
    for (effect, task) in EFFECTS.into_iter().flat_map(|effect| TASKS.map(|task| (effect, task))) {
        let fault = each_third(effect, timing, Column::Value);
        // It ends the transaction that is not ours.
        if effect == Effect::RaiseRollback || faults::sql(&fault).is_none() {
            continue;
        }
        prepare(&mut connection, task);
        install(&mut connection, &fault);
        let found = connection.transaction(|connection| {
            let (_, found) = run(connection, task, &task.walk().batch_size(4), &texts(IDS));
            QueryResult::Ok((found, stored(connection)))
        });
        let found = match found {
            Ok((found, _)) if is_refused(&fault, &found) => continue,
            Ok((found, inside)) if inside == stored(&mut connection) => found,
            Ok(_) => vec!["the commit changed rows".to_owned()],
            Err(error) => vec![format!("the commit failed: {error}")],
        };
        wrong.extend(found.into_iter().map(|found| format!("{task:?} {effect:?} {timing:?}: {found}")));
    }
    wrong
}
