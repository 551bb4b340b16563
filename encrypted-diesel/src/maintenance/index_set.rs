use super::batch::Problem;
use super::sql::bind::{Bytes, StoredColumn};
use super::survey::{Holds, Surveyed};
use crate::blind_index::IndexInput;
use crate::keyring::Keyring;

/// Blind indexes that are made from the same encrypted columns.
pub(super) struct IndexSet {
    pub(super) values: Vec<StoredColumn>,
    pub(super) indexes: Vec<StoredColumn>,
    /// The length of each index in bytes, if it is known.
    pub(super) widths: Vec<Option<usize>>,
    /// The inputs of the indexes, from the stored values.
    pub(super) inputs: Box<InputsOf>,
}

type InputsOf = dyn Fn(&Keyring, &[Bytes]) -> Inputs + Send + Sync;

/// One for each index; `None` for NULL.
pub(super) type Inputs = Result<Vec<Option<IndexInput>>, Problem>;

impl IndexSet {
    pub(super) fn surveyed(&self) -> Vec<Surveyed> {
        let indexes = self.indexes.iter().zip(&self.widths);
        indexes.map(|(index, width)| Surveyed { name: index.name, holds: Holds::Index(*width) }).collect()
    }
}
