// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! How long nothing has come from a client.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub struct Silence {
    start: Instant,
    /// Milliseconds from `start`.
    last: AtomicU64,
}

impl Silence {
    pub fn new() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0) }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A sign of life: bytes that came, or room for bytes where there was none.
    pub fn end(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    pub fn lasts(&self) -> Duration {
        Duration::from_millis(self.now().saturating_sub(self.last.load(Ordering::Relaxed)))
    }
}
