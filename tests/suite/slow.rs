//! A value that takes its time: something happens while it is worked on.

use std::cell::RefCell;

use encrypted_diesel::Error;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter, Zeroizing};

type Meanwhile = Box<dyn FnMut()>;

thread_local! {
    static MEANWHILE: RefCell<Option<Meanwhile>> = const { RefCell::new(None) };
}

/// Happens each time that a value is opened on this thread.
pub(crate) fn meanwhile(happens: impl FnMut() + 'static) {
    MEANWHILE.set(Some(Box::new(happens)));
}

/// Happens when the next value is opened on this thread.
pub(crate) fn meanwhile_once(happens: impl FnOnce() + 'static) {
    let mut happens = Some(happens);
    meanwhile(move || happens.take().into_iter().for_each(|happens| happens()));
}

/// Text.
pub(crate) struct Slow(String);

impl Plaintext for Slow {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.0.encode(out)
    }
}

impl FromPlaintext for Slow {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        MEANWHILE.with_borrow_mut(|happens| happens.as_mut().map(|happens| happens()));
        String::decode(plaintext).map(Self)
    }
}
