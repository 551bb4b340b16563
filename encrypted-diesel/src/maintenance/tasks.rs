//! The tasks of walks, one in each file.

mod decrypt;
mod each;
mod encrypt;
mod reindex;
mod rotate;
mod verify;

pub(super) use decrypt::Decrypt;
pub(super) use each::Each;
pub(super) use encrypt::Encrypt;
pub(super) use reindex::{Reindex, VerifyIndexes};
pub(super) use rotate::Rotate;
pub(super) use verify::Verify;
