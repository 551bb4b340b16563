//! The cost of a value as tables and keyrings grow.
//!
//! `growth FOLDER [ROWS]`: up to this many rows of SQLite in memory, and 1 to 50 keys. Writes growth.svg into the
//! folder.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedText, ExposeSecret, Key, Keyring};
use encrypted_diesel_benchmarks::{spread, time};
use plotters::prelude::*;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;
    samples (id) { id -> Integer, text -> EncryptedText }
}

mod plain {
    diesel::table! { samples (id) { id -> Integer, text -> Text } }
}

const CHUNK: usize = 1_000;
const ROUNDS: usize = 5;
const KEYS: [usize; 6] = [1, 2, 5, 10, 20, 50];

/// The number of values or keys, and the time for a value in µs: to write and read it as plaintext, and encrypted.
type Point = (usize, [f64; 4]);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let most: usize = arguments.next().map_or(10_000_000, |text| text.parse().expect("a number"));

    let sizes = std::iter::successors(Some(1_000), |size| Some(size * 10)).take_while(|size| *size <= most);
    let by_rows: Vec<Point> = sizes.map(|rows| measure(rows, 1)).collect();
    table("rows", &by_rows);
    let by_keys: Vec<Point> = KEYS.iter().map(|keys| (*keys, measure(100_000.min(most), *keys).1)).collect();
    table("keys in the ring, the values under the last", &by_keys);
    plot(&Path::new(&folder).join("growth.svg"), &by_rows, &by_keys).expect("a plot");
}

/// Values under the last of this many keys.
fn measure(rows: usize, keys: usize) -> Point {
    let keys: Vec<_> = (0..keys).map(|_| Key::generate().expect("random bytes").to_hex()).collect();
    let list = |keys: &[&str]| Keyring::parse(&keys.join(",")).expect("keys");
    let hex: Vec<_> = keys.iter().map(ExposeSecret::expose_secret).map(AsRef::as_ref).collect();
    let (writing, reading) = (list(&hex[hex.len() - 1..]), list(&hex));

    // Small tables are worked on several times, so that there is something to measure.
    let repeat = (100_000 / rows).max(1);
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / rows as f64;
    let mut took: [Vec<f64>; 4] = Default::default();
    for _ in 0..if rows > 1_000_000 { 1 } else { ROUNDS * repeat } {
        let connection = &mut database();
        took[0].push(each(time(|| insert_plain(connection, rows))));
        took[1].push(each(time(|| load_plain(connection, rows))));
        let connection = &mut database();
        took[2].push(each(time(|| writing.scope(|| insert(connection, rows)))));
        took[3].push(each(time(|| reading.scope(|| load(connection, rows)))));
    }
    (rows, took.map(|figures| spread(figures).0))
}

fn database() -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").expect("SQLite");
    connection
        .batch_execute("CREATE TABLE samples (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        .expect("a table");
    connection
}

/// Writes rows, and reads them.
macro_rules! work {
    ($insert:ident, $load:ident, $table:path, $value:ty, $len:expr) => {
        fn $insert(connection: &mut SqliteConnection, rows: usize) {
            use $table as samples;

            let insert = |connection: &mut SqliteConnection| {
                for first in (0..rows).step_by(CHUNK) {
                    let chunk = (first..rows.min(first + CHUNK)).map(|row| {
                        let text = <$value>::from(format!("ada.augusta.{row:08}@example.com"));
                        (samples::id.eq(row as i32), samples::text.eq(text))
                    });
                    let chunk: Vec<_> = chunk.collect();
                    diesel::insert_into(samples::table).values(chunk).execute(connection)?;
                }
                QueryResult::Ok(())
            };
            connection.transaction(insert).expect("rows");
        }

        fn $load(connection: &mut SqliteConnection, rows: usize) {
            use $table as samples;

            let texts = samples::table.select(samples::text).load_iter::<$value, _>(connection);
            let bytes = texts.expect("rows").map(|text| $len(&text.expect("a value")));
            assert_eq!(bytes.sum::<usize>(), rows * 32);
        }
    };
}

work!(insert_plain, load_plain, plain::samples, String, String::len);
work!(insert, load, samples, EncryptedText, |text: &EncryptedText| text.expose_secret().len());

fn table(what: &str, points: &[Point]) {
    println!("\n| {what} | written, µs a value | plaintext | more | read, µs a value | plaintext | more |");
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    for (count, [plain_write, plain_read, write, read]) in points {
        println!(
            "| {count} | {write:.3} | {plain_write:.3} | {:.3} | {read:.3} | {plain_read:.3} | {:.3} |",
            write - plain_write,
            read - plain_read,
        );
    }
}

fn plot(path: &Path, by_rows: &[Point], by_keys: &[Point]) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::new(path, (960, 360)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(480);
    let top = by_rows.iter().chain(by_keys).flat_map(|(_, took)| *took).fold(0.0, f64::max) * 1.7;
    for (area, points, label) in [(left, by_rows, "rows"), (right, by_keys, "keys in the ring")] {
        let (first, last) = (points[0].0 as f64, points[points.len() - 1].0 as f64);
        let mut chart = ChartBuilder::on(&area)
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(48)
            .build_cartesian_2d((first..last).log_scale(), 0.0..top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .x_label_formatter(&|count| format!("{count:.0}"))
            .x_desc(label)
            .y_desc("µs a value")
            .draw()?;
        for (line, name, color) in [
            (2, "written", BLUE.to_rgba()),
            (0, "written in plaintext", BLUE.mix(0.4)),
            (3, "read", RED.to_rgba()),
            (1, "read in plaintext", RED.mix(0.4)),
        ] {
            let points = points.iter().map(|(count, took)| (*count as f64, took[line]));
            chart
                .draw_series(LineSeries::new(points, color).point_size(3))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color));
        }
        chart.configure_series_labels().position(SeriesLabelPosition::UpperLeft).draw()?;
    }
    root.present()?;
    Ok(())
}
