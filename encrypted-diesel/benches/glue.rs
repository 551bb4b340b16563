//! The cost that this crate adds to the cipher: one value through `to_sql` and `from_sql`, as Diesel calls them on
//! SQLite, compared with the bare call of aes-gcm-siv on the same bytes.
//!
//!     cargo bench -p encrypted-diesel --bench glue -- --quiet
//!     cargo bench -p encrypted-diesel --bench glue --features aws-lc-rs -- --quiet
//!
//! Both are called in turn, a few calls each, so that a slow machine slows down both. A sample is the median of many
//! turns, so that a turn in which another process ran does not count. The work of Diesel and SQLite for a column of
//! any type is measured in the same way, and subtracted. Criterion decides how many calls make a sample, and reports
//! our time with theirs; the table at the end shows ours alone.

#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::RefCell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::aead::inout::InOutBuf;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use criterion::{BenchmarkId, Criterion, SamplingMode};
use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::deserialize::FromSql;
use diesel::prelude::*;
use diesel::query_builder::QueryId;
use diesel::row::{Field, Row};
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::{HasSqlType, SingleValue, SqlType};
use diesel::sqlite::{Sqlite, SqliteBindValue, SqliteType};
use encrypted_diesel::{EncryptedBinary, EncryptedText, Key, Keyring, sql_types};
use rand::Rng;

const SIZES: [usize; 7] = [0, 16, 32, 64, 256, 1_024, 16_384];
const SAMPLES: usize = 100;
/// Calls of one before it is the turn of the other.
const TURN: usize = 32;

fn main() {
    let keyring = Keyring::new(Key::generate().unwrap()).with_retired(Key::generate().unwrap()).unwrap();
    keyring.install().unwrap();

    let mut criterion = Criterion::default()
        .sample_size(SAMPLES)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        // Criterion would draw 100,000, which takes seconds for each value, and its own figures are not used.
        .nresamples(1_001)
        .configure_from_args();
    let mut table = Table::default();
    for size in SIZES {
        let text = EncryptedText::new("x".repeat(size));
        writes::<sql_types::EncryptedText, _>(&mut criterion, &mut table, "to_sql text", size, &text);
        reads::<sql_types::EncryptedText, _>(&mut criterion, &mut table, "from_sql text", size, &text);
        let bytes = EncryptedBinary::new(vec![7; size]);
        writes::<sql_types::EncryptedBinary, _>(&mut criterion, &mut table, "to_sql binary", size, &bytes);
        reads::<sql_types::EncryptedBinary, _>(&mut criterion, &mut table, "from_sql binary", size, &bytes);
    }
    criterion.final_summary();
    table.print();
}

fn writes<ST, V>(criterion: &mut Criterion, table: &mut Table, name: &str, size: usize, value: &V)
where
    V: ToSql<ST, Sqlite>,
    Sqlite: HasSqlType<ST>,
{
    let cipher = Aes256GcmSiv::new(&[1; 32].into());
    let mut buffer = vec![7; size];
    table.row(
        criterion,
        name,
        size,
        || {
            let mut no_lookup = ();
            let mut out = Output::<Sqlite>::new(SqliteBindValue::from(0), &mut no_lookup);
            black_box(value).to_sql(&mut out).unwrap();
            black_box(&out);
        },
        || {
            let mut no_lookup = ();
            black_box(&Output::<Sqlite>::new(SqliteBindValue::from(0), &mut no_lookup));
        },
        || {
            let mut nonce = [0; 12];
            rand::rng().fill_bytes(&mut nonce);
            let buffer = black_box(buffer.as_mut_slice());
            black_box(cipher.encrypt_inout_detached(&nonce.into(), b"", buffer.into()).unwrap());
        },
    );
}

fn reads<ST, V>(criterion: &mut Criterion, table: &mut Table, name: &str, size: usize, value: &V)
where
    ST: SqlType + QueryId + SingleValue,
    V: ToSql<ST, Sqlite> + FromSql<ST, Sqlite>,
    Sqlite: HasSqlType<ST>,
{
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    let query = diesel::sql_query("SELECT ?").bind::<ST, _>(value);
    let mut rows = LoadConnection::<DefaultLoadingMode>::load(&mut connection, query).unwrap();
    let row = rows.next().unwrap().unwrap();

    let cipher = Aes256GcmSiv::new(&[1; 32].into());
    let nonce = [2; 12].into();
    let mut ciphertext = vec![7; size];
    let tag = cipher.encrypt_inout_detached(&nonce, b"", ciphertext.as_mut_slice().into()).unwrap();
    let mut plaintext = vec![0; size];
    table.row(
        criterion,
        name,
        size,
        || {
            let field = row.get(0).unwrap();
            black_box(V::from_sql(field.value().unwrap()).unwrap());
        },
        || {
            let field = row.get(0).unwrap();
            let mut stored = field.value().unwrap();
            match stored.value_type() {
                Some(SqliteType::Text) => black_box(stored.read_text()).len(),
                _ => black_box(stored.read_blob()).len(),
            };
        },
        || {
            let buffer = InOutBuf::new(black_box(&ciphertext), &mut plaintext).unwrap();
            cipher.decrypt_inout_detached(&nonce, b"", buffer, &tag).unwrap();
            black_box(&plaintext);
        },
    );
}

/// The times of both, in nanoseconds a call.
#[derive(Clone, Copy)]
struct Sample {
    /// Without Diesel's.
    ours: f64,
    diesels: f64,
    bare: f64,
}

impl Sample {
    fn more(&self) -> f64 {
        self.ours - self.bare
    }

    fn ratio(&self) -> f64 {
        self.ours / self.bare
    }
}

#[derive(Default)]
struct Table {
    rows: Vec<(String, usize, Vec<Sample>)>,
}

impl Table {
    fn row(
        &mut self,
        criterion: &mut Criterion,
        name: &str,
        size: usize,
        mut ours_and_diesels: impl FnMut(),
        mut diesels: impl FnMut(),
        mut bare: impl FnMut(),
    ) {
        let samples = RefCell::new(Vec::new());
        let mut group = criterion.benchmark_group(name);
        group.sampling_mode(SamplingMode::Flat);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_custom(|calls| {
                let mut total = Duration::ZERO;
                let mut turns = [const { Vec::new() }; 3];
                for done in (0..calls).step_by(TURN) {
                    let turn = (calls - done).min(TURN as u64);
                    let times =
                        [time(turn, &mut ours_and_diesels), time(turn, &mut diesels), time(turn, &mut bare)];
                    total += times[0];
                    for (turns, time) in turns.iter_mut().zip(times) {
                        turns.push(time.as_nanos() as f64 / turn as f64);
                    }
                }
                let [both, diesels, bare] = turns.map(|turns| quartiles(turns)[1]);
                samples.borrow_mut().push(Sample { ours: both - diesels, diesels, bare });
                total
            });
        });
        group.finish();
        // Earlier samples were for warming up.
        let samples = samples.into_inner();
        if let Some(warm) = samples.len().checked_sub(SAMPLES) {
            self.rows.push((name.to_owned(), size, samples[warm..].to_vec()));
        }
    }

    fn print(&self) {
        if self.rows.is_empty() {
            return;
        }
        let cipher = if cfg!(feature = "aws-lc-rs") { "aws-lc-rs" } else { "aes-gcm-siv" };
        println!("\nencrypted-diesel with {cipher}, beside bare aes-gcm-siv: medians of {SAMPLES} samples");
        println!("and, in brackets, the middle half of them\n");
        println!("| | bytes | Diesel and SQLite, ns | ours, ns | bare, ns | more, ns | ours / bare |");
        println!("|---|--:|--:|--:|--:|--:|--:|");
        for (name, size, samples) in &self.rows {
            let of = |value: fn(&Sample) -> f64| quartiles(samples.iter().map(value).collect());
            let [_, diesels, _] = of(|sample| sample.diesels);
            let [_, ours, _] = of(|sample| sample.ours);
            let [_, bare, _] = of(|sample| sample.bare);
            let [_, more, _] = of(Sample::more);
            let [low, ratio, high] = of(Sample::ratio);
            println!(
                "| `{name}` | {size} | {diesels:.0} | {ours:.0} | {bare:.0} | {more:.0} \
                 | {ratio:.2} ({low:.2} to {high:.2}) |"
            );
        }
    }
}

fn time(calls: u64, call: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed()
}

/// The values below which are a quarter, a half and three quarters of them.
fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[quarter * (values.len() - 1) / 4])
}
