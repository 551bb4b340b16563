//! Expressions over one column.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

/// Writes an expression in which `{}` stands for an argument.
pub(super) fn fill<'a, 'b, DB: Backend>(
    pass: &mut AstPass<'a, 'b, DB>,
    template: &str,
    mut argument: impl FnMut(&mut AstPass<'a, 'b, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    for (position, words) in template.split("{}").enumerate() {
        if position > 0 {
            argument(pass)?;
        }
        pass.push_sql(words);
    }
    Ok(())
}

/// Writes a condition in which `{}` stands for a column, and `[]` for a value.
pub(super) fn compare<'a, 'b, DB: Backend>(
    pass: &mut AstPass<'a, 'b, DB>,
    template: &str,
    mut column: impl FnMut(&mut AstPass<'a, 'b, DB>) -> QueryResult<()>,
    mut value: impl FnMut(&mut AstPass<'a, 'b, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    for (position, words) in template.split("[]").enumerate() {
        if position > 0 {
            value(pass)?;
        }
        fill(pass, words, &mut column)?;
    }
    Ok(())
}
