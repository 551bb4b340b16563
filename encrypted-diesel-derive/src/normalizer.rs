//! The normalizers in `normalize(…)`.

use syn::parse::{Parse, ParseStream};
use syn::{Error, ExprPath, Ident, LitInt, Result, parenthesized, token};

use crate::errors::Errors;

pub(crate) enum Normalizer {
    /// A variant of `encrypted_diesel::blind_index::Normalizer`.
    Plain(&'static str),
    /// A variant that holds a number of characters.
    Chars(&'static str, LitInt),
    With(ExprPath),
}

impl Normalizer {
    pub(crate) fn check(&self, errors: &mut Errors) {
        if let Self::Chars(_, chars) = self {
            if !chars.base10_parse::<u32>().is_ok_and(|chars| chars > 0) {
                errors.add(
                    chars.span(),
                    "the number of characters is out of range\nhelp: write a number above 0",
                );
            }
        }
    }
}

impl Parse for Normalizer {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name: Ident = input.parse()?;
        Ok(match name.to_string().as_str() {
            "trim" => Self::Plain("Trim"),
            "lowercase" => Self::Plain("Lowercase"),
            "nfkc" => Self::Plain("Nfkc"),
            "digits" => Self::Plain("Digits"),
            "alphanumeric" => Self::Plain("Alphanumeric"),
            "first" => Self::Chars("First", parse_argument(&name, input, CHARS)?),
            "last" => Self::Chars("Last", parse_argument(&name, input, CHARS)?),
            "with" => Self::With(parse_argument(&name, input, FUNCTION)?),
            _ => {
                return Err(Error::new(
                    name.span(),
                    "unknown normalizer\n\
                     help: use `trim`, `lowercase`, `nfkc`, `digits`, `alphanumeric`, `first(n)`, `last(n)` \
                     or `with(path::to::function)`",
                ));
            }
        })
    }
}

const CHARS: &str = "this normalizer takes a number of characters\nhelp: write `first(4)` or `last(4)`";

const FUNCTION: &str =
    "`with` takes the path of a function\nhelp: write `with(path::to::function)`, for a `fn(&str) -> String`";

/// Parses the single argument in parentheses after `name`.
fn parse_argument<T: Parse>(name: &Ident, input: ParseStream<'_>, message: &str) -> Result<T> {
    if !input.peek(token::Paren) {
        return Err(Error::new(name.span(), message));
    }
    let argument;
    parenthesized!(argument in input);
    let parsed = argument.parse().map_err(|error| Error::new(error.span(), message))?;
    if argument.is_empty() { Ok(parsed) } else { Err(Error::new(argument.span(), message)) }
}
