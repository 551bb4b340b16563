//! The requests of one thread or task.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::load::Load;
use crate::people::{PEOPLE, Person};

/// The number of threads, and of tasks.
pub(crate) const THREADS: i32 = 8;
pub(crate) const WORKERS: i32 = 2 * THREADS;
/// Fewer than threads or tasks.
pub(crate) const CONNECTIONS: u32 = 5;
/// How long a worker waits for a connection. SQLite does not queue its writers, so on a busy machine some wait
/// long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(600);

/// Writes its own rows, and reads all.
pub(crate) struct Worker {
    pub(crate) number: i32,
    /// How many times it has written each of its rows, in order.
    pub(crate) wrote: Vec<u64>,
    random: u64,
}

pub(crate) enum Request {
    Find(i32),
    Search(i32),
    List(RangeInclusive<i32>),
    Write(Person),
}

impl Worker {
    pub(crate) fn new(number: i32) -> Self {
        Self { number, wrote: vec![0; (PEOPLE / WORKERS) as usize], random: number as u64 }
    }

    pub(crate) fn next(&mut self, load: &Load) -> Request {
        load.requests.add(1);
        let id = self.below(PEOPLE);
        match self.below(10) {
            0..3 => Request::Find(id),
            3..6 => Request::Search(id),
            6 => Request::List(id..=id + 20),
            _ => {
                load.writes.add(1);
                let row = self.below(PEOPLE / WORKERS);
                self.wrote[row as usize] += 1;
                Request::Write(Person::new(self.number + row * WORKERS, self.wrote[row as usize]))
            }
        }
    }

    /// Checks that another worker's row is consistent, and that its own row is as it last wrote it.
    pub(crate) fn check(&self, person: &Person) {
        let writes = person.writes();
        if person.id % WORKERS == self.number {
            assert_eq!(writes, self.wrote[(person.id / WORKERS) as usize], "writes of {}", person.id);
        }
    }

    /// The constants are those of Knuth's MMIX.
    fn below(&mut self, end: i32) -> i32 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.random >> 33) % end as u64) as i32
    }
}

/// Sends the next request and checks the answer: `request!(load, worker, connection, .await)`, without `.await` for
/// a synchronous connection.
macro_rules! request {
    ($load:expr, $worker:expr, $connection:expr, $($wait:tt)*) => {
        match $worker.next($load) {
            Request::Find(id) => {
                let found = people::table.find(id).select(Person::as_select());
                let person = found.first($connection)$($wait)*.unwrap();
                assert_eq!(person.id, id);
                $worker.check(&person);
            }
            Request::Search(id) => {
                let found = people::table.filter(people::email_index.matches(email(id)));
                let person = found.select(Person::as_select()).first($connection)$($wait)*.unwrap();
                assert_eq!(person.id, id);
                $worker.check(&person);
            }
            Request::List(ids) => {
                let listed = people::table.filter(people::id.between(*ids.start(), *ids.end()));
                let listed = listed.select(Person::as_select()).load($connection)$($wait)*.unwrap();
                assert_eq!(listed.len(), ids.filter(|id| *id < PEOPLE).count());
                listed.iter().for_each(|person| $worker.check(person));
            }
            Request::Write(person) => {
                let update = diesel::update(people::table.find(person.id)).set(&person);
                assert_eq!(update.execute($connection)$($wait)*, Ok(1));
            }
        }
    };
}
pub(crate) use request;
