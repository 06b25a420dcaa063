// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What zenoh tells besides payloads (matching, links, misses, ...): small JSON texts, in order, bounded.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zenoh::Session;

use crate::env::Env;
use crate::fault::{contain, guard, Outcome};
use crate::mailbox::{Event, Mailbox, Value};
use crate::session::SessionHandle;

/// How many events of one listener wait for JavaScript. Later ones are lost, and counted in the next that gets through.
const WAITING: usize = 1024;

/// The zenoh side of a listener: any thread tells.
pub struct Teller {
    id: u32,
    mailbox: Arc<Mailbox>,
    waiting: Arc<AtomicUsize>,
    lost: AtomicU64,
}

impl Teller {
    pub fn new(id: u32, mailbox: Arc<Mailbox>) -> Self {
        Self { id, mailbox, waiting: Arc::default(), lost: AtomicU64::new(0) }
    }

    /// Posts `event`, a JSON value.
    pub fn tell(&self, event: &serde_json::Value) {
        contain(|| {
            if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                self.lost.fetch_add(1, Ordering::Relaxed);
                return;
            }
            let lost = self.lost.swap(0, Ordering::Relaxed);
            let event = Event { listener: self.id, text: event.to_string(), lost, waiting: self.waiting.clone() };
            self.mailbox.post(|mail| mail.events.push(event));
        });
    }
}

/// Ends what a listener stands for in zenoh.
pub type End = Box<dyn FnOnce() -> Outcome<()> + Send>;

pub struct ListenerHandle(Arc<Mutex<Option<End>>>);

impl ListenerHandle {
    pub fn new(end: End) -> Box<Self> {
        Box::new(Self(Arc::new(Mutex::new(Some(end)))))
    }

    /// Idempotent.
    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let end = self.0.clone();
        env.start(move || {
            let end = end.lock().unwrap_or_else(PoisonError::into_inner).take();
            end.map_or(Ok(()), |end| end()).map(|()| Value::Nothing)
        })
    }
}

impl SessionHandle {
    /// Declares a listener; its events carry the id of the operation.
    pub fn listen(
        &self,
        env: &Env,
        declare: impl FnOnce(&Session, Teller) -> Outcome<End> + Send + 'static,
    ) -> Outcome<u32> {
        guard(|| {
            let (session, mailbox) = (self.live()?.clone(), env.mailbox.clone());
            env.start_numbered(move |id| {
                let end = declare(&session, Teller::new(id, mailbox))?;
                Ok(Value::Listener(ListenerHandle::new(end)))
            })
        })
    }
}
