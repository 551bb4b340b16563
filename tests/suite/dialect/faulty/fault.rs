//! A trigger or a rule that does something to what is written.

/// What happens to a row that is updated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Effect {
    /// A copy goes to another table. Nothing is wrong with that.
    Copy,
    /// The row itself is inserted once more, under another key. The row stays as it was written.
    Insert,
    /// The value is in lower case.
    Lower,
    /// The value is cut.
    Cut,
    /// A space is appended. Some collations do not see it.
    Append,
    /// The value is another one.
    Constant,
    /// The value is NULL.
    Null,
    /// The value is that of another column.
    Other,
    /// The value is that of the next row.
    Neighbor,
    /// The value is the old one.
    Old,
    /// The row is not written, without an error.
    Swallow,
    /// The row is deleted.
    Delete,
    /// The row has another key.
    Move,
    /// An error.
    Raise,
    /// An error that leaves what the statement has done so far.
    RaiseFail,
    /// An error that ends the whole transaction.
    RaiseRollback,
}

/// When it happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Timing {
    Before,
    After,
    /// After the update, if that names the column.
    AfterColumn,
    /// Once, after all rows of a statement.
    AfterStatement,
    /// When the transaction is committed.
    Deferred,
    /// By a rule, in place of the update or together with it.
    Rule,
    /// By a trigger that only this connection has.
    Temporary,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Column {
    Value,
    Index,
}

/// A trigger or rule for the rows whose id leaves this remainder.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Fault {
    pub(in super::super) effect: Effect,
    pub(in super::super) timing: Timing,
    pub(in super::super) column: Column,
    pub(in super::super) modulus: i32,
    pub(in super::super) remainder: i32,
}

use Effect::*;
pub(super) const EFFECTS: [Effect; 16] = [
    Copy,
    Insert,
    Lower,
    Cut,
    Append,
    Constant,
    Null,
    Other,
    Neighbor,
    Old,
    Swallow,
    Delete,
    Move,
    Raise,
    RaiseFail,
    RaiseRollback,
];

pub(super) const COLUMNS: [Column; 2] = [Column::Value, Column::Index];

pub(super) const TIMINGS: [Timing; 7] = [
    Timing::Before,
    Timing::After,
    Timing::AfterColumn,
    Timing::AfterStatement,
    Timing::Deferred,
    Timing::Rule,
    Timing::Temporary,
];

impl Column {
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Index => "value_index",
        }
    }
}

impl Fault {
    /// Whether it leaves the rows as they are written.
    pub(super) fn is_harmless(&self) -> bool {
        matches!(self.effect, Copy | Insert)
    }

    /// Whether it is about the column. What happens to a whole row is tried once.
    pub(super) fn makes_sense(&self) -> bool {
        self.column == Column::Value
            || self.timing == Timing::AfterColumn
            || matches!(self.effect, Cut | Constant | Null | Old)
    }

    pub(super) fn hits(&self, id: i32) -> bool {
        id.rem_euclid(self.modulus) == self.remainder
    }

    /// The SQL condition for the id in this expression.
    pub(in super::super) fn condition(&self, id: &str) -> String {
        format!("{id} % {} = {}", self.modulus, self.remainder)
    }

    /// What the column becomes, in a dialect with these words; `row` stands for the new row. `None` if the effect is
    /// not one of an expression, or makes no sense for the column.
    pub(in super::super) fn expression(&self, row: &str, old: &str, words: &Words) -> Option<String> {
        let name = self.column.name();
        Some(match (self.effect, self.column) {
            (Lower, Column::Value) => format!("lower({row}.value)"),
            (Append, Column::Value) => words.append.replace("{}", &format!("{row}.value")),
            (Constant, Column::Value) => "'nothing'".to_owned(),
            (Constant, Column::Index) => words.bytes.to_owned(),
            (Other, Column::Value) => format!("{row}.note"),
            (Neighbor, Column::Value) => {
                format!("coalesce((SELECT n.value FROM faulty n WHERE n.id = {row}.id + 1), {row}.value)")
            }
            (Cut, Column::Value) => format!("substr({row}.value, 1, 20)"),
            (Cut, Column::Index) => format!("substr({row}.value_index, 1, 4)"),
            (Null, _) => "NULL".to_owned(),
            (Old, _) => format!("{old}.{name}"),
            _ => return None,
        })
    }
}

/// Words of a dialect.
pub(in super::super) struct Words {
    /// A space after a text.
    pub(in super::super) append: &'static str,
    /// A few bytes.
    pub(in super::super) bytes: &'static str,
}
