use zeroize::Zeroizing;

use crate::error::Error;
use crate::keyring::Keyring;
use crate::maintenance::batch::Problem;
use crate::maintenance::elements::Elements;
use crate::maintenance::sql::bind::{Bytes, StoredColumn};
use crate::maintenance::sql::select::Which;
use crate::maintenance::survey::Surveyed;
use crate::maintenance::task::{Outcome, Plan, Task};

/// A task on each element of a column's arrays. A row is written as a whole, or left as a whole.
pub(in crate::maintenance) struct Each<T>(pub(in crate::maintenance) T);

impl<T: Task> Task for Each<T> {
    /// Arrays are read in which it has to work on an element.
    fn plan(&self, keyring: &Keyring) -> Result<Plan, Error> {
        let Plan { which, read, written, compared } = self.0.plan(keyring)?;
        let [column] = read[..] else {
            let names: Vec<_> = read.iter().map(|column| column.name).collect();
            let reason = format!("{}: an array cannot be encrypted from another column", names.join(", "));
            return Err(Error::UnsafeTable { reason });
        };
        if let Some(index) = written.iter().find(|written| written.name != column.name) {
            let reason = format!("{}: an array cannot have a blind index", index.name);
            return Err(Error::UnsafeTable { reason });
        }
        let in_array = |columns: Vec<StoredColumn>| columns.into_iter().map(StoredColumn::in_array).collect();
        Ok(Plan { which, read: in_array(read), written: in_array(written), compared: in_array(compared) })
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        let [Some(sent)] = row else { return Ok(None) };
        let array = Elements::read(sent).ok_or(Problem::Array)?;
        let which = self.0.plan(keyring)?.which;
        let mut elements = Vec::<Bytes>::new();
        let mut is_changed = false;
        for (position, element) in (1..).zip(array.iter()) {
            let element = [element.map(|element| Zeroizing::new(element.to_vec()))];
            let done = if takes(&which, &element) { self.0.work(keyring, &element) } else { Ok(None) };
            let changed =
                done.map_err(|problem| Problem::Element { position, problem: Box::new(problem) })?;
            is_changed |= changed.is_some();
            elements.extend(changed.unwrap_or_else(|| element.into()));
        }
        if !is_changed {
            return Ok(None);
        }
        let elements = elements.iter().map(|element| element.as_deref().map(Vec::as_slice));
        let sent = array.with(elements).ok_or(Problem::Array)?;
        Ok(Some(vec![Some(Zeroizing::new(sent))]))
    }

    fn surveyed(&self) -> Vec<Surveyed> {
        self.0.surveyed()
    }

    fn writes(&self) -> bool {
        self.0.writes()
    }

    fn writes_plaintext(&self) -> bool {
        self.0.writes_plaintext()
    }
}

/// Whether the task would read a row with this value.
fn takes(which: &Which, element: &[Bytes; 1]) -> bool {
    let [Some(element)] = element else { return matches!(which, Which::All) };
    let begins = |prefixes: &[Vec<u8>]| prefixes.iter().any(|prefix| element.starts_with(prefix));
    match which {
        Which::All => true,
        Which::WithPrefix(prefixes) => begins(prefixes),
        Which::WithoutPrefix(prefixes) => !begins(prefixes),
        Which::ToFill => false,
    }
}
