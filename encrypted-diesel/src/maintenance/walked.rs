use super::batch::{BadRow, Batch};

/// The outcome of a walk.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Walked {
    /// Rows that were written, or would have been in a dry run.
    pub written: u64,
    /// Rows that were read in the last pass.
    pub read: u64,
    /// Rows that somebody else changed, in every pass, between reading and writing.
    pub missed: u64,
    /// Rows that the database counts after the last pass, and that it has not reached: they were added meanwhile, or the
    /// database hides them.
    pub unreached: u64,
    /// Rows that were left as they are because they cannot be worked on.
    pub left: u64,
    /// The first 1,000 of these, so that memory stays bounded.
    pub bad: Vec<BadRow>,
    /// Whether [`stop_when`](super::Walk::stop_when) ended the walk before its last row.
    pub stopped: bool,
    /// The pass that the counts are of.
    pub(super) pass: u32,
    /// Whether a batch of the pass was retried.
    pub(super) retried: bool,
}

impl Walked {
    /// How many bad rows are kept.
    const KEPT: usize = 1_000;

    /// Adds a batch, for a program that counts on its own: `run` returns the same counts, but not if it fails.
    ///
    /// With the first batch of another pass, all counts but that of written rows begin again.
    pub fn add(&mut self, batch: &Batch) {
        if self.pass != batch.pass {
            *self = Self { written: self.written, pass: batch.pass, ..Self::default() };
        }
        self.retried |= batch.retried;
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        self.read += count(batch.read);
        self.written += count(batch.written);
        self.missed += count(batch.missed);
        self.left += count(batch.bad.len());
        let room = Self::KEPT.saturating_sub(self.bad.len());
        self.bad.extend(batch.bad.iter().take(room).cloned());
    }
}
