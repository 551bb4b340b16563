//! The operator's file `encrypted-diesel.toml` is read or refused, and each problem has a place in it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/cli"]
mod cli {
    #![allow(dead_code, unused_imports)]
    mod catalog;
    mod database;
    mod database_url;
    mod declaration;
    mod diesel_toml;
    mod diesel_tool;
    mod env_file;
    mod error;
    mod output;
    mod schema_patch;
    mod toml_text;

    use declaration::Takes;
    use error::Error;

    pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<(), String> {
        let read =
            declaration::Declaration::parse(file.to_owned(), bytes).map_err(|error| error.to_string())?;
        for table in &read.tables {
            assert!((1..=4).contains(&table.primary_key.len()) && !table.columns.is_empty());
            for index in &table.indexes {
                assert!((1..=6).contains(&index.parts.len()));
                assert!(index.parts.iter().all(|part| part.column < table.columns.len()));
            }
        }
        // All of it can be named, and nothing else.
        assert!(read.select(&[], Takes::ColumnsAndIndexes).is_ok_and(|all| all.len() == read.tables.len()));
        assert!(read.select(&["no table".to_owned()], Takes::ColumnsAndIndexes).is_err());
        Ok(())
    }
}

const FILE: &str = "encrypted-diesel.toml";

/// What the file says is kept until the program ends, which is no leak.
#[unsafe(no_mangle)]
extern "C" fn __lsan_is_turned_off() -> i32 {
    1
}

fuzz_target!(|bytes: &[u8]| {
    let Err(problems) = cli::read(FILE, bytes) else { return };
    let last = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    for problem in problems.split(&format!("\n{FILE}:")) {
        let problem = problem.strip_prefix(&format!("{FILE}:")).unwrap_or(problem);
        let mut place = problem.split(':').map(str::parse::<usize>);
        let (Some(Ok(line)), Some(Ok(column))) = (place.next(), place.next()) else { panic!("{problems}") };
        assert!((1..=last).contains(&line) && (1..=bytes.len() + 1).contains(&column), "{problems}");
    }
});
