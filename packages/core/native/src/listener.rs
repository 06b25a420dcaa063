// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What zenoh tells besides payloads (matching, links, misses, ...): small JSON texts, in order, bounded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zenoh::Session;

use crate::env::Env;
use crate::fault::{contain, guard, Outcome};
use crate::mailbox::{Event, Mailbox, Value};
use crate::session::SessionHandle;

/// How many events of one listener wait for JavaScript. Later ones are lost, and counted with those that wait.
const WAITING: usize = 1024;

/// What waits and what was lost, under one lock: whatever is lost is lost while others wait, which then tell of it.
#[derive(Default)]
pub struct Backlog(Mutex<(usize, u64)>);

impl Backlog {
    fn lock(&self) -> MutexGuard<'_, (usize, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Room for one more; without it, the event is lost.
    fn enter(&self) -> bool {
        let mut state = self.lock();
        let room = state.0 < WAITING;
        match room {
            true => state.0 += 1,
            false => state.1 += 1,
        }
        room
    }

    /// An event leaves; returns how many were lost since another one left.
    pub fn leave(&self) -> u64 {
        let mut state = self.lock();
        state.0 -= 1;
        std::mem::take(&mut state.1)
    }
}

/// The zenoh side of a listener: any thread tells.
pub struct Teller {
    id: u32,
    mailbox: Arc<Mailbox>,
    backlog: Arc<Backlog>,
}

impl Teller {
    pub fn new(id: u32, mailbox: Arc<Mailbox>) -> Self {
        Self { id, mailbox, backlog: Arc::default() }
    }

    /// Posts `event`, a JSON value.
    pub fn tell(&self, event: &serde_json::Value) {
        contain(|| {
            if self.backlog.enter() {
                let event = Event { listener: self.id, text: event.to_string(), backlog: self.backlog.clone() };
                self.mailbox.post(|mail| mail.events.push(event));
            }
        });
    }
}

/// Ends what a listener stands for in zenoh.
pub type End = Box<dyn FnOnce() -> Outcome<()> + Send>;

pub struct ListenerHandle(Mutex<Option<End>>);

impl ListenerHandle {
    pub fn new(end: End) -> Box<Self> {
        Box::new(Self(Mutex::new(Some(end))))
    }

    /// Idempotent.
    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let end = self.take();
        env.start(move || end.map_or(Ok(()), |end| end()).map(|()| Value::Nothing))
    }

    fn take(&self) -> Option<End> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A handle that nobody undeclared goes with its garbage; what it stands for may take a moment to end, so not on that thread.
impl Drop for ListenerHandle {
    fn drop(&mut self) {
        if let Some(end) = self.take() {
            // Without a thread it is dropped right here.
            let _ = std::thread::Builder::new().spawn(move || contain(|| drop(end)));
        }
    }
}

/// Starts what tells; its events carry the id of the operation.
pub fn listen(env: &Env, declare: impl FnOnce(Teller) -> Outcome<End> + Send + 'static) -> Outcome<u32> {
    let mailbox = env.mailbox.clone();
    env.start_numbered(move |id| Ok(Value::Listener(ListenerHandle::new(declare(Teller::new(id, mailbox))?))))
}

impl SessionHandle {
    /// Declares a listener on the session.
    pub fn listen(
        &self,
        env: &Env,
        declare: impl FnOnce(&Session, Teller) -> Outcome<End> + Send + 'static,
    ) -> Outcome<u32> {
        guard(|| {
            let session = self.live()?.clone();
            listen(env, move |teller| declare(&session, teller))
        })
    }
}
