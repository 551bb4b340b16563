//! A column that is encrypted into another one, as statements read it.

use std::borrow::Cow;

/// How a column of any type is read.
#[derive(Clone, Debug)]
pub(in crate::maintenance) struct TextForm {
    /// As text, with nothing lost.
    pub(super) text: Cow<'static, str>,
    /// In a form that differs if any bit of the value does, whatever the settings of the session.
    pub(super) exact: Cow<'static, str>,
    /// Whether the text depends on the settings of the session.
    pub(super) by_settings: bool,
    /// Why it cannot be read exactly, if it cannot.
    pub(super) refused: Option<&'static str>,
}
