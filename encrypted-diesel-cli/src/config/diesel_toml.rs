//! Diesel's configuration: <https://diesel.rs/guides/configuring-diesel-cli>

use std::path::{Path, PathBuf};
use std::{env, fs};

use encrypted_diesel::private::setting;
use secrecy::ExposeSecret;
use toml::{Table, Value};

use crate::error::Error;

const FILE: &str = "diesel.toml";
const VARIABLE: &str = "DIESEL_CONFIG_FILE";

/// One `[print_schema]`: the settings for one `schema.rs`.
#[derive(Debug, Default)]
pub(crate) struct PrintSchema {
    /// Where Diesel's tool writes the schema.
    pub(crate) file: Option<PathBuf>,
    /// The patch that Diesel's tool applies.
    pub(crate) patch_file: Option<PathBuf>,
    /// The types that the schema imports.
    pub(crate) import_types: Vec<String>,
    /// Everything else: only Diesel's tool needs to understand it.
    pub(crate) settings: Table,
}

/// Reads the schemas from the configuration that the argument names, else from the one that `DIESEL_CONFIG_FILE`
/// names, else from the nearest `diesel.toml`.
pub(crate) fn read(argument: Option<PathBuf>) -> Result<Vec<PrintSchema>, Error> {
    let path = match argument.or_else(|| env::var_os(VARIABLE).map(PathBuf::from)) {
        Some(path) => Some(path),
        None => setting(VARIABLE)?.map(|path| PathBuf::from(path.expose_secret())),
    };
    let path = path.or_else(|| nearest(FILE)).ok_or(Error::NoConfiguration)?;
    let unreadable = |reason: String| Error::Configuration { path: path.clone(), reason };
    let text = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
    let mut configuration: Table =
        text.parse().map_err(|error: toml::de::Error| unreadable(error.to_string()))?;
    let print_schema = match configuration.remove("print_schema") {
        Some(Value::Table(table)) => table,
        Some(_) => return Err(unreadable("`print_schema` is not a table".to_owned())),
        None => Table::new(),
    };
    Ok(schemas(print_schema, path.parent().unwrap_or(Path::new(""))))
}

/// The file of this name in the current folder, or in the nearest folder above that has one.
pub(crate) fn nearest(file: &str) -> Option<PathBuf> {
    let folders = env::current_dir().ok()?.ancestors().count();
    (0..folders).map(|up| Path::new(&"../".repeat(up)).join(file)).find(|path| path.is_file())
}

/// The one schema of `[print_schema]`, or every `[print_schema.key]` that has a file.
fn schemas(table: Table, folder: &Path) -> Vec<PrintSchema> {
    let (keys, settings): (Table, Table) =
        table.into_iter().partition(|(key, value)| value.is_table() && key != "filter");
    if keys.is_empty() {
        return vec![PrintSchema::new(settings, folder)];
    }
    let default = (!keys.contains_key("default")).then_some(settings);
    let keyed = keys.into_iter().filter_map(|(_, value)| match value {
        Value::Table(settings) => Some(settings),
        _ => None,
    });
    let all = default.into_iter().chain(keyed).map(|settings| PrintSchema::new(settings, folder));
    all.filter(|schema| schema.file.is_some() || schema.patch_file.is_some()).collect()
}

impl PrintSchema {
    /// Relative paths start at the configuration's folder.
    fn new(mut settings: Table, folder: &Path) -> Self {
        let mut path = |key| match settings.remove(key) {
            Some(Value::String(path)) => Some(folder.join(path)),
            _ => None,
        };
        let (file, patch_file) = (path("file"), path("patch_file"));
        let import_types = settings.get("import_types").and_then(Value::as_array).into_iter().flatten();
        let import_types = import_types.filter_map(Value::as_str).map(str::to_owned).collect();
        Self { file, patch_file, import_types, settings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<PrintSchema> {
        schemas(text.parse().unwrap(), Path::new("app"))
    }

    #[test]
    fn one_schema() {
        let schemas =
            parse("file = 'src/schema.rs'\npatch_file = '/patch'\nfilter = { only_tables = ['a'] }");
        let [schema] = &schemas[..] else { panic!("{schemas:?}") };
        assert_eq!(schema.file.as_deref(), Some(Path::new("app/src/schema.rs")));
        assert_eq!(schema.patch_file.as_deref(), Some(Path::new("/patch")));
        assert_eq!(schema.settings.keys().collect::<Vec<_>>(), ["filter"]);
    }

    #[test]
    fn several_schemas_and_a_default_that_has_no_file() {
        let schemas = parse("[a]\nfile = 'a.rs'\n[b]\nfile = 'b.rs'\npatch_file = 'b.patch'");
        let files: Vec<_> = schemas.iter().filter_map(|schema| schema.file.as_deref()).collect();
        assert_eq!(files, [Path::new("app/a.rs"), Path::new("app/b.rs")]);
    }

    #[test]
    fn several_schemas_and_a_default() {
        assert_eq!(parse("file = 'x.rs'\n[a]\nfile = 'a.rs'").len(), 2);
        assert_eq!(parse("[default]\nfile = 'x.rs'\n[a]\nfile = 'a.rs'").len(), 2);
    }
}
