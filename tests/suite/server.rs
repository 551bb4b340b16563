//! A separate database for each test, on a server that others may use.

use std::cell::RefCell;
use std::env;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// The server's URL from the environment, as `tests/all-backends` sets it.
pub(crate) fn url(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run `tests/all-backends`, which starts the servers, or name yours")
    })
}

/// A name that no other test uses, in this run or another.
pub(crate) fn new_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("encrypted_diesel_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

thread_local! {
    static CLEANUP: RefCell<Cleanup> = const { RefCell::new(Cleanup(Vec::new())) };
}

/// Removes what this thread's test created on servers, when the thread ends.
struct Cleanup(Vec<Box<dyn FnOnce()>>);

impl Drop for Cleanup {
    fn drop(&mut self) {
        self.0.drain(..).for_each(|remove| remove());
    }
}

/// Runs `sql` on a separate connection after the test, unless the databases are to be kept.
pub(crate) fn remove_later<C: Connection + SimpleConnection>(url: String, sql: String) {
    if env::var_os("TEST_KEEP_DATABASES").is_none() {
        let remove = move || {
            // A leftover does not disturb other tests, and must not hide why this one failed.
            if let Ok(mut connection) = C::establish(&url) {
                let _ = connection.batch_execute(&sql);
            }
        };
        CLEANUP.with_borrow_mut(|cleanup| cleanup.0.push(Box::new(remove)));
    }
}
