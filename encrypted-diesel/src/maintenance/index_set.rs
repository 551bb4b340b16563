use super::batch::Problem;
use super::sql::bind::{Bytes, StoredColumn};
use crate::blind_index::IndexInput;
use crate::keyring::Keyring;

/// Blind indexes that are made from the same encrypted columns.
pub(super) struct IndexSet {
    pub(super) values: Vec<StoredColumn>,
    pub(super) indexes: Vec<StoredColumn>,
    /// The inputs of the indexes, from the stored values.
    pub(super) inputs: Box<InputsOf>,
}

type InputsOf = dyn Fn(&Keyring, &[Bytes]) -> Inputs + Send + Sync;

/// One for each index; `None` for NULL.
pub(super) type Inputs = Result<Vec<Option<IndexInput>>, Problem>;
