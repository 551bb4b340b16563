//! The current keys, which change while they are used.
//!
//! A process keeps the keyring that it installed. Here one process plays all instances of an application, those
//! before and those after a change, so each request runs in the scope of the keyring that it began with.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

use encrypted_diesel::Keyring;
use encrypted_diesel::key::{Key, KeyId};

pub(crate) struct Keys {
    current: RwLock<Arc<Keyring>>,
    rounds: AtomicU64,
}

impl Keys {
    pub(crate) fn new() -> Self {
        Self { current: RwLock::new(Arc::new(keyring(&[0]))), rounds: AtomicU64::new(0) }
    }

    pub(crate) fn now(&self) -> Arc<Keyring> {
        Arc::clone(&self.current.read().unwrap())
    }

    /// How many times new keys have replaced old ones.
    pub(crate) fn rounds(&self) -> u64 {
        self.rounds.load(Ordering::Relaxed)
    }

    /// Replaces the keys, in the steps of the operator's guide. `rotate` re-encrypts values under the new ones.
    pub(crate) fn rotate(&self, rotate: impl FnOnce(KeyId)) {
        let old = self.rounds();
        let new = old + 1;
        self.replace(keyring(&[old, new]));
        self.replace(keyring(&[new, old]));
        let keys = self.now();
        keys.scope(|| rotate(keys.primary_id()));
        drop(keys);
        self.replace(keyring(&[new]));
        self.rounds.store(new, Ordering::Relaxed);
    }

    /// Returns when the last request that began with the previous keyring has ended.
    fn replace(&self, keyring: Keyring) {
        let before = std::mem::replace(&mut *self.current.write().unwrap(), Arc::new(keyring));
        while Arc::strong_count(&before) > 1 {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A keyring with the keys of these rounds, the first of them primary.
fn keyring(rounds: &[u64]) -> Keyring {
    let retired = rounds[1..].iter();
    let keyring = retired.fold(Keyring::new(key(1, rounds[0])), |keyring, round| {
        keyring.with_retired(key(1, *round)).unwrap()
    });
    rounds.iter().fold(keyring, |keyring, round| keyring.with_index_key(key(2, *round)).unwrap())
}

fn key(purpose: u8, round: u64) -> Key {
    let mut bytes = [purpose; Key::LEN];
    bytes[..8].copy_from_slice(&round.to_be_bytes());
    Key::from(bytes)
}
