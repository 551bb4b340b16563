//! The files of `tests/commands/operate`: what an operator writes and sees, on each backend the same.
//!
//! A file is read from top to bottom, as its blocks are marked:
//!
//! - `toml` is written into `encrypted-diesel.toml`, `env` into `.env`, where the commands run;
//! - `sql` is run in the database, which is empty at first and whose URL is in `DATABASE_URL`. `{bytes}`,
//!   `{uuid}` and the like stand for each backend's types, and `x'ff'` for bytes;
//! - `rows` is a query, up to the line that ends in `;`, and the column `shown` of what it returns;
//! - `console` are commands with what they print, for trycmd.
//!
//! `TRYCMD=overwrite` writes what commands and queries print now into the files, `cargo test … -- operate
//! trycmd=rotate` runs those with this in their names.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::database::{Backend, Database};
use crate::{CASES, TOOL};

on_each_backend!(operate);

/// The files for all backends, and those in the folder of this one.
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

/// As trycmd filters.
fn is_wanted(file: &Path) -> bool {
    let wanted: Vec<_> =
        std::env::args().filter_map(|argument| Some(argument.strip_prefix("trycmd=")?.to_owned())).collect();
    wanted.is_empty() || wanted.iter().any(|wanted| file.to_string_lossy().contains(wanted))
}

struct Case<'a> {
    file: &'a Path,
    /// With what was printed, where that is to be written into the file.
    text: String,
    database: Database,
}

impl<'a> Case<'a> {
    fn new(file: &'a Path, backend: Backend) -> Self {
        let case = Self { file, text: fs::read_to_string(file).unwrap(), database: Database::new(backend) };
        fs::create_dir(case.folder()).unwrap();
        case
    }

    /// Where the commands run: what trycmd takes for the input of [`copy`](Self::copy).
    fn folder(&self) -> PathBuf {
        self.copy().with_extension("in")
    }

    fn copy(&self) -> PathBuf {
        self.database.folder().join(self.file.file_name().unwrap())
    }

    fn run(mut self) {
        eprintln!("on {}: {}", self.database.backend.name(), self.file.display());
        let mut line = 0;
        while let Some((first, kind)) = self.block_behind(line) {
            let end = self.end_of_block(first);
            let lines: Vec<_> = self.text.lines().skip(first).take(end - first).collect();
            let block = lines.join("\n") + "\n";
            match &*kind {
                "toml" => fs::write(self.folder().join("encrypted-diesel.toml"), block).unwrap(),
                "env" => fs::write(self.folder().join(".env"), block).unwrap(),
                "sql" => self.database.execute(&block),
                "rows" => self.rows(first, &block),
                "console" => self.console(first, &block),
                _ => panic!("{}:{first}: what is a block of `{kind}`?", self.file.display()),
            }
            line = self.end_of_block(first) + 1;
        }
        // Those for all backends once.
        let is_own = self.file.parent().unwrap().ends_with(self.database.backend.name());
        if is_overwriting() && (is_own || self.database.backend == Backend::Sqlite) {
            fs::write(self.file, &self.text).unwrap();
        }
    }

    /// The first line of the next block, counted from 0, and what it is.
    fn block_behind(&self, line: usize) -> Option<(usize, String)> {
        let mut lines = self.text.lines().enumerate().skip(line);
        let (fence, text) = lines.find(|(_, text)| text.starts_with("```"))?;
        Some((fence + 1, text.trim_start_matches('`').to_owned()))
    }

    fn end_of_block(&self, first: usize) -> usize {
        let mut lines = self.text.lines().enumerate().skip(first);
        lines.find(|(_, text)| *text == "```").expect("a block that is closed").0
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

    /// Has trycmd run one block of a copy of the file.
    fn console(&mut self, first: usize, block: &str) {
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let mut words = command.split(' ').skip_while(|word| word.contains('='));
            // trycmd passes over others.
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
    let behind = text.split_inclusive('\n').skip(first).skip_while(|line| *line != "```\n");
    before + block + &behind.collect::<String>()
}
