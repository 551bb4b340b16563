use std::fmt;

use diesel::backend::Backend;
use diesel::serialize::{self, Output, ToSql};

/// A bind whose value does not appear in query logs.
pub(crate) struct Hidden<T>(pub(crate) T);

impl<T: ToSql<ST, DB>, ST, DB: Backend> ToSql<ST, DB> for Hidden<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<T> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}
