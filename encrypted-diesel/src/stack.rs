//! Wiping the secrets that a computation leaves on the stack.
//!
//! Secrets on the heap are wiped on drop. But the ciphers also leave copies in their stack frames, from moved keys and
//! spilled registers, and nothing wipes those when a function returns.

use std::hint::black_box;

/// More than the ciphers use. Frames are larger without optimization.
const DEPTH: usize = if cfg!(debug_assertions) { 32 } else { 8 } * 1024;

/// Does the work, then overwrites the part of the stack that it used.
pub(crate) fn wiped<R>(work: impl FnOnce() -> R) -> R {
    let result = apart(work);
    overwrite();
    result
}

/// Runs below the caller's frame, like the function that overwrites it.
#[inline(never)]
fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[inline(never)]
fn overwrite() {
    // Not a constant, which would not be on the stack.
    let mut space = [0_u8; DEPTH];
    black_box(&mut space);
}
