use std::fmt;

/// Something about a table or a server that matters to encrypted columns.
///
/// The texts quote names from the database as they are. Escape them before you show them on a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The table, the column or the server: `users`, `users.email`, `the server`.
    pub subject: String,
    /// What it is about.
    pub kind: FindingKind,
    /// What was found, in a sentence.
    pub message: String,
    /// The SQL, or the command, that mends it now.
    pub mend: Option<String>,
    /// The SQL that mends the rest once every value is encrypted. Before that, it fails or does too little.
    pub afterwards: Option<String>,
    /// A short name, such as `trigger:audit`, if values may be in a place that no walk reaches. Then "every value is
    /// encrypted" holds only once somebody has looked there.
    pub hidden: Option<String>,
}

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// A walk refuses the table, since it would miss rows or could lose values.
    Error,
    /// Plaintext may be stored, kept or logged somewhere, or searches may fail.
    Warning,
    /// Worth knowing.
    Notice,
}

/// What a [`Finding`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// Row level security hides rows.
    RowSecurity,
    /// The table's engine cannot undo a write.
    NoTransactions,
    /// It is a view or a table of another server, not a table with rows of its own.
    NotATable,
    /// The column is too narrow.
    TooNarrow,
    /// The database fills short values up.
    Padded,
    /// The database computes the column.
    Generated,
    /// A rule runs instead of, or beside, what is written.
    Rule,
    /// Other tables inherit from the table.
    Inherited,
    /// A part of the table is on another server.
    ForeignPartition,
    /// The database keeps old versions of rows.
    History,
    /// A trigger can change or copy what is written.
    Trigger,
    /// A view shows or keeps the column.
    View,
    /// Envelopes are in a column that nobody declared.
    Undeclared,
    /// The table is sent to other servers.
    Publication,
    /// The column's default is plaintext.
    PlaintextDefault,
    /// The column's character set or collation.
    Collation,
    /// The encoding of the file.
    Encoding,
    /// The server cuts values that are too long instead of refusing them.
    NotStrict,
    /// The planner's statistics keep values.
    Statistics,
    /// The server logs what is sent to it.
    Logging,
    /// A search has no index to use.
    NoIndex,
    /// Nothing keeps plaintext out of columns.
    NoCheck,
    /// A CHECK keeps plaintext out of columns, and so does not let them be decrypted.
    Check,
    /// A CHECK of the application's, which may refuse envelopes.
    ForeignCheck,
    /// A foreign key compares the column with another, and finds no equal values.
    ForeignKey,
    /// A foreign key writes into another column whenever the column is written.
    Cascade,
    /// Another schema that the session searches has a table of the same name.
    SameName,
    /// A unique index on a column in which equal values are not stored alike.
    NotUnique,
    /// The database computes another column or an index from the column.
    Computed,
    /// The longest value does not fit once it is encrypted.
    TooLong,
    /// Deleted and replaced values stay in files.
    OldValues,
    /// The role cannot see all that there is to find.
    Privilege,
    /// The column holds plaintext.
    Plaintext,
    /// The column holds values under a key that is not in the keyring.
    UnknownKey,
}

impl Finding {
    pub(super) fn new(
        severity: Severity,
        kind: FindingKind,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            kind,
            subject: subject.into(),
            message: message.into(),
            mend: None,
            afterwards: None,
            hidden: None,
        }
    }

    pub(in crate::maintenance) fn plaintext(column: &str, message: String, mend: &str) -> Self {
        Self::new(Severity::Error, FindingKind::Plaintext, column, message).mended_by(mend)
    }

    pub(in crate::maintenance) fn unknown_key(column: &str, message: String) -> Self {
        let mend = "add that key to the list, after the first";
        Self::new(Severity::Error, FindingKind::UnknownKey, column, message).mended_by(mend)
    }

    pub(super) fn mended_by(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }

    pub(super) fn afterwards(self, mend: impl Into<String>) -> Self {
        Self { afterwards: Some(mend.into()), ..self }
    }

    /// Says where values may be that no walk reaches.
    pub(super) fn hiding(self, place: impl Into<String>) -> Self {
        Self { hidden: Some(place.into()), ..self }
    }
}

/// `users.email: the default is not encrypted; now: ALTER TABLE …; afterwards: VACUUM`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, message, mend, afterwards, .. } = self;
        write!(f, "{subject}: {message}")?;
        mend.iter().try_for_each(|mend| write!(f, "; now: {mend}"))?;
        afterwards.iter().try_for_each(|mend| write!(f, "; afterwards: {mend}"))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        })
    }
}
