//! Walks through the declared columns, for `encrypt`, `rotate`, `reindex`, `verify` and `decrypt`.

mod foreign;
mod interrupt;
mod options;
mod progress;
mod report;
mod unsafe_tables;
mod verb;

use clap::Args;
use encrypted_diesel::Keyring;
use encrypted_diesel::maintenance::{self, Dialect, EncryptedColumn, Status, Walked};

use self::progress::Progress;
use self::report::Report;
pub(crate) use self::verb::Verb;
use crate::config::declaration::Takes;
use crate::database::connection::{self, Session, on_connection};
use crate::error::Error;
use crate::exit::Exit;
use crate::output;
use crate::target::live::{Live, LiveIndexes};
use crate::target::{self, Target};

#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Options {
    #[command(flatten)]
    target: target::Options,

    #[command(flatten)]
    rows: target::Rows,

    #[command(flatten)]
    walk: options::Options,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl Options {
    /// Whether the command would take every declared column.
    pub(crate) fn names_no_column(&self) -> bool {
        self.target.columns.is_empty()
    }

    /// Whether nothing is written.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.walk.dry_run
    }
}

/// Walks through every column that the options name, and prints a report. `confirmed` says that values of any look may be
/// encrypted.
pub(crate) fn run(verb: Verb, options: Options, confirmed: bool) -> Result<Exit, Error> {
    let Options { target, rows, walk, json } = options;
    let takes = match verb {
        Verb::Reindex | Verb::Verify => Takes::ColumnsAndIndexes,
        Verb::Encrypt | Verb::Rotate | Verb::Decrypt => Takes::Columns,
    };
    let target = Target::new(target, takes)?.only(rows);
    let walks = Walks { verb, target, options: walk, keyring: Keyring::from_env()?, confirmed };
    walks.keyring.clone().install()?;
    interrupt::listen()?;
    let mut report = Report::new(verb, walks.options.dry_run);
    let database = connection::open(&walks.target.url)?;
    let done = on_connection!(database, connection => walks.run(connection, &mut report));
    if report.is_empty() && done.is_ok() && verb == Verb::Reindex {
        output::say("encrypted-diesel.toml declares no blind index for this: nothing to do");
    }
    // Work done before a failure is kept, so report it in any case.
    report.print(json)?;
    done.map(|()| report.exit())
}

struct Walks {
    verb: Verb,
    target: Target,
    options: options::Options,
    keyring: Keyring,
    confirmed: bool,
}

impl Walks {
    fn run<C: Session>(&self, mut first: C, report: &mut Report) -> Result<(), Error> {
        let Live { columns, indexes, findings, .. } = self.target.find(&mut first)?;
        unsafe_tables::refuse(self.verb, &findings)?;
        report.name_hidden(&findings);
        let needs_index_key = matches!(self.verb, Verb::Encrypt | Verb::Reindex | Verb::Verify);
        if needs_index_key && !indexes.is_empty() {
            self.keyring.clone().require_index_key()?;
        }
        if self.verb == Verb::Encrypt && !self.confirmed {
            foreign::refuse(&columns, &mut first)?;
        }
        let mut connections = vec![first];
        for _ in 1..self.options.jobs {
            connections.push(connection::connect(&self.target.url)?);
        }

        for live in &columns {
            let Some(walk) = self.through_column(&live.column) else { break };
            let status = live.column.status(&mut connections[0])?;
            if self.verb == Verb::Encrypt {
                self.refuse_unknown_keys(&live.name, &status)?;
            }
            // What is counted of arrays are their elements.
            let rows = (!live.is_array).then(|| self.rows(&status, live.renamed));
            self.walk(walk, std::slice::from_ref(&live.name), rows, &mut connections, report)?;
        }
        for live in &indexes {
            let Some(walk) = self.through_indexes(live) else { continue };
            let rows = Some(live.first.status(&mut connections[0])?.rows());
            self.walk(walk, &live.names, rows, &mut connections, report)?;
        }
        Ok(())
    }

    fn through_column<DB: Dialect>(&self, column: &EncryptedColumn<DB>) -> Option<maintenance::Walk<DB>> {
        match self.verb {
            Verb::Encrypt => Some(column.encrypt()),
            Verb::Rotate => Some(column.rotate()),
            Verb::Verify => Some(column.verify()),
            Verb::Decrypt => Some(column.decrypt()),
            Verb::Reindex => None,
        }
    }

    fn through_indexes<DB: Dialect>(&self, live: &LiveIndexes<DB>) -> Option<maintenance::Walk<DB>> {
        match self.verb {
            // Indexes of a single column are written together with its values.
            Verb::Encrypt if live.compound => Some(live.indexes.reindex()),
            Verb::Reindex => Some(live.indexes.reindex()),
            Verb::Verify => Some(live.indexes.verify()),
            Verb::Encrypt | Verb::Rotate | Verb::Decrypt => None,
        }
    }

    fn walk<C: Session>(
        &self,
        walk: maintenance::Walk<C::Backend>,
        names: &[String],
        rows: Option<u64>,
        connections: &mut [C],
        report: &mut Report,
    ) -> Result<(), Error> {
        if interrupt::is_asked() {
            report.interrupted();
            return Ok(());
        }
        let progress = Progress::new(&names.join(", "), rows);
        // Counted here as well, since a walk that fails does not return its counts.
        let mut walked = Walked::default();
        let done = self.options.apply(walk).run_on(connections, |batch| {
            // Later passes return to rows that were counted.
            progress.add(if batch.pass == 0 { batch.read } else { 0 });
            walked.add(batch);
        });
        drop(progress);
        report.add(names, walked, done)
    }

    /// Refuses a column whose values are all under unknown keys. The current key may then be a wrong one that nobody
    /// keeps, and plaintext encrypted under it would be lost.
    fn refuse_unknown_keys(&self, name: &str, status: &Status) -> Result<(), Error> {
        let is_known = |id| self.keyring.key_ids().any(|known| known == id);
        if status.keys.is_empty() || status.keys.keys().any(|id| is_known(*id)) {
            return Ok(());
        }
        let ids = status.keys.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Err(Error::UnknownKeys { column: name.to_owned(), count: status.keys.values().sum(), ids })
    }

    /// How many rows a walk has to process.
    fn rows(&self, status: &Status, renamed: bool) -> u64 {
        let Status { to_fill, keys, other_mode, malformed, not_encrypted, .. } = status;
        let envelopes = || keys.values().sum::<u64>() + other_mode + malformed;
        match self.verb {
            Verb::Encrypt => not_encrypted + to_fill + malformed,
            Verb::Decrypt => envelopes(),
            Verb::Rotate if !renamed => {
                let done = keys.get(&self.keyring.primary_id()).copied().unwrap_or_default();
                envelopes() + not_encrypted - done
            }
            Verb::Rotate | Verb::Verify | Verb::Reindex => status.rows(),
        }
    }
}
