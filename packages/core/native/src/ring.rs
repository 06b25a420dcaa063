// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A bounded queue between zenoh's threads and the JavaScript thread, with a stated policy and exact counters.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::outgoing::ParkedPut;

/// How often a thread that waits for room looks whether it still may.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// A local put whose item waits for room; dropping it tells the putter.
type Waiting = Arc<ParkedPut>;

/// Whether a thread that finds a `Block` ring full may wait for the reader.
#[derive(Clone, Copy)]
pub enum Wait<'a> {
    /// It is the reader's own thread. The item waits with what this gives, above the bound, if its putter can wait.
    Never(&'a dyn Fn() -> Option<Waiting>),
    Yes,
    /// Only while the reader does not wait for this thread; then the item goes in over the bounds, as nothing may be lost.
    Unless(&'a dyn Fn() -> bool),
}

/// What happens to a sample that finds the ring full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// The zenoh thread waits: back-pressure up to the publisher.
    Block,
    DropOldest,
    DropNewest,
    /// The ring fails: what is queued is still delivered, everything later is dropped.
    Error,
}

#[derive(Clone, Copy)]
pub struct Bounds {
    pub count: usize,
    pub bytes: usize,
    pub policy: Policy,
}

#[derive(Clone, Copy, Default)]
pub struct Counters {
    pub received: u64,
    pub delivered: u64,
    pub dropped_oldest: u64,
    pub dropped_newest: u64,
    /// Local deliveries of a synchronous put to a full `Block` ring: waiting would stop the very thread that empties it.
    pub dropped_deadlock: u64,
    /// Queued or arriving after the subscriber was undeclared.
    pub dropped_closed: u64,
    /// Items of local puts that wait for room, above the bound.
    pub waiting: usize,
    pub depth: usize,
    pub bytes: usize,
    pub high_water: usize,
}

struct State<T> {
    queue: VecDeque<(T, usize)>,
    parked: VecDeque<(T, usize, Waiting)>,
    counters: Counters,
    closed: bool,
    failed: bool,
    /// Nothing more will be pushed.
    finished: bool,
    /// The reader has been told of what is queued and has not found the ring empty since.
    told: bool,
}

pub struct Ring<T> {
    state: Mutex<State<T>>,
    room: Condvar,
    bounds: Bounds,
}

impl<T> Ring<T> {
    pub fn new(bounds: Bounds) -> Self {
        let state = State {
            queue: VecDeque::new(),
            parked: VecDeque::new(),
            counters: Counters::default(),
            closed: false,
            failed: false,
            finished: false,
            told: false,
        };
        Self { state: Mutex::new(state), room: Condvar::new(), bounds }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One item larger than the byte bound still fits alone: a bound must not make a subscriber deaf.
    fn full(&self, state: &State<T>, bytes: usize) -> bool {
        let counters = &state.counters;
        counters.waiting > 0 || self.no_room(counters, bytes)
    }

    fn no_room(&self, counters: &Counters, bytes: usize) -> bool {
        counters.depth >= self.bounds.count || (counters.depth > 0 && counters.bytes + bytes > self.bounds.bytes)
    }

    /// Queues an item of `bytes`; true when the reader must be told.
    pub fn push(&self, item: T, bytes: usize, wait: Wait) -> bool {
        // Dropped after the lock is released: dropping a payload runs zenoh's code.
        let mut evicted = Vec::new();
        let mut state = self.lock();
        state.counters.received += 1;
        while !state.closed && !state.failed && self.full(&state, bytes) {
            match self.bounds.policy {
                Policy::Block => match wait {
                    Wait::Yes => state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner),
                    Wait::Unless(reader_waits) if reader_waits() => break,
                    Wait::Unless(_) => {
                        let timed = self.room.wait_timeout(state, LOOK_AGAIN);
                        state = timed.unwrap_or_else(PoisonError::into_inner).0;
                    }
                    Wait::Never(park) => {
                        match park() {
                            Some(waiting) => {
                                state.counters.waiting += 1;
                                state.parked.push_back((item, bytes, waiting));
                            }
                            None => state.counters.dropped_deadlock += 1,
                        }
                        return false;
                    }
                },
                Policy::DropNewest => {
                    state.counters.dropped_newest += 1;
                    return false;
                }
                Policy::DropOldest => {
                    let Some(oldest) = pop(&mut state) else { break };
                    evicted.push(oldest);
                    state.counters.dropped_oldest += 1;
                }
                Policy::Error => state.failed = true,
            }
        }
        if state.closed {
            state.counters.dropped_closed += 1;
            return false;
        }
        if state.failed {
            state.counters.dropped_newest += 1;
            return !std::mem::replace(&mut state.told, true);
        }
        queue(&mut state, item, bytes);
        !std::mem::replace(&mut state.told, true)
    }

    /// Takes up to `count` items, or so many that they pin `bytes`, and the item that passes it. The flag tells whether more
    /// are queued; when none is, the next push tells the reader again.
    pub fn take(&self, count: usize, bytes: usize, pins: impl Fn(&T) -> usize) -> (Vec<T>, bool) {
        let mut taken = Vec::new();
        // Told after the lock is released.
        let mut admitted = Vec::new();
        let mut state = self.lock();
        let mut sum = 0;
        while taken.len() < count && sum < bytes {
            let Some((item, _)) = state.queue.front() else { break };
            sum += pins(item);
            taken.extend(pop(&mut state));
        }
        state.counters.delivered += taken.len() as u64;
        while state.parked.front().is_some_and(|(_, bytes, _)| !self.no_room(&state.counters, *bytes)) {
            let Some((item, bytes, waiting)) = state.parked.pop_front() else { break };
            state.counters.waiting -= 1;
            queue(&mut state, item, bytes);
            admitted.push(waiting);
        }
        let more = !state.queue.is_empty();
        state.told = more;
        drop(state);
        self.room.notify_all();
        (taken, more)
    }

    /// Nothing is queued any more, and nobody waits for room.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let dropped = std::mem::take(&mut state.queue);
        let parked = std::mem::take(&mut state.parked);
        state.counters.dropped_closed += (dropped.len() + parked.len()) as u64;
        state.counters.waiting = 0;
        state.counters.depth = 0;
        state.counters.bytes = 0;
        drop(state);
        self.room.notify_all();
        drop((dropped, parked));
    }

    pub fn counters(&self) -> Counters {
        self.lock().counters
    }

    /// Says that nothing more will be pushed. The reader is told, also when it knows of something queued.
    pub fn finish(&self) -> bool {
        let mut state = self.lock();
        state.finished = true;
        state.told = true;
        true
    }

    /// How the ring ended: by the `Error` policy, and because nothing more will be pushed.
    pub fn ends(&self) -> (bool, bool) {
        let state = self.lock();
        (state.failed, state.finished)
    }
}

fn queue<T>(state: &mut State<T>, item: T, bytes: usize) {
    state.queue.push_back((item, bytes));
    state.counters.bytes += bytes;
    state.counters.depth += 1;
    state.counters.high_water = state.counters.high_water.max(state.counters.depth);
}

fn pop<T>(state: &mut State<T>) -> Option<T> {
    let (item, bytes) = state.queue.pop_front()?;
    state.counters.depth -= 1;
    state.counters.bytes -= bytes;
    Some(item)
}
