//! Pools of asynchronous connections, shared by tasks.

use diesel::QueryDsl;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, bb8};
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl};

use super::pools::{CONNECTIONS, ROWS_PER_WORKER, WORKERS, rows_of};
use super::{Sample, new_keyring, samples};
use crate::{mysql, postgres};

/// Tasks on several threads write and read their own rows through one bb8 pool, each in a scope that follows it
/// from thread to thread.
macro_rules! tasks_share_a_pool {
    ($url:expr, $connection:ty) => {{
        let manager = AsyncDieselConnectionManager::<$connection>::new($url);
        let pool = bb8::Pool::builder().max_size(CONNECTIONS).build(manager).await.unwrap();
        let keyring = new_keyring();
        let tasks: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let pool = pool.clone();
                tokio::spawn(keyring.scope_async(async move {
                    for id in rows_of(worker) {
                        let mut connection = pool.get().await.unwrap();
                        diesel::insert_into(samples::table)
                            .values(&Sample::new(id))
                            .execute(&mut *connection)
                            .await
                            .unwrap();
                        let read = samples::table.find(id).first::<Sample>(&mut *connection).await.unwrap();
                        assert_eq!(read, Sample::new(id));
                    }
                }))
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let count = samples::table.count().get_result(&mut *pool.get().await.unwrap()).await;
        assert_eq!(count, Ok(i64::from(WORKERS * ROWS_PER_WORKER)));
    }};
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_bb8() {
    tasks_share_a_pool!(postgres::url_of(&postgres::new_schema()), AsyncPgConnection);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn mysql_bb8() {
    tasks_share_a_pool!(mysql::url_of(&mysql::new_database()), AsyncMysqlConnection);
}
