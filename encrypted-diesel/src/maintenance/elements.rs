//! The elements of an array, in the form in which PostgreSQL sends it.

use std::ops::Range;

/// An array of one dimension that begins at 1, or an empty one.
///
/// The form is that of `array_send`, in numbers of four bytes, the highest first: how many dimensions, whether an element
/// is NULL, the type of the elements, for each dimension the number of elements and the first subscript, then for each
/// element its length, or -1 for NULL, and its bytes.
pub(super) struct Elements<'a> {
    sent: &'a [u8],
    elements: Vec<Option<Range<usize>>>,
}

const HEADER: usize = 12;
const TYPE: Range<usize> = 8..12;

impl<'a> Elements<'a> {
    /// `None` if the array has another form.
    pub(super) fn read(sent: &'a [u8]) -> Option<Self> {
        let number = |at: usize| {
            let bytes = sent.get(at..at.checked_add(4)?)?;
            Some(i32::from_be_bytes(bytes.try_into().ok()?))
        };
        let (mut at, count) = match number(0)? {
            0 => (HEADER, 0),
            1 if number(HEADER + 4)? == 1 => (HEADER + 8, number(HEADER)?),
            _ => return None,
        };
        let mut elements = Vec::new();
        for _ in 0..count {
            let len = number(at)?;
            at += 4;
            elements.push(match usize::try_from(len) {
                Ok(len) => {
                    let element = at..at.checked_add(len)?;
                    at = element.end;
                    Some(element)
                }
                Err(_) => None,
            });
        }
        (at == sent.len()).then_some(Self { sent, elements })
    }

    /// The elements; `None` is NULL.
    pub(super) fn iter(&self) -> impl Iterator<Item = Option<&'a [u8]>> + Clone {
        self.elements.iter().map(|element| self.sent.get(element.clone()?))
    }

    /// An array of the same type with as many other elements. `None` if they are too long for an array.
    pub(super) fn with<'e>(
        &self,
        elements: impl Iterator<Item = Option<&'e [u8]>> + Clone,
    ) -> Option<Vec<u8>> {
        let number = |number: usize| i32::try_from(number).ok().map(i32::to_be_bytes);
        let has_null = elements.clone().any(|element| element.is_none());
        // Its capacity is right from the start, so that no plaintext is left in a buffer that was too short.
        let len = elements.clone().map(|element| 4 + element.map_or(0, <[u8]>::len)).sum::<usize>();
        let mut sent = Vec::with_capacity(HEADER + 8 + len);
        sent.extend(1_i32.to_be_bytes());
        sent.extend(i32::from(has_null).to_be_bytes());
        sent.extend(self.sent.get(TYPE)?);
        sent.extend(number(self.elements.len())?);
        sent.extend(1_i32.to_be_bytes());
        for element in elements {
            sent.extend(element.map_or(Some((-1_i32).to_be_bytes()), |element| number(element.len()))?);
            sent.extend(element.unwrap_or_default());
        }
        Some(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in four bytes each.
    fn sent(numbers: &[i32], rest: &[u8]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).chain(rest.iter().copied()).collect()
    }

    fn read(sent: &[u8]) -> Option<Vec<Option<&[u8]>>> {
        Elements::read(sent).map(|elements| elements.iter().collect())
    }

    #[test]
    fn elements_are_read_and_written() {
        let array = sent(&[1, 1, 25, 3, 1, -1, 0, 2], b"ab");
        let elements = Elements::read(&array).unwrap();
        assert_eq!(elements.iter().collect::<Vec<_>>(), [None, Some(&b""[..]), Some(b"ab")]);
        assert_eq!(elements.with(elements.iter()).unwrap(), array);
        let others = [Some(&b"x"[..]), Some(b""), Some(b"")];
        assert_eq!(
            elements.with(others.into_iter()).unwrap(),
            sent(&[1, 0, 25, 3, 1, 1], b"x\0\0\0\0\0\0\0\0")
        );
    }

    #[test]
    fn an_empty_array_has_no_elements() {
        assert_eq!(read(&sent(&[0, 0, 25], b"")), Some(vec![]));
    }

    #[test]
    fn other_forms_are_refused() {
        for (what, numbers, rest) in [
            ("several dimensions", &[2, 0, 25, 1, 1, 1, 1, 1][..], &b"a"[..]),
            ("another lower bound", &[1, 0, 25, 1, 0, 1], b"a"),
            ("an end that comes too early", &[1, 0, 25, 2, 1, 1], b"a"),
            ("an element that is too short", &[1, 0, 25, 1, 1, 2], b"a"),
            ("something after the end", &[1, 0, 25, 1, 1, 1], b"ab"),
            ("something after an empty array", &[0, 0, 25], b"a"),
            ("more elements than there are bytes", &[1, 0, 25, i32::MAX, 1], b""),
            ("nothing", &[], b""),
        ] {
            assert_eq!(read(&sent(numbers, rest)), None, "{what}");
        }
    }
}
