//! Code that must not compile, and the messages of rustc: each file of `cases` is compiled by itself. Each error must
//! be announced on its line, by a `//~ ERROR` with part of its text.
//!
//! Only these texts are compared, so another release of rustc may word its own notes differently.

use ui_test::color_eyre::Result;
use ui_test::custom_flags::edition::Edition;
use ui_test::custom_flags::rustfix::RustfixMode;
use ui_test::dependencies::DependencyBuilder;
use ui_test::{Config, ignore_output_conflict, run_tests};

fn main() -> Result<()> {
    let mut config = Config::rustc("compile_fail/cases");
    config.output_conflict_handling = ignore_output_conflict;
    config.out_dir = concat!(env!("CARGO_TARGET_TMPDIR"), "/compile_fail").into();
    let defaults = config.comment_defaults.base();
    let crate_manifest_path = "compile_fail/dependencies/Cargo.toml".into();
    defaults.set_custom("dependencies", DependencyBuilder { crate_manifest_path, ..Default::default() });
    defaults.set_custom("edition", Edition("2024".into()));
    defaults.set_custom("rustfix", RustfixMode::Disabled);
    run_tests(config)
}
