//! Prints, at the end of `cargo test`, what was not run.

fn main() {
    if cfg!(not(feature = "all-backends")) {
        println!(
            "\nran on SQLite; `tests/all-backends` runs PostgreSQL and MySQL or MariaDB, sync and async, and \
             `tests/key-services` runs AWS KMS and Vault\n"
        );
    }
}
