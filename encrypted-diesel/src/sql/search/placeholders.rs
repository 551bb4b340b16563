//! SQLite and MySQL, which have no arrays: `column IN (?, ?, …)`.
//!
//! The number of placeholders does not depend on the keyring, which may change between two passes over a query: each value
//! has enough of them for several keys, and the last stored form fills the rest.

use std::cell::RefCell;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::{Error as DieselError, QueryResult};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Binary, Text};

use super::matches::Matches;
use super::term::Term;
use super::terms::Terms;
use crate::cipher::Sealed;
use crate::envelope::Container;
use crate::error::Error;
use crate::sql::backend::BindSealed;

/// The most keys that a search looks under.
const MOST_KEYS: usize = 8;

/// A backend without arrays.
pub(crate) trait Placeholders: BindSealed {
    /// The most placeholders of a statement.
    const MOST: usize;
}

#[cfg(feature = "sqlite")]
impl Placeholders for diesel::sqlite::Sqlite {
    /// SQLite's own default since 3.32. Diesel does not say what a library was compiled with.
    const MOST: usize = 32_766;
}

#[cfg(feature = "mysql")]
impl Placeholders for diesel::mysql::Mysql {
    /// The protocol counts them in two bytes.
    const MOST: usize = 65_535;
}

/// `column IN (?, ?, …)`.
impl<C, T, DB> QueryFragment<DB> for Matches<C, T>
where
    C: QueryFragment<DB>,
    T: Term,
    DB: Placeholders,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // The statement of `matches` is always the same.
        if self.any {
            pass.unsafe_to_cache_prepared();
        }
        let terms = self.terms()?;
        let placeholders = terms.placeholders(DB::MOST).map_err(refused)?;
        if placeholders == 0 {
            pass.push_sql("1=0");
            return Ok(());
        }
        pass.push_sql("(");
        self.column.walk_ast(pass.reborrow())?;
        let _binding = Binding::start();
        for position in 0..placeholders {
            pass.push_sql(if position == 0 { " IN (" } else { ", " });
            match T::CONTAINER {
                Container::Text => pass.push_bind_param::<Text, _>(terms)?,
                Container::Bytes => pass.push_bind_param::<Binary, _>(terms)?,
            }
        }
        pass.push_sql("))");
        Ok(())
    }
}

/// Binds the next stored form.
impl<ST, T: Term, DB: Placeholders> ToSql<ST, DB> for Terms<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        let mut left = match LEFT.try_with(RefCell::take)? {
            Some(left) => left,
            None => self.for_placeholders(DB::MOST)?,
        };
        let next = if left.len() > 1 { left.pop() } else { left.last().cloned() };
        LEFT.try_with(|cell| cell.replace(Some(left)))?;
        DB::bind(next.ok_or(Error::NoIndexKey)?, out)
    }
}

impl<T: Term> Terms<T> {
    /// How many placeholders these values have, of `most`.
    fn placeholders(&self, most: usize) -> Result<usize, Error> {
        let forms: usize = self.0.iter().map(Term::contexts).sum();
        if forms > most {
            return Err(Error::SearchTooLarge { forms, most });
        }
        Ok(most.min(forms * MOST_KEYS))
    }

    /// All stored forms, the last one first.
    fn for_placeholders(&self, most: usize) -> Result<Vec<Sealed>, Error> {
        let mut stored = self.stored()?;
        let (forms, most) = (stored.len(), self.placeholders(most)?);
        if forms > most {
            return Err(Error::SearchTooLarge { forms, most });
        }
        stored.reverse();
        Ok(stored)
    }
}

thread_local! {
    /// The stored forms for the placeholders that are left, the next one last; `None` before the first placeholder.
    static LEFT: RefCell<Option<Vec<Sealed>>> = const { RefCell::new(None) };
}

/// The time in which one search pushes its placeholders, on one thread.
struct Binding;

impl Binding {
    fn start() -> Self {
        forget();
        Self
    }
}

impl Drop for Binding {
    fn drop(&mut self) {
        forget();
    }
}

fn forget() {
    // A thread whose locals are gone keeps nothing.
    let _ = LEFT.try_with(RefCell::take);
}

fn refused(error: Error) -> DieselError {
    DieselError::QueryBuilderError(Box::new(error))
}
