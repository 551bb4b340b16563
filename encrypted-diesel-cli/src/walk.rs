//! Walks through the declared columns, for `encrypt`, `rotate`, `reindex`, `verify` and `decrypt`.

mod interrupt;
mod pace;
mod progress;
mod report;
mod verb;
mod workers;

use clap::Args;
use diesel::result::QueryResult;
use encrypted_diesel::Keyring;
use encrypted_diesel::maintenance::{Batch, IndexTask, Status, Step, Task};

use self::progress::Progress;
use self::report::Report;
pub(crate) use self::verb::Verb;
use self::workers::walk;
use crate::config::declaration::Takes;
use crate::database::connection::{self, Session, on_connection};
use crate::error::Error;
use crate::exit::Exit;
use crate::target::live::{Live, LiveColumn, LiveIndexes};
use crate::target::{self, Target};

#[derive(Args)]
#[group(skip)] // flattened into others
pub(crate) struct Options {
    #[command(flatten)]
    target: target::Options,

    #[command(flatten)]
    walk: workers::Options,

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

/// Walks through every column that the options name, and prints a report.
pub(crate) fn run(verb: Verb, options: Options) -> Result<Exit, Error> {
    let Options { target, walk, json } = options;
    let takes = match verb {
        Verb::Reindex | Verb::Verify => Takes::ColumnsAndIndexes,
        Verb::Encrypt | Verb::Rotate | Verb::Decrypt => Takes::Columns,
    };
    let target = Target::new(target, takes)?;
    let walks = Walks { verb, target, options: walk, keyring: Keyring::from_env()? };
    walks.keyring.clone().install()?;
    interrupt::listen()?;
    let mut report = Report::new(verb, walks.options.dry_run);
    let database = connection::open(&walks.target.url)?;
    let done = on_connection!(database, connection => walks.run(connection, &mut report));
    // Work done before a failure is kept, so report it in any case.
    report.print(json)?;
    done.map(|()| report.exit())
}

struct Walks {
    verb: Verb,
    target: Target,
    options: workers::Options,
    keyring: Keyring,
}

impl Walks {
    fn run<C: Session>(&self, mut first: C, report: &mut Report) -> Result<(), Error> {
        let Live { columns, mut indexes, .. } = self.target.find(&mut first)?;
        match self.verb {
            Verb::Rotate | Verb::Decrypt => indexes.clear(),
            Verb::Encrypt | Verb::Reindex | Verb::Verify => {
                if !indexes.is_empty() {
                    self.keyring.clone().require_index_key()?;
                }
            }
        }
        let mut connections = vec![first];
        for _ in 1..self.options.jobs {
            connections.push(connection::connect(&self.target.url)?);
        }

        let task = match self.verb {
            Verb::Encrypt => Some(Task::Encrypt),
            Verb::Rotate => Some(Task::Rotate),
            Verb::Verify => Some(Task::Verify),
            Verb::Decrypt => Some(Task::Decrypt),
            Verb::Reindex => None,
        };
        if let Some(task) = task {
            for LiveColumn { name, column, renamed, .. } in &columns {
                let status = column.status(&mut connections[0])?;
                if self.verb == Verb::Encrypt {
                    self.refuse_unknown_keys(name, &status)?;
                }
                let rows = self.rows(&status, *renamed);
                self.walk(std::slice::from_ref(name), rows, &mut connections, report, |connection, step| {
                    column.run(task, connection, step)
                })?;
                if self.verb == Verb::Encrypt {
                    report.not_encrypted(column.status(&mut connections[0])?);
                }
            }
        }
        // Encrypting a column has written the indexes of that column alone.
        let remains = |index: &&LiveIndexes<_>| self.verb != Verb::Encrypt || index.compound;
        for LiveIndexes { names, first, indexes, .. } in indexes.iter().filter(remains) {
            let rows = first.status(&mut connections[0])?.rows();
            let task = if self.verb == Verb::Verify { IndexTask::Verify } else { IndexTask::Reindex };
            self.walk(names, rows, &mut connections, report, |connection, step| {
                indexes.run(task, connection, step)
            })?;
        }
        Ok(())
    }

    fn walk<C: Session>(
        &self,
        names: &[String],
        rows: u64,
        connections: &mut [C],
        report: &mut Report,
        step: impl Fn(&mut C, &Step<'_>) -> QueryResult<Batch> + Sync,
    ) -> Result<(), Error> {
        if interrupt::is_asked() {
            report.interrupted();
            return Ok(());
        }
        let progress = Progress::new(&names.join(", "), rows);
        let writes = self.verb != Verb::Verify && !self.options.dry_run;
        let walked = walk(connections, &self.options, writes, &progress, step);
        drop(progress);
        report.add(names, walked)
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
            Verb::Encrypt => not_encrypted + to_fill,
            Verb::Decrypt => envelopes(),
            Verb::Rotate if !renamed => {
                let done = keys.get(&self.keyring.primary_id()).copied().unwrap_or_default();
                envelopes() + not_encrypted - done
            }
            Verb::Rotate | Verb::Verify | Verb::Reindex => status.rows(),
        }
    }
}
