// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What waits to be sent to one client, bounded in bytes. zenoh's threads put in, the client's sender takes out.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::counters::Counters;
use super::frame::{Frame, Writer, OVERHEAD};

/// Pongs that wait at the most: only the last ping needs its answer.
const URGENT: usize = 16;

/// Taken at once, for one call of the system.
const BATCH: usize = 64;
const BATCH_BYTES: usize = 256 * 1024;

/// Why a connection ends, as a close frame tells it.
pub struct End {
    pub code: u16,
    pub reason: Cow<'static, str>,
}

impl End {
    pub fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code, reason: reason.into() }
    }
}

#[derive(Default)]
struct Queue {
    /// Pongs and the like, which overtake messages.
    urgent: VecDeque<Frame>,
    frames: VecDeque<Frame>,
    /// The close frame, sent last.
    last: Option<Frame>,
    /// Of `frames`, of those being gathered, and of those being sent.
    bytes: usize,
    /// Nothing more goes in.
    ending: bool,
    /// The connection is no good any more: the client was too slow, or nothing can be sent.
    over: bool,
}

pub struct Backlog {
    queue: Mutex<Queue>,
    limit: usize,
    counters: Arc<Counters>,
    filled: Notify,
    over: Notify,
}

impl Backlog {
    pub fn new(limit: usize, counters: Arc<Counters>) -> Self {
        Self { queue: Mutex::default(), limit, counters, filled: Notify::new(), over: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a sample of about `size` bytes, or drops it when there is no room. One larger sample still fits alone.
    pub fn offer(&self, size: usize, write: impl FnOnce(&mut Writer)) {
        let reserved = size + OVERHEAD;
        {
            let mut queue = self.lock();
            if queue.ending {
                return;
            }
            if queue.bytes > 0 && queue.bytes + reserved > self.limit {
                drop(queue);
                self.counters.dropped.add(1);
                return;
            }
            queue.bytes += reserved;
            self.counters.highest_queued.raise(queue.bytes);
        }
        // Not under the lock: zenoh has several threads, and the sender must not wait for a long copy.
        let frame = self.gather(size, write);
        let mut queue = self.lock();
        queue.bytes = queue.bytes - reserved + frame.cost;
        self.insert(queue, frame);
    }

    /// Queues what must not be lost: a client that lets twice the bound pile up is given up.
    pub fn push(&self, size: usize, write: impl FnOnce(&mut Writer)) {
        if self.lock().ending {
            return;
        }
        let frame = self.gather(size, write);
        let mut queue = self.lock();
        if queue.ending {
            return;
        }
        queue.bytes += frame.cost;
        self.counters.highest_queued.raise(queue.bytes);
        if queue.bytes > self.limit.saturating_mul(2) && !queue.frames.is_empty() {
            queue.over = true;
            self.counters.slow.add(1);
            self.end_with(queue, End::new(1013, "slow consumer: too much waits for this client"), true);
            self.over.notify_one();
            return;
        }
        self.insert(queue, frame);
    }

    fn gather(&self, size: usize, write: impl FnOnce(&mut Writer)) -> Frame {
        let mut writer = Writer::new(size);
        write(&mut writer);
        self.counters.gathered.add(writer.gathered);
        writer.finish()
    }

    fn insert(&self, mut queue: MutexGuard<'_, Queue>, frame: Frame) {
        if queue.ending {
            return;
        }
        queue.frames.push_back(frame);
        drop(queue);
        self.filled.notify_one();
    }

    pub fn urgent(&self, frame: Frame) {
        let mut queue = self.lock();
        if queue.ending {
            return;
        }
        if queue.urgent.len() == URGENT {
            queue.urgent.pop_front();
        }
        queue.urgent.push_back(frame);
        drop(queue);
        self.filled.notify_one();
    }

    /// Ends the connection once what is queued has been sent; with `at_once`, it is dropped instead.
    pub fn end(&self, end: Option<End>, at_once: bool) {
        let mut queue = self.lock();
        if queue.ending {
            return;
        }
        match end {
            Some(end) => self.end_with(queue, end, at_once),
            None => {
                queue.ending = true;
                drop_frames(&mut queue, at_once);
                drop(queue);
                self.filled.notify_one();
            }
        }
    }

    fn end_with(&self, mut queue: MutexGuard<'_, Queue>, end: End, at_once: bool) {
        queue.ending = true;
        queue.last = Some(Frame::close(end.code, &end.reason));
        drop_frames(&mut queue, at_once);
        drop(queue);
        self.filled.notify_one();
    }

    /// Nothing can be sent any more.
    pub fn abandon(&self) {
        let mut queue = self.lock();
        queue.over = true;
        queue.ending = true;
        drop_frames(&mut queue, true);
        drop(queue);
        self.over.notify_one();
    }

    /// Returns when the client has been given up.
    pub async fn over(&self) {
        while !self.lock().over {
            self.over.notified().await;
        }
    }

    /// What to send next; empty at the end.
    pub async fn next(&self) -> Vec<Frame> {
        loop {
            {
                let mut queue = self.lock();
                let batch = take(&mut queue);
                if !batch.is_empty() || queue.ending {
                    return batch;
                }
            }
            self.filled.notified().await;
        }
    }

    /// Frames of this cost are with the system.
    pub fn sent(&self, cost: usize) {
        let mut queue = self.lock();
        queue.bytes = queue.bytes.saturating_sub(cost);
    }

    pub fn queued(&self) -> usize {
        self.lock().bytes
    }
}

fn take(queue: &mut Queue) -> Vec<Frame> {
    let mut batch: Vec<Frame> = queue.urgent.drain(..).collect();
    if !batch.is_empty() {
        return batch;
    }
    let mut bytes = 0;
    while batch.len() < BATCH && bytes < BATCH_BYTES {
        let Some(frame) = queue.frames.pop_front() else { break };
        bytes += frame.cost;
        batch.push(frame);
    }
    if batch.is_empty() {
        batch.extend(queue.last.take());
    }
    batch
}

fn drop_frames(queue: &mut Queue, all: bool) {
    if all {
        let bytes: usize = queue.frames.drain(..).map(|frame| frame.cost).sum();
        queue.bytes = queue.bytes.saturating_sub(bytes);
    }
}
