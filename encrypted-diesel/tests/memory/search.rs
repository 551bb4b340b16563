//! Searches the memory of this process.

use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use crate::secret::Secret;

/// A piece of memory that can be written.
struct Region {
    name: String,
    start: usize,
    end: usize,
}

fn regions() -> Vec<Region> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let writable = maps.lines().filter(|line| line.split(' ').nth(1).unwrap().starts_with("rw"));
    let regions = writable.map(|line| {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [start, end] = [start, end].map(|digits| usize::from_str_radix(digits, 16).unwrap());
        Region { name: line.split_whitespace().nth(5).unwrap_or("anonymous").to_owned(), start, end }
    });
    regions.collect()
}

/// The places in memory that hold a part of a secret.
#[inline(never)]
pub(crate) fn search(secrets: &[Secret]) -> Vec<String> {
    let memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![0; 1 << 24];
    let hole = buffer.as_ptr() as usize..buffer.as_ptr() as usize + buffer.len();
    let starts = Starts::of(secrets);
    let environment = environment();
    let mut finds = Vec::new();
    for Region { name, start, end } in regions() {
        // The buffer holds a copy of what is read.
        let parts = [(start, end.min(hole.start)), (start.max(hole.end), end)];
        for (start, end) in parts.into_iter().filter(|(start, end)| start < end) {
            let bytes = &mut buffer[..end - start];
            memory.read_exact_at(bytes, start as u64).unwrap();
            let found = starts.search(bytes, secrets).into_iter();
            let found = found.map(|(at, length, name)| (start + at, length, name));
            for (at, length, secret) in found.filter(|(at, _, _)| !environment.contains(at)) {
                finds.push(format!("{secret}: {length} bytes at {at:x} in {name}"));
            }
            bytes.fill(0);
        }
    }
    finds
}

/// The initial environment of the process (`proc_pid_stat(5)`, fields 50 and 51).
fn environment() -> Range<usize> {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let third_on: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    third_on[50 - 3].parse().unwrap()..third_on[51 - 3].parse().unwrap()
}

/// For two bytes: the secrets in which they occur, and where.
struct Starts(Vec<Vec<(usize, usize)>>);

impl Starts {
    fn of(secrets: &[Secret]) -> Self {
        let mut starts = vec![Vec::new(); 1 << 16];
        for (secret, Secret { bytes, .. }) in secrets.iter().enumerate() {
            for at in 0..=bytes.len() - secrets[secret].find() {
                starts[pair(bytes.byte(at), bytes.byte(at + 1))].push((secret, at));
            }
        }
        Self(starts)
    }

    /// Positions, lengths and names.
    fn search<'a>(&self, bytes: &[u8], secrets: &'a [Secret]) -> Vec<(usize, usize, &'a str)> {
        let mut finds = Vec::new();
        let mut end = 0;
        for (at, two) in bytes.windows(2).enumerate() {
            for (secret, start) in &self.0[pair(two[0], two[1])] {
                let secret = &secrets[*secret];
                let pairs = bytes[at..].iter().zip(*start..secret.bytes.len());
                let length = pairs.take_while(|(byte, place)| **byte == secret.bytes.byte(*place)).count();
                if at >= end && length >= secret.find() {
                    finds.push((at, length, secret.name.as_str()));
                    end = at + length;
                }
            }
        }
        finds
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}
