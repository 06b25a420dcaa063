// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What zenoh dropped instead of sending. A put does not tell; zenoh's statistics of its transports do.

use std::sync::{Mutex, PoisonError};

use zenoh::internal::runtime::Runtime;
use zenoh::qos::Priority;

pub const PRIORITIES: usize = 8;

/// The names of the priorities in zenoh's statistics, by number.
const NAMES: [&str; PRIORITIES] =
    ["control", "real-time", "interactive-high", "interactive-low", "data-high", "data", "data-low", "background"];

/// Why a message that was put did not reach the network. What access control and filters refuse is no loss.
const REASONS: [&str; 2] = ["reason=\"congestion\"", "reason=\"no-link\""];

/// What puts and replies send; a query that is dropped is another's loss.
const MESSAGES: [&str; 4] = ["message=\"put\"", "message=\"delete\"", "message=\"reply\"", "message=\"reply-err\""];

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

    /// Reads the counters in the one form that zenoh gives them out: the text format of Prometheus.
    pub fn total(&self) -> Dropped {
        let mut text = String::with_capacity(16 * 1024);
        let mut total = Dropped::default();
        // Transports that are gone count too: their drops did not come back.
        if self.runtime.stats().encode_metrics(&mut text, false, false, true, false).is_ok() {
            text.lines().filter_map(drop_count).for_each(|(priority, count)| total[priority] += count);
        }
        total
    }
}

/// A line of the drop counter: its priority and count.
fn drop_count(line: &str) -> Option<(usize, u64)> {
    let (labels, count) =
        line.strip_prefix("zenoh_tx_network_message_dropped_payload_bytes_count{")?.rsplit_once("} ")?;
    if !REASONS.iter().any(|reason| labels.contains(reason)) || !MESSAGES.iter().any(|kind| labels.contains(kind)) {
        return None;
    }
    let priority = labels.split(',').find_map(|label| label.strip_prefix("priority=\"")?.strip_suffix('"'))?;
    Some((NAMES.iter().position(|name| *name == priority)?, count.trim().parse().ok()?))
}
