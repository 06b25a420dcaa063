// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The mail of one environment in the form that C++ reads.

use std::sync::atomic::Ordering;

use crate::bridge::ffi::{Completion, NativeCounters, PutEnd, Told, Wakeup};
use crate::env::Env;
use crate::fault::{contain, Fault, Outcome};
use crate::inbox::InboxHandle;
use crate::listener::ListenerHandle;
use crate::liveliness::TokenHandle;
use crate::mailbox::{Event, Value};
use crate::memory::{HELD_BYTES, LIVE_BORROWED};
use crate::publisher::PublisherHandle;
use crate::querier::QuerierHandle;
use crate::region_guard::RegionGuard;
use crate::session::SessionHandle;

/// The kind of a completion that is an error; the others are numbered in `poll`.
const FAILED: u8 = 255;

pub struct Poll {
    completions: Vec<Completion>,
    values: Vec<Value>,
    ready: Vec<u32>,
    released: Vec<u32>,
    events: Vec<Told>,
    puts: Vec<PutEnd>,
}

pub fn env_new(wakeup: cxx::SharedPtr<Wakeup>) -> Box<Env> {
    Env::new(wakeup)
}

pub fn env_shut(env: &Env) {
    contain(|| env.shut());
}

pub fn native_counters(env: &Env) -> NativeCounters {
    NativeCounters {
        live_borrowed: LIVE_BORROWED.load(Ordering::Relaxed),
        regions: env.regions.len(),
        handed_over: crate::hand_over::waiting(),
        held: HELD_BYTES.load(Ordering::Relaxed),
    }
}

pub fn poll(env: &Env) -> Box<Poll> {
    let mail = env.mailbox.take();
    let told = |event: Event| Told { listener: event.listener, text: event.text, lost: event.backlog.leave() };
    let mut poll = Poll {
        completions: Vec::new(),
        values: Vec::new(),
        ready: mail.ready,
        released: mail.released,
        events: mail.events.into_iter().map(told).collect(),
        puts: mail.puts.into_iter().map(put_end).collect(),
    };
    for (operation, outcome) in mail.completions {
        let (value, fault) = match outcome {
            Ok(value) => (value, None),
            Err(fault) => (Value::Nothing, Some(fault)),
        };
        let kind = match (&fault, &value) {
            (Some(_), _) => FAILED,
            (None, Value::Nothing) => 0,
            (None, Value::Session(_)) => 1,
            (None, Value::Publisher(_)) => 2,
            (None, Value::Inbox(_)) => 3,
            (None, Value::Querier(_)) => 4,
            (None, Value::Token(_)) => 5,
            (None, Value::Listener(_)) => 6,
            (None, Value::Text(_)) => 7,
            (None, Value::Region(_)) => 16,
        };
        poll.completions.push(Completion { operation, kind, fault: fault.map_or(String::new(), |f| f.to_string()) });
        poll.values.push(value);
    }
    Box::new(poll)
}

pub fn rest(env: &Env) -> bool {
    env.mailbox.rest()
}

fn put_end((operation, outcome): (u32, Outcome<bool>)) -> PutEnd {
    match outcome {
        Ok(dropped) => PutEnd { operation, dropped, fault: String::new() },
        Err(fault) => PutEnd { operation, dropped: false, fault: fault.to_string() },
    }
}

fn missing() -> Fault {
    Fault::new("INTERNAL", "a completion does not hold what its kind says")
}

/// What C++ takes of a completion, once it knows its kind.
macro_rules! claims {
    ($($name:ident: $kind:ident -> $type:ty,)*) => {$(
        pub fn $name(&mut self, index: usize) -> Outcome<$type> {
            match self.claim(index) {
                Value::$kind(value) => Ok(value),
                _ => Err(missing()),
            }
        }
    )*};
}

impl Poll {
    pub fn completions(&self) -> &Vec<Completion> {
        &self.completions
    }

    pub fn ready(&self) -> &[u32] {
        &self.ready
    }

    pub fn released(&self) -> &[u32] {
        &self.released
    }

    pub fn events(&self) -> &Vec<Told> {
        &self.events
    }

    pub fn puts(&self) -> &Vec<PutEnd> {
        &self.puts
    }

    fn claim(&mut self, index: usize) -> Value {
        self.values.get_mut(index).map_or(Value::Nothing, |value| std::mem::replace(value, Value::Nothing))
    }

    claims! {
        session: Session -> Box<SessionHandle>,
        publisher: Publisher -> Box<PublisherHandle>,
        inbox: Inbox -> Box<InboxHandle>,
        querier: Querier -> Box<QuerierHandle>,
        token: Token -> Box<TokenHandle>,
        listener: Listener -> Box<ListenerHandle>,
        region: Region -> Box<RegionGuard>,
        text: Text -> String,
    }
}
