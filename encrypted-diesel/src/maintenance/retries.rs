use std::thread;
use std::time::Duration;

use diesel::result::QueryResult;

use super::failure::is_transient;
use super::sql::dialect::Dialect;

/// How work that the database aborted in favor of another transaction is started again.
#[derive(Clone, Copy)]
pub(super) struct Retries<'a> {
    /// How often, at most.
    pub(super) most: u32,
    /// Once this returns true, nothing is retried.
    pub(super) is_stopped: &'a dyn Fn() -> bool,
}

impl Retries<'_> {
    /// Lets a failure of the work end it: for work within a transaction that is lost with it.
    pub(super) const NONE: Retries<'static> = Retries { most: 0, is_stopped: &|| false };

    /// Does the work until it succeeds, fails for good, or has been retried often enough. Returns how often it was
    /// retried as well.
    pub(super) fn run<DB: Dialect, T>(
        self,
        mut work: impl FnMut() -> QueryResult<T>,
    ) -> (QueryResult<T>, u32) {
        let mut retry = 0;
        loop {
            match work() {
                Err(error) if retry < self.most && is_transient::<DB>(&error) && !(self.is_stopped)() => {
                    thread::sleep(Duration::from_millis(100 << retry.min(6)));
                    retry += 1;
                }
                done => return (done, retry),
            }
        }
    }
}
