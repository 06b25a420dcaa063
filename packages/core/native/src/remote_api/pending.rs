// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Queries that a client has been asked and has not ended yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zenoh::query::Query;

use super::counters::Counters;

/// The protocol has no word for a query that timed out: beyond this many, the oldest is taken for one.
const LIMIT: usize = 1000;

#[derive(Default)]
struct Asked {
    last: u32,
    queries: BTreeMap<u32, Query>,
    ended: bool,
}

pub struct Pending {
    asked: Mutex<Asked>,
    counters: Arc<Counters>,
}

impl Pending {
    pub fn new(counters: Arc<Counters>) -> Self {
        Self { asked: Mutex::default(), counters }
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number under which the client answers; none when the client is gone.
    pub fn add(&self, query: Query) -> Option<u32> {
        let mut asked = self.lock();
        if asked.ended {
            return None;
        }
        asked.last = asked.last.wrapping_add(1);
        let id = asked.last;
        asked.queries.insert(id, query);
        let evicted = if asked.queries.len() > LIMIT { asked.queries.pop_first() } else { None };
        drop(asked);
        // Outside of the lock: the end of a query goes to zenoh.
        if evicted.is_some() {
            self.counters.evicted_queries.add(1);
        }
        Some(id)
    }

    pub fn get(&self, id: u32) -> Option<Query> {
        self.lock().queries.get(&id).cloned()
    }

    /// Takes the query out, so that it ends with what is returned.
    pub fn take(&self, id: u32) -> Option<Query> {
        self.lock().queries.remove(&id)
    }

    pub fn end(&self) {
        let mut asked = self.lock();
        asked.ended = true;
        let queries = std::mem::take(&mut asked.queries);
        drop(asked);
        drop(queries);
    }
}
