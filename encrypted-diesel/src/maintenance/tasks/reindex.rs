use std::sync::Arc;

use zeroize::Zeroizing;

use crate::blind_index::{IndexInput, IndexState};
use crate::error::Error;
use crate::keyring::Keyring;
use crate::maintenance::batch::Problem;
use crate::maintenance::index_set::IndexSet;
use crate::maintenance::sql::bind::Bytes;
use crate::maintenance::sql::select::Which;
use crate::maintenance::survey::Surveyed;
use crate::maintenance::task::{Outcome, Plan, Task};

/// Rebuilds outdated blind indexes.
pub(in crate::maintenance) struct Reindex(pub(in crate::maintenance) Arc<IndexSet>);

/// Compares blind indexes with their values.
pub(in crate::maintenance) struct VerifyIndexes(pub(in crate::maintenance) Arc<IndexSet>);

impl Task for Reindex {
    fn plan(&self, keyring: &Keyring) -> Result<Plan, Error> {
        let plan = VerifyIndexes(Arc::clone(&self.0)).plan(keyring)?;
        // The indexes as well, so that of two walks one writes a row.
        Ok(Plan { written: self.0.indexes.clone(), compared: plan.read.clone(), ..plan })
    }

    fn surveyed(&self) -> Vec<Surveyed> {
        self.0.surveyed()
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        let (inputs, states) = compare(&self.0, keyring, row)?;
        if states.iter().all(|state| *state == IndexState::Current) {
            return Ok(None);
        }
        let digest = |input: &Option<IndexInput>| {
            let digest = input.as_ref().map(|input| input.digest(keyring)).transpose()?;
            Ok::<_, Error>(digest.map(Zeroizing::new))
        };
        Ok(Some(inputs.iter().map(digest).collect::<Result<_, _>>()?))
    }
}

impl Task for VerifyIndexes {
    fn plan(&self, keyring: &Keyring) -> Result<Plan, Error> {
        keyring.primary_index_key()?;
        Ok(Plan::read_only(Which::All, [&self.0.values[..], &self.0.indexes].concat()))
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        let (_, states) = compare(&self.0, keyring, row)?;
        match states.iter().position(|state| *state == IndexState::Mismatched) {
            Some(position) => Err(Problem::Index(position)),
            None => Ok(None),
        }
    }

    fn writes(&self) -> bool {
        false
    }
}

/// The inputs of a row's indexes, and how the stored indexes relate to them.
fn compare(
    set: &IndexSet,
    keyring: &Keyring,
    row: &[Bytes],
) -> Result<(Vec<Option<IndexInput>>, Vec<IndexState>), Problem> {
    let (values, indexes) = row.split_at(set.values.len());
    let inputs = (set.inputs)(keyring, values)?;
    let states = inputs.iter().zip(indexes);
    let states = states
        .map(|(input, index)| IndexState::new(input.as_ref(), index.as_deref().map(Vec::as_slice), keyring));
    let states = states.collect::<Result<_, _>>()?;
    Ok((inputs, states))
}
