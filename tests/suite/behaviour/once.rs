//! Each write encrypts a value once, although drivers may collect binds twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use encrypted_diesel::Error;
use encrypted_diesel::plaintext::PlaintextWriter;

use super::*;

struct Counted(Arc<AtomicU32>);

impl Plaintext for Counted {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        out.write_bytes(b"counted");
        Ok(())
    }
}

#[test]
fn a_value_is_encrypted_once() {
    let mut connection = connect();
    let count = Arc::new(AtomicU32::new(0));
    let counted = || Encrypted::new(Counted(Arc::clone(&count)));
    new_keyring().scope(|| {
        diesel::insert_into(samples::table)
            .values((samples::id.eq(1), samples::text.eq(counted()), samples::bounded.eq(Some(counted()))))
            .execute(&mut connection)
            .unwrap();
        assert_eq!(count.swap(0, Ordering::Relaxed), 2);

        diesel::update(samples::table.find(1))
            .set((samples::bytes.eq(counted()), samples::text.eq(counted())))
            .execute(&mut connection)
            .unwrap();
        assert_eq!(count.swap(0, Ordering::Relaxed), 2);

        let many: Vec<_> = (2..12).map(|id| (samples::id.eq(id), samples::text.eq(counted()))).collect();
        diesel::insert_into(samples::table).values(many).execute(&mut connection).unwrap();
        assert_eq!(count.swap(0, Ordering::Relaxed), 10);
    });
}
