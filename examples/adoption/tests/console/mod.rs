//! Runs the commands of a page, and compares what they print with what the page says.
//!
//! The commands are the lines of its `console` blocks that begin with `$ `. They run in one shell, in order.
//! The ids of keys differ from run to run: that which stands in the page is another one's name, in what is
//! printed as in the commands that follow.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::programs::{self, without_keys};

/// A command of a page.
struct Step<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

/// The blocks of a page that are in this language, without their fences.
pub(crate) fn blocks<'a>(page: &'a str, language: &str) -> Vec<Vec<&'a str>> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(found) = line.strip_prefix("```") {
            let block = lines.by_ref().take_while(|line| *line != "```").collect();
            if found == language {
                blocks.push(block);
            }
        }
    }
    blocks
}

fn steps(page: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for block in blocks(page, "console") {
        assert!(block.first().is_some_and(|line| line.starts_with("$ ")), "{block:?}");
        for line in block {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step { command, output: Vec::new() }),
                None => steps.last_mut().unwrap().output.push(line),
            }
        }
    }
    steps
}

/// Runs all commands of a page in this folder, and fails at the first that prints something else. `prelude` is
/// run before.
pub(crate) fn run(page: &str, folder: &Path, prelude: &str) {
    let mut shell = Shell::start(folder);
    assert_eq!(shell.run(prelude), [""; 0]);
    let mut ids = Ids::default();
    let steps = steps(page);
    assert!(!steps.is_empty());
    for Step { command, output } in steps {
        let printed = shell.run(&ids.replace(command));
        let is_same = printed.len() == output.len()
            && output.iter().zip(&printed).all(|(expected, found)| ids.are_same(expected, found));
        assert!(
            is_same,
            "$ {command}\nis to print\n{}\nand prints\n{}\n(ids: {ids:?})",
            output.join("\n"),
            printed.join("\n")
        );
    }
}

/// The placeholder of each id.
#[derive(Debug, Default)]
struct Ids(BTreeMap<String, String>);

impl Ids {
    fn replace(&self, command: &str) -> String {
        self.0.iter().fold(command.to_owned(), |command, (in_page, id)| command.replace(in_page, id))
    }

    /// Compares word by word. An id that the page has not had before is that which is found.
    fn are_same(&mut self, expected: &str, found: &str) -> bool {
        let words = |line| str::split(line, ' ').collect::<Vec<_>>();
        let (expected, found) = (words(expected), words(found));
        expected.len() == found.len()
            && expected.iter().zip(&found).all(|(expected, found)| match (is_id(expected), is_id(found)) {
                (true, true) => match self.0.get(*expected) {
                    Some(id) => id == found,
                    None if self.0.values().any(|id| id == found) => false,
                    None => self.0.insert((*expected).to_owned(), (*found).to_owned()).is_none(),
                },
                _ => expected == found,
            })
    }
}

/// Whether this is 8 hex digits, as ids are.
fn is_id(word: &str) -> bool {
    word.len() == 8 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

struct Shell {
    process: Child,
    commands: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Shell {
    /// This line ends the output of a command.
    const END: &'static str = "----- end of command -----";

    fn start(folder: &Path) -> Self {
        let path = format!("{}:{}", programs::folder().display(), env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        without_keys(&mut command).current_dir(folder).env("PATH", path);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let commands = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut shell = Self { process, commands, output };
        assert_eq!(shell.run("exec 2>&1"), [""; 0]);
        shell
    }

    /// Runs a command to its end, and returns what it has printed on both of its outputs.
    fn run(&mut self, command: &str) -> Vec<String> {
        // `$?` stays what the command has left there.
        let end = format!("__status=$?; echo '{}'; (exit $__status)", Self::END);
        writeln!(self.commands.as_ref().unwrap(), "{command}\n{end}").unwrap();
        let mut printed = Vec::new();
        for line in self.output.by_ref().map(Result::unwrap) {
            if line == Self::END {
                return printed;
            }
            printed.push(line);
        }
        panic!("$ {command}\nended the shell, and printed\n{}", printed.join("\n"));
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.commands.take());
        self.process.wait().unwrap();
    }
}
