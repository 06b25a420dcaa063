// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What native threads have to tell one JavaScript environment, and the one coalesced wake-up that makes it look.

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crate::bridge::ffi::Wakeup;
use crate::fault::Outcome;
use crate::inbox::InboxHandle;
use crate::listener::{Backlog, ListenerHandle};
use crate::liveliness::TokenHandle;
use crate::publisher::PublisherHandle;
use crate::querier::QuerierHandle;
use crate::region_guard::RegionGuard;
use crate::session::SessionHandle;

/// What an operation off the JavaScript thread ended with.
pub enum Value {
    Nothing,
    Session(Box<SessionHandle>),
    Publisher(Box<PublisherHandle>),
    Inbox(Box<InboxHandle>),
    Querier(Box<QuerierHandle>),
    Token(Box<TokenHandle>),
    Listener(Box<ListenerHandle>),
    /// JSON: the answer to a question that is asked rarely.
    #[allow(dead_code)] // Until the first such question is asked.
    Text(String),
    /// Memory to show to JavaScript.
    Region(Box<RegionGuard>),
}

/// Something a listener is told.
pub struct Event {
    pub listener: u32,
    /// JSON.
    pub text: String,
    /// This listener's events that wait, this one included, and those lost because JavaScript did not keep up.
    pub backlog: Arc<Backlog>,
}

/// Everything that arrived since the last look.
#[derive(Default)]
pub struct Mail {
    pub completions: Vec<(u32, Outcome<Value>)>,
    /// Inboxes whose ring has something to read, or has ended.
    pub ready: Vec<u32>,
    /// Local puts that nothing native refers to any more.
    pub released: Vec<u32>,
    pub events: Vec<Event>,
    /// Puts that did not end in their call: whether zenoh dropped the message.
    pub puts: Vec<(u32, Outcome<bool>)>,
}

impl Mail {
    fn is_empty(&self) -> bool {
        let Self { completions, ready, released, events, puts } = self;
        completions.is_empty() && ready.is_empty() && released.is_empty() && events.is_empty() && puts.is_empty()
    }
}

struct State {
    mail: Mail,
    /// A wake-up is on its way.
    woken: bool,
    /// The environment still listens.
    open: bool,
    next_id: u32,
}

/// Any thread posts, the JavaScript thread of one environment takes.
pub struct Mailbox {
    state: Mutex<State>,
    wakeup: cxx::SharedPtr<Wakeup>,
    /// The JavaScript thread.
    thread: ThreadId,
    /// How many calls, one inside the other, the JavaScript thread is in that may wait for a lock of zenoh's.
    inside: AtomicUsize,
}

/// The JavaScript thread is in such a call until this is dropped.
pub struct Inside<'a>(&'a Mailbox);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::AcqRel);
    }
}

// SAFETY: Wakeup guards its thread-safe function with a mutex of its own (wakeup.h).
unsafe impl Send for Mailbox {}
unsafe impl Sync for Mailbox {}

impl Mailbox {
    /// On the JavaScript thread.
    pub fn new(wakeup: cxx::SharedPtr<Wakeup>) -> Arc<Self> {
        let state = State { mail: Mail::default(), woken: false, open: true, next_id: 0 };
        let (thread, inside) = (thread::current().id(), AtomicUsize::new(0));
        Arc::new(Self { state: Mutex::new(state), wakeup, thread, inside })
    }

    /// Whether this is the JavaScript thread: it must not wait for itself.
    pub fn on_its_thread(&self) -> bool {
        thread::current().id() == self.thread
    }

    /// The JavaScript thread goes where it may wait for a zenoh thread, which then must not wait for it.
    pub fn enter(&self) -> Inside<'_> {
        self.inside.fetch_add(1, Ordering::AcqRel);
        Inside(self)
    }

    /// Whether the JavaScript thread is in a call that may wait for a zenoh thread.
    pub fn is_inside(&self) -> bool {
        self.inside.load(Ordering::Acquire) > 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id for an operation, a subscriber or a local put; unique in the environment, never 0.
    pub fn new_id(&self) -> u32 {
        let mut state = self.lock();
        state.next_id = state.next_id.wrapping_add(1).max(1);
        state.next_id
    }

    /// Adds to the mail and wakes the environment unless a wake-up is on its way already.
    pub fn post(&self, add: impl FnOnce(&mut Mail)) {
        let mut state = self.lock();
        if !state.open {
            return;
        }
        add(&mut state.mail);
        if !mem::replace(&mut state.woken, true) {
            drop(state);
            if let Some(wakeup) = self.wakeup.as_ref() {
                wakeup.signal();
            }
        }
    }

    /// No wake-up comes until `rest`.
    pub fn take(&self) -> Mail {
        mem::take(&mut self.lock().mail)
    }

    /// The mail that was taken is done with: whether more has come. If none has, the next wakes the environment.
    ///
    /// Waking it meanwhile would starve the event loop: Node calls a thread-safe function again and again, before timers
    /// and sockets get their turn, as long as something has called it.
    pub fn rest(&self) -> bool {
        let mut state = self.lock();
        state.woken = !state.mail.is_empty();
        state.woken
    }

    /// The environment ends: what waits is dropped, what comes later is ignored.
    pub fn shut(&self) {
        let mail = {
            let mut state = self.lock();
            state.open = false;
            mem::take(&mut state.mail)
        };
        drop(mail);
    }
}
