// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What native threads have to tell one JavaScript environment, and the one coalesced wake-up that makes it look.

use std::mem;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bridge::ffi::Wakeup;
use crate::fault::Outcome;
use crate::inbox::InboxHandle;
use crate::listener::ListenerHandle;
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
    Text(String),
    /// Memory to show to JavaScript.
    Region(Box<RegionGuard>),
}

/// Something a listener is told.
pub struct Event {
    pub listener: u32,
    /// JSON.
    pub text: String,
    /// How many events before this one were lost because JavaScript did not keep up.
    pub lost: u64,
    /// How many of this listener's events wait, this one included.
    pub waiting: Arc<AtomicUsize>,
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
}

// SAFETY: Wakeup guards its thread-safe function with a mutex of its own (wakeup.h).
unsafe impl Send for Mailbox {}
unsafe impl Sync for Mailbox {}

impl Mailbox {
    pub fn new(wakeup: cxx::SharedPtr<Wakeup>) -> Arc<Self> {
        let state = State { mail: Mail::default(), woken: false, open: true, next_id: 0 };
        Arc::new(Self { state: Mutex::new(state), wakeup })
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

    pub fn take(&self) -> Mail {
        let mut state = self.lock();
        state.woken = false;
        mem::take(&mut state.mail)
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
