// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Whether zenoh's queues towards its peers are empty enough for a put that blocks to run on the event loop's thread.
//!
//! zenoh has no such question. Its statistics count, for each transport, the bytes that were routed to it and the bytes that
//! were written to its links: when the second has caught up with the first, the queue is empty.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use zenoh::internal::runtime::Runtime;

/// What an empty queue takes without waiting: zenoh's smallest default is two batches of 64 KiB for each priority.
const WINDOW: usize = 80 * 1024;

/// What a message adds to its payload on the wire, at the least: less is taken for the judgement, more for the window. What is in
/// shared memory travels as a descriptor, of which no more than this is sure.
const OVERHEAD: u64 = 5;
const HEADROOM: usize = 32;

/// How long to look again for the end of what has just been put; the event loop waits that long.
const PATIENCE: Duration = Duration::from_micros(300);

#[derive(Clone, Copy, Default)]
struct Traffic {
    routed: u64,
    written: u64,
}

#[derive(Default)]
struct State {
    /// By transport, when the queues were last seen empty.
    base: HashMap<String, Traffic>,
    /// Bytes that may still be put before looking again.
    credit: usize,
}

pub struct Drain {
    runtime: Runtime,
    state: Mutex<State>,
}

impl Drain {
    pub fn new(runtime: Runtime) -> Self {
        Self { runtime, state: Mutex::default() }
    }

    /// Whether a message of `bytes` finds room everywhere. If so, it is counted.
    pub fn room(&self, bytes: usize) -> bool {
        let cost = bytes + HEADROOM;
        if cost > WINDOW {
            return false;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.credit < cost {
            let Some(now) = self.empty(&state.base) else { return false };
            *state = State { base: now, credit: WINDOW };
        }
        state.credit -= cost;
        true
    }

    /// The traffic so far, once everything that was routed since `base` has been written.
    fn empty(&self, base: &HashMap<String, Traffic>) -> Option<HashMap<String, Traffic>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.traffic();
            let caught_up = now.iter().all(|(transport, now)| {
                let before = base.get(transport).copied().unwrap_or_default();
                now.written.saturating_sub(before.written) >= now.routed.saturating_sub(before.routed)
            });
            if caught_up {
                return Some(now);
            }
            if Instant::now() >= deadline {
                return None;
            }
            std::thread::yield_now();
        }
    }

    /// Read in the one form that zenoh gives its counters out: the text format of Prometheus. Takes some 40 microseconds.
    fn traffic(&self) -> HashMap<String, Traffic> {
        let mut text = String::with_capacity(32 * 1024);
        let mut all = HashMap::<String, Traffic>::new();
        if self.runtime.stats().encode_metrics(&mut text, true, false, false, false).is_err() {
            return all;
        }
        for line in text.lines() {
            let Some((name, rest)) = line.split_once('{') else { continue };
            let Some((labels, value)) = rest.rsplit_once("} ") else { continue };
            let shared = labels.contains("shm=\"true\"");
            let weight = match name {
                "zenoh_tx_per_transport_bytes_total" => 0,
                "zenoh_tx_network_message_payload_per_transport_bytes_sum" if !shared => 1,
                "zenoh_tx_network_message_payload_per_transport_bytes_count" => OVERHEAD,
                _ => continue,
            };
            let peer = labels.split(',').find_map(|label| label.strip_prefix("remote_zid=\"")?.strip_suffix('"'));
            let (Some(peer), Ok(value)) = (peer, value.trim().parse::<f64>()) else { continue };
            let traffic = all.entry(peer.to_owned()).or_default();
            match weight {
                0 => traffic.written += value as u64,
                weight => traffic.routed += value as u64 * weight,
            }
        }
        all
    }
}
