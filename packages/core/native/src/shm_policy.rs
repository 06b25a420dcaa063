// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What an allocation does when the pool is full, and the line of those who wait for room.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use zenoh::shm::{
    AllocPolicy, ChunkAllocResult, ConstBool, Deallocate, Defragment, GarbageCollect, JustAlloc, MemoryLayout,
    ShmProvider, ShmProviderBackend, ZAllocError,
};

use crate::fault::{Fault, Outcome};
use crate::shm_backend::CountingBackend;

type Provider = ShmProvider<CountingBackend>;

#[derive(Clone, Copy)]
pub enum Policy {
    JustAlloc,
    GarbageCollect,
    Defragment,
    /// Takes up to so many chunks from whoever uses them.
    Deallocate(usize),
}

impl Policy {
    /// As `shm-provider.ts` numbers them.
    pub fn new(kind: u8, limit: usize) -> Outcome<Self> {
        match kind {
            0 => Ok(Policy::JustAlloc),
            1 => Ok(Policy::GarbageCollect),
            2 => Ok(Policy::Defragment),
            3 => Ok(Policy::Deallocate(limit)),
            _ => Err(Fault::new("INVALID_ARGUMENT", format_args!("{kind} is not an allocation policy"))),
        }
    }
}

/// As zenoh's, but tries again whatever was collected: neighbours that were freed one by one make room together.
struct Collect;

impl<B: ShmProviderBackend> AllocPolicy<B> for Collect {
    fn alloc(&self, layout: &MemoryLayout, provider: &ShmProvider<B>) -> ChunkAllocResult {
        JustAlloc.alloc(layout, provider).or_else(|_| {
            provider.garbage_collect();
            JustAlloc.alloc(layout, provider)
        })
    }
}

impl<B: ShmProviderBackend> AllocPolicy<B> for Policy {
    fn alloc(&self, layout: &MemoryLayout, provider: &ShmProvider<B>) -> ChunkAllocResult {
        match self {
            Policy::JustAlloc => JustAlloc.alloc(layout, provider),
            Policy::GarbageCollect => Collect.alloc(layout, provider),
            Policy::Defragment => Defragment::new(Collect, JustAlloc).alloc(layout, provider),
            Policy::Deallocate(limit) => {
                let collect = || GarbageCollect::new(JustAlloc, JustAlloc, ConstBool::<true>);
                Collect
                    .alloc(layout, provider)
                    .or_else(|_| Deallocate::new(*limit, collect(), collect()).alloc(layout, provider))
            }
        }
    }
}

/// How often the first in line looks: zenoh does not tell when another process lets go of a chunk.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Those who wait for room in one pool: first come, first served, so that a large request is not starved by small ones.
#[derive(Default)]
pub struct Line {
    tickets: Mutex<VecDeque<u32>>,
    moved: Condvar,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ending {
    Cancelled,
    Late,
}

impl Line {
    fn tickets(&self) -> MutexGuard<'_, VecDeque<u32>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn join(&self, ticket: u32) {
        self.tickets().push_back(ticket);
    }

    /// Ends a wait: by its own end, or by a cancellation.
    pub fn leave(&self, ticket: u32) {
        self.tickets().retain(|other| *other != ticket);
        self.moved.notify_all();
    }

    /// Nobody waits any more: the pool's owner is gone.
    pub fn dissolve(&self) {
        self.tickets().clear();
        self.moved.notify_all();
    }

    pub fn len(&self) -> usize {
        self.tickets().len()
    }

    /// Waits until `ticket` is the first in line; with `pause` for a moment even then.
    fn turn(&self, ticket: u32, deadline: Option<Instant>, mut pause: bool) -> Result<(), Ending> {
        let mut tickets = self.tickets();
        loop {
            if !tickets.contains(&ticket) {
                return Err(Ending::Cancelled);
            }
            let left = deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Err(Ending::Late);
            }
            let first = tickets.front() == Some(&ticket);
            if first && !pause {
                return Ok(());
            }
            let wait = if first { LOOK_AGAIN } else { Duration::from_secs(1) };
            tickets = self.moved.wait_timeout(tickets, wait.min(left)).unwrap_or_else(PoisonError::into_inner).0;
            // A wake-up by somebody's cancellation only makes the next look come early.
            pause = pause && !first;
        }
    }
}

/// zenoh's `BlockOn` with an end: blocks its thread, never JavaScript's, until there is room.
pub struct WaitFor<'a> {
    pub line: &'a Line,
    pub ticket: u32,
    pub policy: Policy,
    pub deadline: Option<Instant>,
    /// Why it gave up, if it did.
    pub ending: &'a Cell<Option<Ending>>,
}

impl AllocPolicy<CountingBackend> for WaitFor<'_> {
    fn alloc(&self, layout: &MemoryLayout, provider: &Provider) -> ChunkAllocResult {
        let mut pause = false;
        loop {
            if let Err(ending) = self.line.turn(self.ticket, self.deadline, pause) {
                self.ending.set(Some(ending));
                return Err(ZAllocError::OutOfMemory);
            }
            match self.policy.alloc(layout, provider) {
                Err(ZAllocError::NeedDefragment | ZAllocError::OutOfMemory) => pause = true,
                other => return other,
            }
        }
    }
}
