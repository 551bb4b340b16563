//! Pools of connections, shared by threads.

use std::thread;

use diesel::connection::SimpleConnection;
use diesel::r2d2;

use super::*;

pub(super) const WORKERS: i32 = 8;
pub(super) const ROWS_PER_WORKER: i32 = 20;
pub(super) const CONNECTIONS: u32 = 4;

pub(super) fn rows_of(worker: i32) -> impl Iterator<Item = i32> {
    worker * ROWS_PER_WORKER..(worker + 1) * ROWS_PER_WORKER
}

/// Threads write and read their own rows through one r2d2 pool.
macro_rules! threads_share_a_pool {
    ($url:expr, $connection:ty) => {
        threads_share_a_pool!($url, $connection, r2d2::Pool::builder())
    };
    ($url:expr, $connection:ty, $builder:expr) => {{
        let manager = r2d2::ConnectionManager::<$connection>::new($url);
        let pool = $builder.max_size(CONNECTIONS).build(manager).unwrap();
        let keyring = new_keyring();
        thread::scope(|threads| {
            for worker in 0..WORKERS {
                let (pool, keyring) = (&pool, &keyring);
                threads.spawn(move || {
                    keyring.scope(|| {
                        for id in rows_of(worker) {
                            let mut connection = pool.get().unwrap();
                            diesel::insert_into(samples::table)
                                .values(&Sample::new(id))
                                .execute(&mut connection)
                                .unwrap();
                            let read = samples::table.find(id).first::<Sample>(&mut connection).unwrap();
                            assert_eq!(read, Sample::new(id));
                        }
                    });
                });
            }
        });
        let count = samples::table.count().get_result(&mut pool.get().unwrap());
        assert_eq!(count, Ok(i64::from(WORKERS * ROWS_PER_WORKER)));
    }};
}

#[test]
fn postgres_r2d2() {
    threads_share_a_pool!(postgres::url_of(&postgres::new_schema()), PgConnection);
}

#[test]
fn mysql_r2d2() {
    threads_share_a_pool!(mysql::url_of(&mysql::new_database()), MysqlConnection);
}

/// SQLite has one writer at a time: the others have to wait.
#[derive(Debug)]
struct Wait;

impl r2d2::CustomizeConnection<SqliteConnection, r2d2::Error> for Wait {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), r2d2::Error> {
        connection.batch_execute("PRAGMA busy_timeout = 60000").map_err(r2d2::Error::QueryError)
    }
}

#[test]
fn sqlite_r2d2() {
    let folder = sqlite::new_file();
    let builder = r2d2::Pool::builder().connection_customizer(Box::new(Wait));
    threads_share_a_pool!(sqlite::url_of(&folder), SqliteConnection, builder);
}
