//! What a computation leaves on the stack.
//!
//! Secrets on the heap are wiped when they are dropped. But the ciphers also have copies in their stack frames: of keys
//! that were moved, and of registers. No one wipes those when a function returns.

use std::hint::black_box;

/// More than the ciphers use. Without optimization, frames are larger.
const DEPTH: usize = if cfg!(debug_assertions) { 32 } else { 8 } * 1024;

/// Does the work, then overwrites the part of the stack that it has used.
pub(crate) fn wiped<R>(work: impl FnOnce() -> R) -> R {
    let result = apart(work);
    overwrite();
    result
}

/// Below the caller's frame, as what overwrites it is.
#[inline(never)]
fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[inline(never)]
fn overwrite() {
    // Not a constant, which would be elsewhere.
    let mut space = [0_u8; DEPTH];
    black_box(&mut space);
}
