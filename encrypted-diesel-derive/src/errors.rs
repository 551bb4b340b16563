//! Collects all mistakes in a type, so that one compilation shows them all.

use std::fmt::Display;

use proc_macro2::Span;
use syn::{Error, Result};

#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn add(&mut self, span: Span, message: impl Display) {
        self.take(Err(Error::new(span, message)));
    }

    pub(crate) fn take(&mut self, result: Result<()>) {
        if let Err(error) = result {
            match &mut self.0 {
                None => self.0 = Some(error),
                Some(first) => first.combine(error),
            }
        }
    }

    pub(crate) fn set_once<T>(&mut self, place: &mut Option<T>, value: T, span: Span, name: &str) {
        if place.replace(value).is_some() {
            self.add(span, format!("`{name}` is set twice\nhelp: remove one"));
        }
    }

    /// Returns the collected errors, if there are any.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
