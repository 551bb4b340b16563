//! The common parts of the benchmarks: variants that take turns, and a table of ratios.

mod bare;

use std::time::{Duration, Instant};

pub use bare::Bare;

/// One way to do the work. It returns how long that took.
pub type Variant<'a> = (&'a str, Box<dyn FnMut() -> Duration + 'a>);

/// How long some work takes.
pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Runs all variants in turn, this many times, and prints the time of each relative to the first: median, least
/// and most.
///
/// `values` is how many values one run works on.
pub fn compare(title: &str, values: usize, rounds: usize, variants: &mut [Variant<'_>]) {
    let mut rounds_of: Vec<Vec<Duration>> = variants.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for ((_, variant), took) in variants.iter_mut().zip(&mut rounds_of) {
            let time = variant();
            // The first round warms up.
            if round > 0 {
                took.push(time);
            }
        }
    }
    println!("\n{title}, {rounds} rounds\n");
    println!("| | µs a value, median | ratio, median | least | most |");
    println!("|---|---|---|---|---|");
    for ((name, _), took) in variants.iter().zip(&rounds_of) {
        let ratios =
            took.iter().zip(&rounds_of[0]).map(|(own, first)| own.as_secs_f64() / first.as_secs_f64());
        let (median, least, most) = spread(ratios.collect());
        let (each, ..) = spread(took.iter().map(|time| time.as_secs_f64() * 1e6 / values as f64).collect());
        println!("| {name} | {each:.3} | {median:.2} | {least:.2} | {most:.2} |");
    }
}

/// Median, least and most.
pub fn spread(mut figures: Vec<f64>) -> (f64, f64, f64) {
    figures.sort_by(f64::total_cmp);
    (figures[figures.len() / 2], figures[0], figures[figures.len() - 1])
}

/// The servers that the environment names, as the suite knows them.
pub fn server(variable: &str) -> Option<String> {
    let url = std::env::var(variable).ok();
    if url.is_none() {
        println!("\n{variable} is not set: left out");
    }
    url
}
