use std::cell::Cell;
use std::thread;

use super::*;

fn key(n: u8) -> Key {
    Key::from([n; 32])
}

fn tenants(application: Keyring) -> TenantKeys {
    TenantKeys::new(application, 2, Duration::from_millis(200))
}

fn loaded(sealed: &SealedKeys) -> Result<SealedKeys, Error> {
    Ok(sealed.clone())
}

fn not_loaded() -> Result<SealedKeys, Error> {
    Err(Error::NotInitialized)
}

#[test]
fn keys_are_sealed_for_their_tenant_alone() {
    let tenants = tenants(Keyring::new(key(1)));
    let (acme, other) = (tenants.create("acme").unwrap(), tenants.create("other").unwrap());
    let keys = tenants.get("acme", || loaded(&acme)).unwrap();
    assert_ne!(keys, tenants.get("other", || loaded(&other)).unwrap());
    assert_eq!(keys.index_key_ids().count(), 1);
    assert_eq!(tenants.get("third", || loaded(&acme)), Err(Error::DecryptionFailed));
    let stranger = TenantKeys::new(Keyring::new(key(2)), 9, Duration::from_secs(9));
    assert_eq!(stranger.get("acme", || loaded(&acme)), Err(Error::UnknownKey { key_id: key(1).id() }));
    assert_eq!(format!("{acme:?} {tenants:?}"), "SealedKeys(…) TenantKeys { kept: 0, .. }");
}

#[test]
fn keys_are_loaded_once_and_again_when_they_are_forgotten_or_old() {
    let tenants = tenants(Keyring::new(key(1)));
    let sealed = tenants.create("acme").unwrap();
    let keys = tenants.get("acme", || loaded(&sealed)).unwrap();
    assert_eq!(tenants.get("acme", not_loaded), Ok(keys.clone()));
    tenants.forget("acme");
    assert_eq!(tenants.get("acme", not_loaded), Err(Error::NotInitialized));
    assert_eq!(tenants.get("acme", || loaded(&sealed)), Ok(keys));
    thread::sleep(Duration::from_millis(250));
    assert_eq!(tenants.get("acme", not_loaded), Err(Error::NotInitialized));
}

#[test]
fn no_more_are_kept_than_the_capacity() {
    let tenants = TenantKeys::new(Keyring::new(key(1)), 2, Duration::from_secs(60));
    for n in 0..20 {
        let tenant = n.to_string();
        tenants.get(&tenant, || tenants.create(&tenant)).unwrap();
    }
    tenants.cache.run_pending_tasks();
    assert!(tenants.cache.entry_count() <= 2);
}

#[test]
fn what_was_read_before_it_was_forgotten_is_not_kept() {
    let tenants = tenants(Keyring::new(key(1)));
    let sealed = tenants.create("acme").unwrap();
    let again = || {
        tenants.forget("acme"); // by somebody else, meanwhile
        loaded(&sealed)
    };
    tenants.get("acme", again).unwrap();
    assert_eq!(tenants.get("acme", not_loaded), Err(Error::NotInitialized));
}

#[test]
fn keys_are_changed_in_two_steps() {
    let tenants = tenants(Keyring::new(key(1)));
    let sealed = tenants.create("acme").unwrap();
    let old = tenants.get("acme", || loaded(&sealed)).unwrap();
    let sealed = tenants.change("acme", &sealed, |keys| keys.with_retired(key(5))).unwrap();
    let sealed = tenants.change("acme", &sealed, |keys| keys.with_first(key(5).id())).unwrap();
    tenants.forget("acme");
    let new = tenants.get("acme", || loaded(&sealed)).unwrap();
    assert_eq!(new.key_ids().collect::<Vec<_>>(), [key(5).id(), old.primary_id()]);
    assert_eq!(new.index_key_ids().collect::<Vec<_>>(), old.index_key_ids().collect::<Vec<_>>());
    let unknown = tenants.change("acme", &sealed, |keys| keys.with_first(key(6).id()));
    assert!(unknown.is_err());
}

#[test]
fn a_new_key_of_the_application_seals_them_again() {
    let tenants = tenants(Keyring::new(key(1)));
    let sealed = tenants.create("acme").unwrap();
    assert_eq!(tenants.reseal("acme", &sealed), Ok(None));
    let keys = tenants.get("acme", || loaded(&sealed)).unwrap();
    tenants.replace_application(Keyring::new(key(2)).with_retired(key(1)).unwrap());
    let resealed = tenants.reseal("acme", &sealed).unwrap().unwrap();
    tenants.replace_application(Keyring::new(key(2)));
    tenants.forget("acme");
    assert_eq!(tenants.get("acme", || loaded(&resealed)), Ok(keys));
}

#[test]
fn the_async_form_loads_once_as_well() {
    let tenants = tenants(Keyring::new(key(1)));
    let sealed = tenants.create("acme").unwrap();
    let loads = Cell::new(0);
    let load = || async {
        loads.set(loads.get() + 1);
        loaded(&sealed)
    };
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..2 {
        let mut keys = std::pin::pin!(tenants.get_async("acme", load()));
        assert!(keys.as_mut().poll(&mut context).is_ready());
    }
    assert_eq!(loads.get(), 1);
}
