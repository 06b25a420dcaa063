// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The state of one JavaScript environment: the main thread's or a worker's.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::bridge::ffi::Wakeup;
use crate::fault::{guard, Fault, Outcome};
use crate::mailbox::{Mailbox, Value};
use crate::regions::Regions;
use crate::session::SessionCore;

/// How long the end of an environment waits for its sessions to close.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(3);

pub struct Env {
    pub mailbox: Arc<Mailbox>,
    pub regions: Regions,
    /// Open sessions, to be closed when the environment ends before they are.
    sessions: Arc<Mutex<Vec<Arc<SessionCore>>>>,
}

impl Env {
    pub fn new(wakeup: cxx::SharedPtr<Wakeup>) -> Box<Self> {
        Box::new(Self { mailbox: Mailbox::new(wakeup), regions: Regions::default(), sessions: Arc::default() })
    }

    /// Runs `work` on a thread of its own and posts what it ended with; returns the operation's id.
    pub fn start(&self, work: impl FnOnce() -> Outcome<Value> + Send + 'static) -> Outcome<u32> {
        self.start_numbered(move |_| work())
    }

    /// As `start`, for work that needs the operation's id.
    pub fn start_numbered(&self, work: impl FnOnce(u32) -> Outcome<Value> + Send + 'static) -> Outcome<u32> {
        self.start_and(work, || {})
    }

    /// As `start`, with something to do once the end has been posted.
    pub fn start_and(
        &self,
        work: impl FnOnce(u32) -> Outcome<Value> + Send + 'static,
        after: impl FnOnce() + Send + 'static,
    ) -> Outcome<u32> {
        let id = self.mailbox.new_id();
        let mailbox = self.mailbox.clone();
        std::thread::Builder::new()
            .name("zenoh-segments".into())
            .spawn(move || {
                let outcome = guard(|| work(id));
                mailbox.post(|mail| mail.completions.push((id, outcome)));
                after();
            })
            .map_err(|error| Fault::new("INTERNAL", format_args!("no thread for the operation: {error}")))?;
        Ok(id)
    }

    /// Tells of sessions opened on other threads.
    pub fn sessions(&self) -> Arc<Mutex<Vec<Arc<SessionCore>>>> {
        self.sessions.clone()
    }

    /// Ends everything of this environment, waiting up to [`SHUTDOWN_LIMIT`]. Afterwards no thread touches its memory.
    pub fn shut(&self) {
        self.mailbox.shut();
        crate::hand_over::expire(self);
        let sessions = std::mem::take(&mut *self.sessions.lock().unwrap_or_else(PoisonError::into_inner));
        if sessions.is_empty() {
            return;
        }
        let done = Arc::new((Mutex::new(false), Condvar::new()));
        let signal = done.clone();
        let closer = std::thread::Builder::new().spawn(move || {
            for session in sessions {
                let _ = guard(|| session.close());
            }
            *signal.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            signal.1.notify_all();
        });
        if closer.is_err() {
            return;
        }
        let deadline = Instant::now() + SHUTDOWN_LIMIT;
        let mut finished = done.0.lock().unwrap_or_else(PoisonError::into_inner);
        while !*finished {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            finished = done.1.wait_timeout(finished, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
