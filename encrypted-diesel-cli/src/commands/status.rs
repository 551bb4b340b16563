//! `encrypted-diesel status`: how many values are under which key.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use encrypted_diesel::Keyring;
use encrypted_diesel::key::KeyId;
use encrypted_diesel::maintenance::Status;
use serde_json::{Value, json};

use crate::config::declaration::{Declaration, SqlType, Takes};
use crate::database::connection::{self, Session, on_connection};
use crate::error::Error;
use crate::exit::{self, Exit};
use crate::output;
use crate::services;
use crate::target::found::{Found as Finding, ROW_SECURITY, refuse};
use crate::target::live::{Live, LiveColumn};
use crate::target::{self, Target};
use crate::terminal::one_line;

/// Count values by key, and find plaintext
#[derive(Args)]
#[command(after_long_help = exit::HELP)]
pub(crate) struct Options {
    #[command(flatten)]
    target: target::Options,

    #[command(flatten)]
    rows: target::Rows,

    /// Fail unless every value is under this key, so that no other key is needed
    #[arg(long, value_name = "ID", value_parser = services::parse_id)]
    assert_only_key: Option<KeyId>,

    /// Fail if any value is not encrypted
    #[arg(long)]
    assert_encrypted: bool,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// The counts of one column.
struct Found {
    name: String,
    sql_type: SqlType,
    is_array: bool,
    /// The column that it is encrypted from, if it is another one.
    from: Option<String>,
    status: Status,
}

struct Counted {
    found: Vec<Found>,
    /// The names of columns that are not counted.
    undeclared: Vec<String>,
    /// What the database says about the values.
    findings: Vec<Finding>,
}

/// Counts the columns, prints the result, then checks what the options assert.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    let target = Target::new(options.target, Takes::Columns)?.only(options.rows);
    // Counting needs no key.
    let keyring = match Keyring::from_env() {
        Err(encrypted_diesel::Error::MissingKey { .. }) => None,
        keyring => Some(keyring?),
    };
    let database = connection::open(&target.url)?;
    let Counted { found, undeclared, findings } =
        on_connection!(database, connection => count(&target, connection))?;

    if options.json {
        let columns: Vec<_> = found.iter().map(|found| found.json(keyring.as_ref())).collect();
        let findings: Vec<_> = findings.iter().map(Finding::json).collect();
        output::print_json(&json!({ "columns": columns, "undeclared": undeclared, "findings": findings }))?;
    } else {
        output::print_text(found.iter().map(|found| found.text(keyring.as_ref())).collect::<String>())?;
    }

    if keyring.is_none() && found.iter().any(|found| !found.status.keys.is_empty()) {
        output::say(
            "no FIELD_ENCRYPTION_KEY is set: which of these keys your application has is not known here",
        );
    }
    let asserts = options.assert_encrypted || options.assert_only_key.is_some();
    // Defaults and the like are named, but do not refute what is stored now.
    let mut holds = !asserts || !findings.iter().any(Finding::refutes);
    for finding in &findings {
        output::say(finding.line());
    }
    let mut refute = |name: &str, what: &str| {
        output::say(format_args!("{}: {what}", one_line(name)));
        holds &= !asserts;
    };
    for name in &undeclared {
        refute(
            name,
            "marked as encrypted in the database, but not declared, so not counted: declare it, or name the columns to count",
        );
    }
    for found in &found {
        if options.assert_encrypted && !found.status.is_encrypted() {
            let Status { not_encrypted, to_fill, .. } = found.status;
            let what = match &found.from {
                _ if not_encrypted > 0 => "holds plaintext".to_owned(),
                Some(from) if to_fill > 0 => {
                    let are = if to_fill == 1 { "is" } else { "are" };
                    format!("{} {are} still to be encrypted from {from}", output::rows(to_fill))
                }
                _ => "holds damaged values".to_owned(),
            };
            refute(&found.name, &what);
        }
        if let Some(key) = options.assert_only_key {
            if !found.status.is_only_under(key) {
                refute(&found.name, &format!("some values are not under the key {key}"));
            }
        }
    }
    if !holds {
        output::say("the check did not pass");
    }
    Ok(if holds { Exit::Done } else { Exit::Left })
}

/// Counts the declared columns.
fn count<C: Session>(target: &Target, mut connection: C) -> Result<Counted, Error> {
    let Live { columns, undeclared, mut findings, .. } = target.find(&mut connection)?;
    refuse(&findings, |kind| kind == ROW_SECURITY)?;
    findings.retain(|finding| finding.is_about_values);
    let found = columns.into_iter().map(|column| {
        let status = column.column.status(&mut connection)?;
        let from = source(target.declaration(), &column.name);
        let LiveColumn { name, sql_type, is_array, .. } = column;
        Ok(Found { name, sql_type, is_array, from, status })
    });
    Ok(Counted { found: found.collect::<Result<_, Error>>()?, undeclared, findings })
}

/// The column that this one is encrypted from, if it is another one.
fn source(declaration: &Declaration, name: &str) -> Option<String> {
    let mut columns =
        declaration.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let (table, column) = columns.find(|(table, column)| table.qualified(column.name.value) == name)?;
    column.from.map(|from| table.qualified(from.value))
}

/// What the keyring uses a key for.
fn rank(keyring: Option<&Keyring>, id: KeyId) -> &'static str {
    match keyring {
        None => "",
        Some(keyring) if keyring.primary_id() == id => "the primary key, which encrypts",
        Some(keyring) if keyring.key_ids().any(|known| known == id) => "retired, decrypts only",
        Some(_) => "not in the keyring",
    }
}

/// The keys with their counts: keys of the keyring first, in its order.
fn in_order(keys: &BTreeMap<KeyId, u64>, keyring: Option<&Keyring>) -> impl Iterator<Item = (KeyId, u64)> {
    let known: Vec<_> = keyring.into_iter().flat_map(Keyring::key_ids).collect();
    let position = |id| known.iter().position(|known| *known == id).unwrap_or(known.len());
    let mut keys: Vec<_> = keys.iter().map(|(id, rows)| (*id, *rows)).collect();
    keys.sort_by_key(|(id, _)| position(*id));
    keys.into_iter()
}

impl Found {
    fn text(&self, keyring: Option<&Keyring>) -> String {
        let Self { name, sql_type, is_array, from: _, status } = self;
        let Status { null, to_fill, keys, other_mode, malformed, not_encrypted, .. } = status;
        let other_mode_note = if self.is_deterministic() { "randomized" } else { "deterministic" };
        let keys = in_order(keys, keyring).map(|(id, rows)| (id.to_string(), rows, rank(keyring, id)));
        let others = [
            ("plaintext", not_encrypted, ""),
            ("not yet", to_fill, "still to be encrypted from another column"),
            ("mode", other_mode, other_mode_note),
            ("damaged", malformed, ""),
            ("NULL", null, ""),
        ];
        let others = others.into_iter().filter(|(_, rows, _)| **rows > 0);
        let others = others.map(|(label, rows, note)| (label.to_owned(), *rows, note));

        let (name, sql_type, count) = (one_line(name), sql_type.word(), status.rows());
        let mut text = match is_array {
            true => format!("{name}: arrays of {sql_type}, {}\n", output::values(count)),
            false => format!("{name}: {sql_type}, {}\n", output::rows(count)),
        };
        for (label, rows, note) in keys.chain(others) {
            let line = format!("  {label:<9} {rows:>12}  {note}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    fn json(&self, keyring: Option<&Keyring>) -> Value {
        let Self { name, sql_type, is_array, from: _, status } = self;
        let counted = if *is_array { "values" } else { "rows" };
        let keys = in_order(&status.keys, keyring).map(|(id, rows)| {
            json!({
                "id": id.to_string(),
                counted: rows,
                "primary": keyring.map(|keyring| keyring.primary_id() == id),
                "known": keyring.map(|keyring| keyring.key_ids().any(|known| known == id)),
            })
        });
        json!({
            "column": name,
            "sql_type": sql_type.word(),
            "deterministic": self.is_deterministic(),
            counted: status.rows(),
            "null": status.null,
            "plaintext": status.not_encrypted,
            "to_encrypt": status.to_fill,
            "other_mode": status.other_mode,
            "malformed": status.malformed,
            "keys": keys.collect::<Vec<_>>(),
        })
    }

    fn is_deterministic(&self) -> bool {
        self.sql_type == SqlType::DeterministicText
    }
}
