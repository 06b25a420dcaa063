// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Puts that could hold the event loop up: one thread for each priority of a session, there while it has work.
//!
//! A lane keeps the order of what goes through it, as zenoh does within a priority.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use zenoh::internal::runtime::Runtime;
use zenoh::qos::Priority;

use crate::drain::{Drain, Queues};
use crate::fault::{guard, Fault, Outcome};
use crate::losses::{Losses, PRIORITIES};
use crate::mailbox::Mailbox;
use crate::scratch::Scratch;

/// A lane takes no more when it holds this many bytes or puts; JavaScript then waits with the next put.
const LANE_BYTES: usize = 16 * 1024 * 1024;
const LANE_PUTS: usize = 1024;

/// A lane's thread ends after this long without work.
const IDLE: Duration = Duration::from_secs(1);

/// A put that takes longer may have waited for room in zenoh's queue: the shortest wait before a drop is 1 ms by default.
const SUSPECT: Duration = Duration::from_micros(500);

/// A put that takes longer held the event loop up, drop or not: this, and 2 ms for each MiB, which zenoh takes in about
/// 1 ms when nothing is congested. A busy machine alone stays below.
const SLOW: Duration = Duration::from_millis(10);
const PACE: f64 = 0.002 / (1024.0 * 1024.0);

pub struct Job {
    pub operation: u32,
    pub mailbox: Arc<Mailbox>,
    pub bytes: usize,
    /// zenoh waits for room, and gives the peer up after some seconds.
    pub blocks: bool,
    pub put: Box<dyn FnOnce() -> Outcome<()> + Send>,
}

impl Job {
    /// A job of no size that does not block; `mailbox` is told of its end.
    pub fn new(mailbox: &Arc<Mailbox>, put: impl FnOnce() -> Outcome<()> + Send + 'static) -> Self {
        let (operation, mailbox) = (mailbox.new_id(), mailbox.clone());
        Self { operation, mailbox, bytes: 0, blocks: false, put: Box::new(put) }
    }
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    bytes: usize,
    running: bool,
    closed: bool,
}

#[derive(Default)]
struct Lane {
    state: Mutex<State>,
    wake: Condvar,
    /// Puts queued or running.
    busy: AtomicUsize,
    /// zenoh was slow to take the last put, or dropped it: the next could wait too.
    congested: AtomicBool,
}

impl Lane {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many puts and replies went which way.
#[derive(Default)]
pub struct Sent {
    pub inline: AtomicU64,
    pub offloaded: AtomicU64,
}

/// The lanes of one session.
pub struct Lanes {
    lanes: [Lane; PRIORITIES],
    pub losses: Losses,
    pub drain: Drain,
    pub scratch: Arc<Scratch>,
    pub sent: Sent,
    /// Connections to other nodes: without any, no put can wait for one.
    pub transports: AtomicUsize,
}

impl Lanes {
    pub fn new(runtime: Runtime, queues: Queues) -> Arc<Self> {
        Arc::new(Self {
            lanes: Default::default(),
            losses: Losses::new(runtime.clone()),
            drain: Drain::new(runtime, queues),
            scratch: Arc::default(),
            sent: Sent::default(),
            transports: AtomicUsize::new(0),
        })
    }

    pub fn connected(&self) -> bool {
        self.transports.load(Ordering::Relaxed) > 0
    }

    /// See [`Drain::room`].
    pub fn room(&self, priority: Priority, bytes: usize, key: usize) -> bool {
        self.drain.room(priority, bytes, key, self.transports.load(Ordering::Relaxed))
    }

    /// Whether a put at `priority` must go by lane: others wait there, or zenoh's own queue was full lately.
    pub fn engaged(&self, priority: Priority) -> bool {
        let lane = &self.lanes[priority as usize];
        lane.busy.load(Ordering::Acquire) > 0 || lane.congested.load(Ordering::Acquire)
    }

    pub fn full(&self, priority: Priority) -> bool {
        let state = self.lanes[priority as usize].lock();
        !state.closed && (state.bytes >= LANE_BYTES || state.queue.len() >= LANE_PUTS)
    }

    /// Learns from a put of `bytes` that took `elapsed`: whether zenoh dropped it, as far as that can be known. A drop is
    /// never quick unless one before it was slow, so quick puts cost nothing.
    pub fn learn(&self, priority: Priority, bytes: usize, elapsed: Duration) -> bool {
        let lane = &self.lanes[priority as usize];
        if elapsed < SUSPECT && !lane.congested.load(Ordering::Acquire) {
            return false;
        }
        let dropped = self.losses.fresh(priority) > 0;
        let slow = elapsed >= SLOW + Duration::from_secs_f64(bytes as f64 * PACE);
        lane.congested.store(slow || dropped, Ordering::Release);
        dropped
    }

    /// Queues a job; its end is told by mail, under the number that this returns.
    pub fn offer(self: &Arc<Self>, priority: Priority, job: Job) -> Outcome<u32> {
        self.drain.disturb();
        let lane = &self.lanes[priority as usize];
        let mut state = lane.lock();
        if state.closed {
            return Err(Fault::closed("session"));
        }
        if !state.running {
            let lanes = self.clone();
            std::thread::Builder::new()
                .name("zenoh-seg-put".into())
                .spawn(move || lanes.work(priority))
                .map_err(|error| Fault::new("INTERNAL", format_args!("no thread for a put: {error}")))?;
            state.running = true;
        }
        lane.busy.fetch_add(1, Ordering::Release);
        let operation = job.operation;
        state.bytes += job.bytes;
        state.queue.push_back(job);
        drop(state);
        lane.wake.notify_one();
        self.sent.offloaded.fetch_add(1, Ordering::Relaxed);
        Ok(operation)
    }

    fn work(&self, priority: Priority) {
        let lane = &self.lanes[priority as usize];
        while let Some(job) = next(lane) {
            if lane.congested.load(Ordering::Acquire) {
                // What others lost meanwhile is not this put's.
                self.losses.fresh(priority);
            }
            let started = Instant::now();
            let outcome = guard(job.put);
            let dropped = self.learn(priority, job.bytes, started.elapsed());
            let outcome = match outcome {
                Ok(()) if dropped && job.blocks => Err(timed_out()),
                outcome => outcome.map(|()| dropped),
            };
            lane.lock().bytes -= job.bytes;
            lane.busy.fetch_sub(1, Ordering::Release);
            job.mailbox.post(|mail| mail.puts.push((job.operation, outcome)));
        }
    }

    /// Nothing more goes out: what waits fails.
    pub fn close(&self) {
        for lane in &self.lanes {
            let mut state = lane.lock();
            state.closed = true;
            let refused = std::mem::take(&mut state.queue);
            lane.busy.fetch_sub(refused.len(), Ordering::Release);
            state.bytes -= refused.iter().map(|job| job.bytes).sum::<usize>();
            drop(state);
            lane.wake.notify_all();
            for job in refused {
                job.mailbox.post(|mail| mail.puts.push((job.operation, Err(Fault::closed("session")))));
            }
        }
    }
}

/// The next job of a lane's thread; none when the thread is to end.
fn next(lane: &Lane) -> Option<Job> {
    let mut state = lane.lock();
    let deadline = Instant::now() + IDLE;
    loop {
        if let Some(job) = state.queue.pop_front() {
            return Some(job);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if state.closed || left.is_zero() {
            state.running = false;
            return None;
        }
        state = lane.wake.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
    }
}

pub fn timed_out() -> Fault {
    Fault::new("PUT_TIMEOUT", "a peer did not take the message in time: zenoh has given it up and closes the link to it; what is put until the link is gone fails at once, and what was put before may be lost with it")
}
