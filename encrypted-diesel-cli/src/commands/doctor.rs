//! `encrypted-diesel doctor`: what an operator should know before the first row is encrypted, and an auditor afterwards.

mod pooler;
mod schema_file;

use clap::Args;
use encrypted_diesel::maintenance::Severity;
use serde_json::{Value, json};

use crate::config::declaration::Takes;
use crate::database::connection::{self, Session, on_connection};
use crate::error::Error;
use crate::exit::Exit;
use crate::output;
use crate::target::found::Found;
use crate::target::live::Live;
use crate::target::{self, COLUMNS_AND_INDEXES, Target};
use crate::terminal::one_line;

const EXIT: &str = "\
Exit status:
  0    nothing, or only notices
  1    the database could not be examined: the reason is on stderr
  2    the command line is wrong
  3    warnings: plaintext may be stored, kept or logged somewhere, or searches may fail
  4    errors: `encrypt` and the like refuse, since they would miss rows or could lose values";

/// Examine the database, and say what could hide, keep or change values
///
/// Reads the server's settings and the catalog, and up to 10,000 values of each undeclared column that may hold encrypted
/// ones; of a column with a limited width, the length of every value. Writes nothing.
///
/// For each finding, it prints what to do `now`, and what to do `afterwards`, when every value is encrypted. Once you have
/// seen to a place in which values may be and that no command reaches, declare it in encrypted-diesel.toml with `known`, as
/// it prints: then it is a notice.
///
/// Whether values decrypt is for `verify`, and how many are plaintext for `status`.
#[derive(Args)]
#[command(after_long_help = EXIT, mut_arg("columns", |columns| columns.help(COLUMNS_AND_INDEXES)))]
pub(crate) struct Options {
    #[command(flatten)]
    target: target::Options,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Examines the tables of the columns, and prints what it finds.
pub(crate) fn run(options: Options) -> Result<Exit, Error> {
    let target = Target::new(options.target, Takes::ColumnsAndIndexes)?;
    let database = connection::open(&target.url)?;
    let findings = on_connection!(database, connection => examine(&target, connection))?;
    if options.json {
        output::print_json(&to_json(&findings))?;
    } else {
        output::print_text(to_text(&findings))?;
    }
    Ok(match findings.first().map(|found| found.severity) {
        Some(Severity::Error) => Exit::Unsafe,
        Some(Severity::Warning) => Exit::Left,
        _ => Exit::Done,
    })
}

/// The findings, the worst first.
fn examine<C: Session>(target: &Target, mut connection: C) -> Result<Vec<Found>, Error> {
    let Live { undeclared, mut findings, .. } = target.find(&mut connection)?;
    findings.extend(undeclared.into_iter().map(|column| Found {
        severity: Severity::Warning,
        subject: column,
        kind: "undeclared".to_owned(),
        message: "marked as encrypted in the database, but not declared, so no command reaches it".to_owned(),
        mend: None,
        afterwards: None,
        hidden: None,
        declare: Some("declare it, or name the columns to examine".to_owned()),
        is_about_values: true,
    }));
    findings.extend(schema_file::find(target.declaration()));
    findings.extend(pooler::find(&target.url, &mut connection)?);
    findings.sort();
    Ok(findings)
}

fn count(findings: &[Found], severity: Severity) -> usize {
    findings.iter().filter(|found| found.severity == severity).count()
}

fn to_text(findings: &[Found]) -> String {
    let mut text = String::new();
    for found in findings {
        let Found { severity, subject, message, .. } = found;
        text += &format!("{severity:<8} {}: {}\n", one_line(subject), one_line(message));
        for mend in found.mends() {
            text += &format!("         {}\n", one_line(mend));
        }
    }
    let [errors, warnings, notices] =
        [Severity::Error, Severity::Warning, Severity::Notice].map(|severity| count(findings, severity));
    text + &format!("errors: {errors}, warnings: {warnings}, notices: {notices}\n")
}

fn to_json(findings: &[Found]) -> Value {
    json!({
        "errors": count(findings, Severity::Error),
        "warnings": count(findings, Severity::Warning),
        "notices": count(findings, Severity::Notice),
        "findings": findings.iter().map(Found::json).collect::<Vec<_>>(),
    })
}
