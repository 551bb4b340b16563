//! `SECURITY.md` names tests that exist.

use std::fs;
use std::path::Path;

#[test]
fn every_test_that_it_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let case = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let named: Vec<_> = case.split('`').filter_map(|code| code.split_once(".rs::")).collect();
    assert!(named.len() > 50, "{named:?}");
    for (file, test) in named {
        let folder = match file {
            _ if file.starts_with("src/") => "encrypted-diesel",
            _ if file.starts_with("suite/") => "tests",
            _ => "",
        };
        let path = root.join(folder).join(file).with_extension("rs");
        let Ok(code) = fs::read_to_string(&path) else { panic!("no file {}", path.display()) };
        assert!(code.contains(&format!("fn {test}(")), "no test {test} in {}", path.display());
    }
}
