use std::fmt;

use diesel::backend::Backend;
use diesel::serialize::{self, Output, ToSql};
use zeroize::Zeroize;

/// A bind whose value does not appear in query logs, and is wiped from memory.
pub(crate) struct Hidden<T: Zeroize>(pub(crate) T);

impl<T: Zeroize> Drop for Hidden<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize + ToSql<ST, DB>, ST, DB: Backend> ToSql<ST, DB> for Hidden<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<T: Zeroize> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}
