//! Whether a walk has reached all rows that there are.

use std::sync::Arc;

use diesel::result::QueryResult;

use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::select::{Select, Which};
use super::sql::table::Table;
use super::task::Plan;
use super::walked::Walked;

/// How many rows may be added to a small table.
const ADDED: u64 = 10_000;

/// The rows that a walk has to reach, by the database's count.
pub(super) struct Agreement<'a, DB: Dialect> {
    table: &'a Arc<Table<DB>>,
    plan: &'a Plan,
    /// How many there were, if they were counted.
    before: Option<u64>,
    /// Whether they are still the same after the walk.
    is_of_all: bool,
}

impl<'a, DB: Dialect> Agreement<'a, DB> {
    /// Counts the rows before a walk. `writes` says whether rows that are done need no further visit, `may_add` whether a
    /// trigger may add rows for those that are written.
    pub(super) fn begin<Conn>(
        connection: &mut Conn,
        table: &'a Arc<Table<DB>>,
        plan: &'a Plan,
        writes: bool,
        may_add: bool,
    ) -> QueryResult<Self>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let is_same_after = match &plan.which {
            Which::All => true,
            Which::WithoutPrefix(prefixes) => prefixes.is_empty(),
            Which::WithPrefix(_) | Which::ToFill => false,
        };
        let mut agreement = Self { table, plan, before: None, is_of_all: !writes || is_same_after };
        if agreement.is_of_all || may_add {
            agreement.before = Some(agreement.count(connection)?);
        }
        Ok(agreement)
    }

    /// Whether the rows are the same before and after the walk.
    pub(super) fn is_of_all(&self) -> bool {
        self.is_of_all
    }

    /// How many rows a pass reads at most: those that there were, and as many again that were added meanwhile. All, if no
    /// trigger adds any.
    pub(super) fn most(&self) -> u64 {
        self.before.map_or(u64::MAX, |before| before.saturating_mul(2).saturating_add(ADDED))
    }

    /// How many rows the last pass has not reached.
    ///
    /// If rows were added or deleted meanwhile, all that is known is whether rows still have to be written.
    pub(super) fn unreached<Conn>(&self, connection: &mut Conn, walked: &Walked) -> QueryResult<u64>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let now = self.count(connection)?;
        Ok(match self.is_of_all {
            true if self.before == Some(now) => now.saturating_sub(walked.read),
            true => 0,
            false => now.saturating_sub(walked.left + walked.missed),
        })
    }

    fn count<Conn>(&self, connection: &mut Conn) -> QueryResult<u64>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let count = connection.measure(Select::count(self.table, &self.plan.read, &self.plan.which)?)?;
        Ok(count.into_iter().flatten().next().unwrap_or_default())
    }
}
