// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What a server counts; JSON for `WebSocketServerStats`.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub fn raise(&self, to: usize) {
        self.0.fetch_max(to as u64, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
pub struct Counters {
    pub accepted: Counter,
    /// Connections turned away, by reason.
    pub refused_origin: Counter,
    pub refused_full: Counter,
    pub refused_handshake: Counter,
    pub accept_errors: Counter,
    /// Bytes of connections that became clients, as they are in the websocket.
    pub received: Counter,
    pub sent: Counter,
    /// Payload bytes: gathered into frames, and copied out of received frames because they were small.
    pub gathered: Counter,
    pub small: Counter,
    pub highest_queued: Counter,
    pub dropped: Counter,
    pub slow: Counter,
    pub silent: Counter,
    pub malformed: Counter,
    /// Requests without a sequence id that failed: nobody could be told.
    pub failed: Counter,
    pub evicted_queries: Counter,
}
