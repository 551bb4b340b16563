use std::sync::Arc;

use zeroize::Zeroizing;

use super::batch::Problem;
use super::index_set::Inputs;
use super::sql::bind::{Bytes, StoredColumn};
use super::survey::{Holds, Surveyed};
use crate::blind_index::{IndexInput, IndexSpec};
use crate::envelope::Container;
use crate::keyring::Keyring;

/// The blind indexes of one column alone, which are written as its values are encrypted.
#[derive(Clone, Default)]
pub(super) struct OwnIndexes {
    columns: Vec<StoredColumn>,
    /// The length of each index in bytes, if it is known.
    widths: Vec<Option<usize>>,
    /// For each group of columns, what makes the inputs of their indexes from a plaintext form.
    inputs: Vec<Arc<InputsOf>>,
}

type InputsOf = dyn Fn(Zeroizing<Vec<u8>>) -> Inputs + Send + Sync;

impl OwnIndexes {
    pub(super) fn new(
        columns: &[&'static str],
        inputs: impl Fn(Zeroizing<Vec<u8>>) -> Inputs + Send + Sync + 'static,
    ) -> Self {
        Self {
            columns: columns.iter().map(|name| StoredColumn::new(name, Container::Bytes)).collect(),
            widths: vec![None; columns.len()],
            inputs: vec![Arc::new(inputs)],
        }
    }

    /// Adds an index over the plaintext form.
    pub(super) fn push(&mut self, name: &'static str, spec: IndexSpec) {
        let own = Self::new(&[name], move |plaintext| {
            spec.input_of(plaintext).ok_or(Problem::NotText).map(|input| vec![Some(input)])
        });
        self.columns.extend(own.columns);
        self.widths.push(Some(spec.bytes()));
        self.inputs.extend(own.inputs);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    pub(super) fn columns(&self) -> &[StoredColumn] {
        &self.columns
    }

    pub(super) fn surveyed(&self) -> impl Iterator<Item = Surveyed> {
        let columns = self.columns.iter().zip(&self.widths);
        columns.map(|(column, width)| Surveyed { name: column.name, holds: Holds::Index(*width) })
    }

    /// The digests to store for a plaintext form, one for each column.
    pub(super) fn digests(
        &self,
        keyring: &Keyring,
        plaintext: Zeroizing<Vec<u8>>,
    ) -> Result<Vec<Bytes>, Problem> {
        let digest = |input: Option<IndexInput>| {
            Ok(input.map(|input| input.digest(keyring)).transpose()?.map(Zeroizing::new))
        };
        let inputs =
            self.inputs.iter().map(|inputs| inputs(plaintext.clone())).collect::<Result<Vec<_>, _>>()?;
        inputs.into_iter().flatten().map(digest).collect()
    }
}
