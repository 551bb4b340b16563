//! Threads on an r2d2 pool.

use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection};
use encrypted_diesel::EncryptedExpressionMethods;

use super::{SETTINGS, SyncConnection};
use crate::load::{EndIfFailed, Load};
use crate::people::{PEOPLE, Person, email, people};
use crate::worker::{CONNECTIONS, PATIENCE, Request, THREADS, Worker, request};

pub(super) type Pool = r2d2::Pool<ConnectionManager<SyncConnection>>;

pub(super) fn pool(url: String) -> Pool {
    let builder = r2d2::Pool::builder().max_size(CONNECTIONS).connection_timeout(PATIENCE);
    builder.connection_customizer(Box::new(Settings)).build(ConnectionManager::new(url)).unwrap()
}

#[derive(Debug)]
struct Settings;

impl CustomizeConnection<SyncConnection, r2d2::Error> for Settings {
    fn on_acquire(&self, connection: &mut SyncConnection) -> Result<(), r2d2::Error> {
        SETTINGS.map_or(Ok(()), |sql| connection.batch_execute(sql)).map_err(r2d2::Error::QueryError)
    }
}

/// The first half of the workers.
pub(super) fn work(load: &Load, pool: &Pool) -> Vec<Worker> {
    thread::scope(|scope| {
        let threads = (0..THREADS).map(|number| scope.spawn(move || serve(load, pool, number)));
        threads.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn serve(load: &Load, pool: &Pool, number: i32) -> Worker {
    let _guard = EndIfFailed(load);
    let mut worker = Worker::new(number);
    while !load.is_over() {
        load.keys.now().scope(|| request!(load, worker, &mut *pool.get().unwrap(),));
    }
    worker
}
