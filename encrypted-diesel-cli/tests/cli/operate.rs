//! The files in `tests/commands/operate`: what an operator types and sees, which is the same on every backend.
//!
//! A file runs from top to bottom. The marks of its blocks mean:
//!
//! - `toml` is written to `encrypted-diesel.toml` and `env` to `.env`, in the folder where the commands run;
//! - `sql` runs in the database, which is empty at first and whose URL is in `DATABASE_URL`. `{bytes}`,
//!   `{uuid}` and the like stand for each backend's types, and `x'ff'` for bytes;
//! - `rows` is a query, up to the line that ends in `;`, and the values of its column `shown`;
//! - `console` is commands with their output, for trycmd.
//!
//! With `TRYCMD=overwrite`, the current output of commands and queries replaces the expected output. `cargo test … --
//! operate trycmd=rotate` runs only the files with `rotate` in their names.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::database::{Backend, Database};
use crate::{CASES, TOOL};

on_each_backend!(operate);

/// Runs the files for all backends, and those in the folder of this one.
fn operate(backend: Backend) {
    let mut failed = Vec::new();
    for folder in [format!("{CASES}/operate"), format!("{CASES}/operate/{}", backend.name())] {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension() == Some(OsStr::new("md")) && is_wanted(file));
        files.sort();
        for file in files {
            let run = || Case::new(&file, backend).run();
            if std::panic::catch_unwind(run).is_err() {
                failed.push(file.file_name().unwrap().to_owned());
            }
        }
    }
    assert!(failed.is_empty(), "{}: failed: {failed:?}", backend.name());
}

/// Filters as trycmd does.
fn is_wanted(file: &Path) -> bool {
    let wanted: Vec<_> =
        std::env::args().filter_map(|argument| Some(argument.strip_prefix("trycmd=")?.to_owned())).collect();
    wanted.is_empty() || wanted.iter().any(|wanted| file.to_string_lossy().contains(wanted))
}

struct Case<'a> {
    file: &'a Path,
    /// The text of the file. When overwriting, with the current output.
    text: String,
    database: Database,
}

impl<'a> Case<'a> {
    fn new(file: &'a Path, backend: Backend) -> Self {
        let case = Self { file, text: fs::read_to_string(file).unwrap(), database: Database::new(backend) };
        fs::create_dir(case.folder()).unwrap();
        case
    }

    /// The folder where the commands run: trycmd takes it as the input of [`copy`](Self::copy).
    fn folder(&self) -> PathBuf {
        self.copy().with_extension("in")
    }

    fn copy(&self) -> PathBuf {
        self.database.folder().join(self.file.file_name().unwrap())
    }

    fn run(mut self) {
        eprintln!("on {}: {}", self.database.backend.name(), self.file.display());
        let mut line = 0;
        while let Some((first, kind)) = self.block_after(line) {
            let end = self.end_of_block(first);
            let lines: Vec<_> = self.text.lines().skip(first).take(end - first).collect();
            let block = lines.join("\n") + "\n";
            match &*kind {
                "toml" => fs::write(self.folder().join("encrypted-diesel.toml"), block).unwrap(),
                "env" => fs::write(self.folder().join(".env"), block).unwrap(),
                "sql" => self.database.execute(&block),
                "rows" => self.rows(first, &block),
                "console" => self.console(first, &block),
                _ => panic!("{}:{first}: unknown kind of block: `{kind}`", self.file.display()),
            }
            line = self.end_of_block(first) + 1;
        }
        // SQLite overwrites the files for all backends.
        let is_own = self.file.parent().unwrap().ends_with(self.database.backend.name());
        if is_overwriting() && (is_own || self.database.backend == Backend::Sqlite) {
            fs::write(self.file, &self.text).unwrap();
        }
    }

    /// The first line of the next block, counted from 0, and its kind.
    fn block_after(&self, line: usize) -> Option<(usize, String)> {
        let mut lines = self.text.lines().enumerate().skip(line);
        let (fence, text) = lines.find(|(_, text)| text.starts_with("```"))?;
        Some((fence + 1, text.trim_start_matches('`').to_owned()))
    }

    fn end_of_block(&self, first: usize) -> usize {
        let mut lines = self.text.lines().enumerate().skip(first);
        lines.find(|(_, text)| *text == "```").expect("every block is closed").0
    }

    fn rows(&mut self, first: usize, block: &str) {
        let (query, expected) = block.split_once(";\n").expect("a query that ends in `;`");
        let shown = self.database.shown(query).into_iter();
        let shown: String = shown.map(|row| row.unwrap_or_else(|| "NULL".to_owned()) + "\n").collect();
        if is_overwriting() {
            self.text = replace_block(&self.text, first, &format!("{query};\n{shown}"));
        } else {
            assert_eq!(shown, expected, "{}:{first}", self.file.display());
        }
    }

    /// Has trycmd run one block, in a copy of the file.
    fn console(&mut self, first: usize, block: &str) {
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let mut words = command.split(' ').skip_while(|word| word.contains('='));
            // trycmd skips other commands.
            assert_eq!(words.next(), Some("encrypted-diesel"), "{}: {command}", self.file.display());
        }
        let (others, ignored) = ("```console\n", "```console,ignore\n");
        let mut lines: Vec<_> = self.text.split_inclusive('\n').collect();
        for (number, line) in lines.iter_mut().enumerate() {
            if *line == others && number + 1 != first {
                *line = ignored;
            }
        }
        fs::write(self.copy(), lines.concat()).unwrap();
        trycmd::TestCases::new()
            .register_bin("encrypted-diesel", Path::new(TOOL))
            .env("DATABASE_URL", &self.database.url)
            .insert_var("[DATABASE]", self.database.url.clone())
            .unwrap()
            .case(self.copy())
            .run();
        self.text = fs::read_to_string(self.copy()).unwrap().replace(ignored, others);
    }
}

fn is_overwriting() -> bool {
    std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite")
}

fn replace_block(text: &str, first: usize, block: &str) -> String {
    let before: String = text.split_inclusive('\n').take(first).collect();
    let after = text.split_inclusive('\n').skip(first).skip_while(|line| *line != "```\n");
    before + block + &after.collect::<String>()
}
