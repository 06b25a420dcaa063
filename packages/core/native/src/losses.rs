// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What zenoh dropped instead of sending. A put does not tell; zenoh's statistics of its transports do.

use std::sync::{Mutex, PoisonError};

use zenoh::internal::runtime::Runtime;
use zenoh::qos::Priority;

use crate::statistics::{self, Counter, Transports};

pub const PRIORITIES: usize = 8;

/// The names of the priorities in zenoh's statistics, by number.
pub const NAMES: [&str; PRIORITIES] =
    ["control", "real-time", "interactive-high", "interactive-low", "data-high", "data", "data-low", "background"];

const DROPS: &str = "zenoh_tx_network_message_dropped_payload_bytes_count";

/// Why a message that was put did not reach the network. What access control and filters refuse is no loss.
const REASONS: [&str; 2] = ["congestion", "no-link"];

/// What puts and replies send; a query that is dropped is another's loss.
const MESSAGES: [&str; 4] = ["put", "delete", "reply", "reply-err"];

/// Messages dropped so far, by priority.
pub type Dropped = [u64; PRIORITIES];

pub struct Losses {
    runtime: Runtime,
    seen: Mutex<Dropped>,
}

impl Losses {
    pub fn new(runtime: Runtime) -> Self {
        Self { runtime, seen: Mutex::default() }
    }

    /// Messages dropped at `priority` since this was last asked for it. Costs some 20 microseconds.
    pub fn fresh(&self, priority: Priority) -> u64 {
        let index = priority as usize;
        let now = self.total()[index];
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = now.saturating_sub(seen[index]);
        seen[index] = now;
        fresh
    }

    pub fn total(&self) -> Dropped {
        let mut total = Dropped::default();
        // Transports that are gone count too: their drops did not come back.
        statistics::read(&self.runtime, Transports::Ever, |counter| {
            if let Some((priority, count)) = dropped(&counter) {
                total[priority] += count;
            }
        });
        total
    }
}

/// Of the counter of drops: its priority and count.
fn dropped(counter: &Counter<'_>) -> Option<(usize, u64)> {
    let among = |label, values: &[&str]| counter.label(label).is_some_and(|value| values.contains(&value));
    if counter.name != DROPS || !among("reason", &REASONS) || !among("message", &MESSAGES) {
        return None;
    }
    let priority = counter.label("priority")?;
    Some((NAMES.iter().position(|name| *name == priority)?, counter.value()?))
}
