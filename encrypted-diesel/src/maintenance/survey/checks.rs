//! CHECK constraints that keep plaintext out.

pub(super) const MESSAGE: &str =
    "no CHECK keeps plaintext out: add one as soon as nothing writes plaintext any more";
