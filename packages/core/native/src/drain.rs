// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Whether zenoh's queues towards its peers have room for a put that blocks, so that it may run on the event loop's thread.
//!
//! zenoh has no such question. Its statistics count, for each transport, the bytes that were routed to it and the bytes that
//! were written to its links. Neither says what a message adds to its payload on the wire, so a queue is judged twice: empty
//! when everything routed, at the least, has been written; and no fuller than everything routed, at the most, less what has been
//! written, both since it was last seen empty.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use zenoh::internal::runtime::Runtime;
use zenoh::qos::Priority;
use zenoh::Config;

use crate::losses::{NAMES, PRIORITIES};
use crate::statistics::{self, Transports};

/// zenoh's queues towards one peer, by its configuration.
pub struct Queues {
    /// How many batches of each priority may wait for a link.
    lengths: [usize; PRIORITIES],
    /// Bytes of a batch, where a link takes so many.
    batch: usize,
}

impl Queues {
    pub fn of(config: &Config) -> Self {
        let number = |key: &str| {
            let text = config.get_json(&format!("transport/link/tx/{key}"));
            text.ok().and_then(|text| text.parse().ok()).unwrap_or_default()
        };
        let lengths = NAMES.map(|name| number(&format!("queue/size/{}", name.replace('-', "_"))));
        Self { lengths, batch: number("batch_size") }
    }
}

/// What a queue takes without waiting.
struct Room {
    /// Of one message, which may be cut over all batches, when the queue is empty.
    alone: usize,
    /// Of any messages: of two neighbouring batches one may be nearly empty, when a message did not fit into the other, and two more
    /// are begun or being written.
    together: usize,
}

/// What a message adds to its payload on the wire, at the least and, but for its key expression, at the most. What is in shared memory
/// travels as a descriptor, of which no more than this is sure.
const LEAST: u64 = 5;
const MOST: u64 = 512;
/// What one adds in general.
const HEADROOM: usize = 32;
/// What a batch has besides messages, at the most.
const FRAME: usize = 64;

/// How long the event loop waits for room; how long at once when this much is missing, which no link takes sooner.
const PATIENCE: Duration = Duration::from_millis(1);
const NAP: Duration = Duration::from_micros(50);
const NAP_BYTES: usize = 128 * 1024;

#[derive(Clone, Copy, Default)]
struct Traffic {
    payload: u64,
    messages: u64,
    written: u64,
}

type Traffics = HashMap<String, Traffic>;

#[derive(Default)]
struct State {
    /// By peer, when its queue was last known to be empty: it was seen so, or its transport had just been opened.
    base: Traffics,
    /// Everything since then was judged here, so that the queue is known not to be fuller than some measure.
    judged: bool,
    /// Bytes of key expressions since then, which the statistics do not count.
    keys: u64,
    /// Bytes that may still be put before looking again, at one priority: another has a queue of another length.
    credit: usize,
    priority: usize,
}

pub struct Drain {
    runtime: Runtime,
    queues: Queues,
    /// How many links there are by the bytes they take at once.
    links: Mutex<BTreeMap<u16, usize>>,
    state: Mutex<State>,
}

impl Drain {
    pub fn new(runtime: Runtime, queues: Queues) -> Self {
        Self { runtime, queues, links: Mutex::default(), state: Mutex::default() }
    }

    /// Whether a message with `bytes` of payload and so many of a key expression finds room towards all `peers`. If so, it is
    /// counted.
    pub fn room(&self, priority: Priority, bytes: usize, key: usize, peers: usize) -> bool {
        let cost = bytes + key + HEADROOM;
        let mut state = self.lock();
        if state.credit < cost || state.priority != priority as usize {
            let room = self.empty_queue(priority);
            if cost > room.alone {
                return false;
            }
            match self.look(&mut state, &room, cost, peers) {
                Some(credit) => (state.credit, state.priority) = (credit, priority as usize),
                None => return false,
            }
        }
        state.credit = state.credit.saturating_sub(cost);
        state.keys += key as u64;
        true
    }

    fn empty_queue(&self, priority: Priority) -> Room {
        let smallest = self.links.lock().unwrap_or_else(PoisonError::into_inner).keys().next().copied();
        let batch = self.queues.batch.min(smallest.map_or(0, usize::from)).saturating_sub(FRAME);
        let length = self.queues.lengths[priority as usize];
        Room { alone: length * batch, together: length.saturating_sub(2) * batch / 2 }
    }

    /// A link that takes so many bytes at once was added, or has gone.
    pub fn link(&self, bytes: u16, added: bool) {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let count = links.entry(bytes).or_default();
        *count = if added { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            links.remove(&bytes);
        }
    }

    /// Something goes out beside all this: nothing is known again before a queue is seen empty.
    pub fn disturb(&self) {
        let mut state = self.lock();
        state.judged = false;
        state.credit = 0;
    }

    /// A transport was opened. What an earlier one to the same peer lost is in the statistics for ever, as routed and never written.
    pub fn opened(&self, peer: String) {
        let mut state = self.lock();
        if let Some(now) = self.traffic().remove(&peer) {
            state.base.insert(peer, now);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `cost` fits, and half of a queue, so as to look seldom. What fits then.
    fn look(&self, state: &mut State, room: &Room, cost: usize, peers: usize) -> Option<usize> {
        let deadline = Instant::now() + PATIENCE;
        let wanted = if cost > room.together { usize::MAX } else { cost.max(room.together / 2) };
        loop {
            let now = self.traffic();
            // A transport that took the place of another one to the same peer may be missing, as if it were the one that is gone.
            let credit = match fullest(&now, &state.base) {
                _ if now.len() < peers => return None,
                Fullness::Empty => {
                    *state = State { base: now, judged: true, ..State::default() };
                    return Some(cost.max(room.together));
                }
                Fullness::AtMost(bytes) if state.judged => room.together.saturating_sub((bytes + state.keys) as usize),
                Fullness::AtMost(_) => 0,
            };
            if credit >= wanted {
                return Some(credit);
            }
            if Instant::now() >= deadline {
                return None;
            }
            match room.together.saturating_sub(credit) > NAP_BYTES {
                true => std::thread::sleep(NAP),
                false => std::thread::yield_now(),
            }
        }
    }

    fn traffic(&self) -> Traffics {
        let mut all = Traffics::new();
        statistics::read(&self.runtime, Transports::Each, |counter| {
            let count: fn(&mut Traffic) -> &mut u64 = match counter.name {
                "zenoh_tx_per_transport_bytes_total" => |traffic| &mut traffic.written,
                "zenoh_tx_network_message_payload_per_transport_bytes_sum" if counter.label("shm") != Some("true") => {
                    |traffic| &mut traffic.payload
                }
                "zenoh_tx_network_message_payload_per_transport_bytes_count" => |traffic| &mut traffic.messages,
                _ => return,
            };
            let (Some(peer), Some(value)) = (counter.label("remote_zid"), counter.value()) else { return };
            *count(all.entry(peer.to_owned()).or_default()) += value;
        });
        all
    }
}

enum Fullness {
    Empty,
    AtMost(u64),
}

/// Of the queues towards all peers, the fullest, as it was filled since `base`.
fn fullest(now: &Traffics, base: &Traffics) -> Fullness {
    let mut empty = true;
    let mut most = 0;
    for (peer, now) in now {
        // A link that broke and was made again counts from 0.
        let same = |then: &&Traffic| {
            then.written <= now.written && then.payload <= now.payload && then.messages <= now.messages
        };
        let then = base.get(peer).filter(same).copied().unwrap_or_default();
        let (payload, messages) = (now.payload - then.payload, now.messages - then.messages);
        let written = now.written - then.written;
        empty &= written >= payload + messages * LEAST;
        most = most.max((payload + messages * MOST).saturating_sub(written));
    }
    if empty {
        Fullness::Empty
    } else {
        Fullness::AtMost(most)
    }
}
