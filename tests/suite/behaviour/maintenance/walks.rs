//! How walks are run: in one go, batch by batch, without writing, at a certain pace, and not to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use encrypted_diesel::maintenance::{Batch, RowKey};

use super::super::search::{EmailColumns, ring, with_accounts};
use super::primary_keys::by_two;
use super::*;

/// Under encryption key 2, with key 1 to read.
fn both() -> Keyring {
    Keyring::new(key(2)).with_retired(key(1)).unwrap()
}

fn insert_under_old_key(connection: &mut Database, ids: std::ops::RangeInclusive<i32>) {
    Keyring::new(key(1)).scope(|| insert_samples(connection, ids));
}

fn last(batch: &Batch) -> Option<String> {
    batch.last.as_ref().map(ToString::to_string)
}

#[test]
fn each_batch_is_reported() {
    let mut connection = connect();
    insert_under_old_key(&mut connection, 1..=10);
    put(&mut connection, 5, "plaintext");
    both().scope(|| {
        let mut batches = Vec::new();
        let walked = text_column()
            .rotate()
            .batch_size(4)
            .run(&mut connection, |batch| {
                batches.push((batch.read, batch.written, shown(&batch.bad), last(batch), batch.pass));
            })
            .unwrap();
        let row = |id: i32| Some(id.to_string());
        let bad = vec!["5".to_owned()];
        assert_eq!(
            batches,
            [(4, 4, vec![], row(4), 0), (4, 3, bad.clone(), row(8), 0), (2, 2, vec![], None, 0)]
        );
        assert_eq!((walked.read, walked.written, walked.missed, walked.left), (10, 9, 0, 1));
        assert_eq!((shown(&walked.bad), walked.stopped), (bad, false));
    });
}

/// As jobs of a queue, which keeps nothing but the values of the row that was reached.
#[test]
fn one_batch_at_a_time() {
    let mut connection = connect();
    let rows: Vec<_> = (0..3).flat_map(|a| ["x", "y, z", ""].map(|b| (a, b))).collect();
    Keyring::new(key(1)).scope(|| {
        for (a, b) in &rows {
            let value = by_two::value.eq(EncryptedText::from("value"));
            diesel::insert_into(by_two::table)
                .values((by_two::a.eq(a), by_two::b.eq(b), value))
                .execute(&mut connection)
                .unwrap();
        }
    });
    both().scope(|| {
        let walk = EncryptedColumn::new::<by_two::value, EncryptedText>().rotate().batch_size(2);
        let mut jobs = vec![None::<Vec<String>>];
        let mut read = Vec::new();
        while let Some(after) = jobs.pop() {
            let after = after.map(RowKey::from_iter);
            let batch = walk.batch(&mut connection, after.as_ref()).unwrap();
            assert_eq!((batch.written, batch.bad.len()), (batch.read, 0));
            read.push(batch.read);
            jobs.extend(batch.last.map(|row| Some(row.values().map(str::to_owned).collect())));
        }
        assert_eq!(read, [2, 2, 2, 2, 1]);
        assert_eq!(walk.batch(&mut connection, None).unwrap().read, 0);
    });
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let mut connection = connect();
    insert_under_old_key(&mut connection, 1..=3);
    put(&mut connection, 2, "plaintext");
    put(&mut connection, 3, "ed1:");
    let stored = |connection: &mut Database| {
        let rows = raw_samples::table.select((raw_samples::text, raw_samples::bytes)).order(raw_samples::id);
        rows.load::<(Option<String>, Option<Vec<u8>>)>(connection).unwrap()
    };
    let before = stored(&mut connection);
    both().scope(|| {
        let column = text_column();
        for (walk, left) in [(column.encrypt(), 1), (column.rotate(), 2), (column.decrypt(), 1)] {
            // Sharing does not make it count twice.
            for walk in [walk.clone().dry_run(), walk.share().dry_run()] {
                let walked = walk.run(&mut connection, |_| {}).unwrap();
                assert_eq!((walked.written, walked.left), (1, left));
                assert_eq!(stored(&mut connection), before);
            }
        }
    });
    with_accounts(|connection| {
        ring(&[2, 1]).scope(|| {
            let reindex = BlindIndexes::new::<EmailColumns>().reindex();
            for _ in 0..2 {
                assert_eq!(walk(connection, reindex.clone().dry_run()).written, 3);
            }
            assert_eq!(walk(connection, reindex.clone()).written, 3);
            assert_eq!(walk(connection, reindex.dry_run()).written, 0);
        });
    });
}

#[test]
fn a_walk_goes_no_faster_than_its_rate() {
    let mut connection = connect();
    insert_under_old_key(&mut connection, 1..=35);
    both().scope(|| {
        let walk = text_column().rotate().batch_size(10).rate(100);
        let (begin, mut times) = (Instant::now(), Vec::new());
        walk.run(&mut connection, |batch| times.push((batch.read, begin.elapsed()))).unwrap();
        let (rows, times): (Vec<_>, Vec<_>) = times.into_iter().unzip();
        assert_eq!(rows, [10, 10, 10, 5]);
        for (time, tenths) in times.into_iter().zip(0..) {
            assert!(time >= Duration::from_millis(100) * tenths, "batch {tenths} after {time:?}");
        }

        // The rows of one second are one batch at most.
        let mut rows = Vec::new();
        let verify = text_column().verify().rate(20);
        verify.run(&mut connection, |batch| rows.push(batch.read)).unwrap();
        assert_eq!(rows, [20, 15]);
    });
}

#[test]
fn a_walk_that_is_stopped_goes_on_later() {
    let mut connection = connect();
    insert_under_old_key(&mut connection, 1..=20);
    both().scope(|| {
        let stop = Arc::new(AtomicBool::new(false));
        let is_stopped = Arc::clone(&stop);
        let walk = text_column().rotate().batch_size(4).stop_when(move || is_stopped.load(Ordering::Relaxed));
        let mut batches = 0;
        let walked = walk
            .run(&mut connection, |_| {
                batches += 1;
                stop.store(batches == 2, Ordering::Relaxed);
            })
            .unwrap();
        assert_eq!((walked.written, walked.stopped, batches), (8, true, 2));

        assert!(walk.run(&mut connection, |_| panic!("a batch")).unwrap().stopped);
        stop.store(false, Ordering::Relaxed);
        let walked = walk.run(&mut connection, |_| {}).unwrap();
        assert_eq!((walked.written, walked.read, walked.stopped), (12, 12, false));
        assert_eq!(text_column().status(&mut connection).unwrap().keys, [(key(2).id(), 20)].into());
    });
}

/// In the middle of a wait for its rate, too.
#[test]
fn a_slow_walk_stops_at_once() {
    let mut connection = connect();
    insert_under_old_key(&mut connection, 1..=2);
    both().scope(|| {
        let (begin, stop) = (Instant::now(), Arc::new(AtomicBool::new(false)));
        let is_stopped = Arc::clone(&stop);
        let walk = text_column().rotate().batch_size(1).rate(1);
        // A batch of one row a second, to be stopped when the first is done.
        let walk = walk.stop_when(move || is_stopped.load(Ordering::Relaxed));
        let walked = walk.run(&mut connection, |_| stop.store(true, Ordering::Relaxed)).unwrap();
        assert_eq!((walked.written, walked.stopped), (1, true));
        assert!(begin.elapsed() < Duration::from_millis(900), "{:?}", begin.elapsed());
    });
}

#[test]
fn the_first_thousand_bad_rows_are_kept_and_all_are_counted() {
    let mut connection = connect();
    let rows: Vec<_> = (1..=1_005).map(|id| (raw_samples::id.eq(id), raw_samples::text.eq("x"))).collect();
    diesel::insert_into(raw_samples::table).values(rows).execute(&mut connection).unwrap();
    new_keyring().scope(|| {
        let mut named = 0;
        let verify = text_column().verify().batch_size(300);
        let walked = verify.run(&mut connection, |batch| named += batch.bad.len()).unwrap();
        assert_eq!((walked.read, walked.left, named), (1_005, 1_005, 1_005));
        assert_eq!(walked.bad.len(), 1_000);
        assert_eq!(
            (shown(&walked.bad[..1]), shown(&walked.bad[999..])),
            (vec!["1".into()], vec!["1000".into()])
        );
    });
}

#[test]
fn a_walk_can_be_run_again() {
    let mut connection = connect();
    insert_under_old_key(&mut connection, 1..=3);
    let rotate = text_column().rotate().batch_size(2);
    both().scope(|| assert_eq!(walk(&mut connection, rotate.clone()).written, 3));
    let third = Keyring::new(key(3)).with_retired(key(2)).unwrap();
    third.scope(|| assert_eq!(walk(&mut connection, rotate).written, 3));
    assert!(text_column().status(&mut connection).unwrap().is_only_under(key(3).id()));
}
