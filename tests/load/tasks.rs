//! Tasks on a bb8 pool.

use std::sync::Arc;

use diesel::{ConnectionError, ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, bb8};
use diesel_async::{AsyncConnection as _, RunQueryDsl, SimpleAsyncConnection};
use encrypted_diesel::EncryptedExpressionMethods;

use super::{AsyncConnection, SETTINGS};
use crate::load::{EndIfFailed, Load};
use crate::people::{PEOPLE, Person, email, people};
use crate::worker::{CONNECTIONS, PATIENCE, Request, THREADS, WORKERS, Worker, request};

type Pool = bb8::Pool<AsyncConnection>;

async fn pool(url: String) -> Pool {
    let mut config = ManagerConfig::default();
    config.custom_setup = Box::new(|url| {
        Box::pin(async move {
            let mut connection = AsyncConnection::establish(url).await?;
            if let Some(sql) = SETTINGS {
                let done = connection.batch_execute(sql).await;
                done.map_err(ConnectionError::CouldntSetupConfiguration)?;
            }
            Ok(connection)
        })
    });
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    bb8::Pool::builder().max_size(CONNECTIONS).connection_timeout(PATIENCE).build(manager).await.unwrap()
}

/// The second half of the workers.
pub(super) fn work(load: &Arc<Load>, url: String) -> Vec<Worker> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let pool = pool(url).await;
        let tasks =
            (THREADS..WORKERS).map(|number| tokio::spawn(serve(Arc::clone(load), pool.clone(), number)));
        let mut workers = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            workers.push(task.await.unwrap());
        }
        workers
    })
}

async fn serve(load: Arc<Load>, pool: Pool, number: i32) -> Worker {
    let load = &*load;
    let _guard = EndIfFailed(load);
    let mut worker = Worker::new(number);
    while !load.is_over() {
        let keys = load.keys.now();
        keys.scope_async(async { request!(load, worker, &mut *pool.get().await.unwrap(), .await) }).await;
    }
    worker
}
