// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The receiving end of anything that zenoh calls back: its threads fill a ring, the JavaScript thread empties it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zenoh::bytes::ZBytes;
use zenoh::cancellation::CancellationToken;
use zenoh::pubsub::Subscriber;
use zenoh::query::{Query, Queryable, Reply};
use zenoh::sample::{Sample, SourceInfo};
use zenoh::session::EntityGlobalId;
use zenoh::timestamp_stack::TimestampStack;
use zenoh::Wait;
use zenoh_ext::AdvancedSubscriber;

use crate::bridge::ffi::QueueOptions;
use crate::env::Env;
use crate::fault::{contain, Fault, Outcome};
use crate::lanes::Lanes;
use crate::mailbox::{Mailbox, Value};
use crate::outgoing::{local_put, park, LocalPut};
use crate::ring::{self, Bounds, Policy, Ring};
use crate::source::id_text;
use crate::watched::Ends;

/// What a queued arrival costs besides its bytes, so that empty ones are bounded too.
const OVERHEAD: usize = 256;

pub enum Arrival {
    Sample(Sample),
    Reply(Reply),
    Query(Query),
}

impl Arrival {
    pub fn payload(&self) -> Option<&ZBytes> {
        match self {
            Arrival::Sample(sample) => Some(sample.payload()),
            Arrival::Reply(reply) => Some(match reply.result() {
                Ok(sample) => sample.payload(),
                Err(error) => error.payload(),
            }),
            Arrival::Query(query) => query.payload(),
        }
    }

    pub fn attachment(&self) -> Option<&ZBytes> {
        match self {
            Arrival::Sample(sample) => sample.attachment(),
            Arrival::Reply(reply) => reply.result().ok().and_then(Sample::attachment),
            Arrival::Query(query) => query.attachment(),
        }
    }

    /// Whether the bytes begin a slice at `address`.
    fn reaches(&self, address: usize) -> bool {
        let mut all = [self.payload(), self.attachment()].into_iter().flatten();
        all.any(|bytes| bytes.slices().any(|slice| slice.as_ptr() as usize == address))
    }

    pub fn source(&self) -> Option<&SourceInfo> {
        match self {
            Arrival::Sample(sample) => sample.source_info(),
            Arrival::Reply(reply) => reply.result().ok().and_then(Sample::source_info),
            Arrival::Query(query) => query.source_info(),
        }
    }

    pub fn timestamp_stack(&self) -> Option<&TimestampStack> {
        match self {
            Arrival::Sample(sample) => sample.timestamp_stack(),
            Arrival::Reply(reply) => reply.result().ok().and_then(Sample::timestamp_stack),
            Arrival::Query(query) => query.timestamp_stack(),
        }
    }

    pub fn replier(&self) -> Option<EntityGlobalId> {
        match self {
            Arrival::Reply(reply) => reply.replier_id(),
            Arrival::Sample(_) | Arrival::Query(_) => None,
        }
    }

    /// Lets go of the bytes; whether there were any stays visible.
    fn strip(&mut self) {
        let (payload, attachment): (Option<&mut ZBytes>, Option<&mut ZBytes>) = match self {
            Arrival::Sample(sample) => {
                *sample.payload_mut() = ZBytes::new();
                (None, sample.attachment_mut())
            }
            Arrival::Reply(reply) => match reply.result_mut() {
                Ok(sample) => {
                    *sample.payload_mut() = ZBytes::new();
                    (None, sample.attachment_mut())
                }
                Err(error) => (Some(error.payload_mut()), None),
            },
            Arrival::Query(query) => {
                if let Some(payload) = query.payload_mut() {
                    *payload = ZBytes::new();
                }
                (None, query.attachment_mut())
            }
        };
        for bytes in [payload, attachment].into_iter().flatten() {
            *bytes = ZBytes::new();
        }
    }
}

pub struct Item {
    pub arrival: Arrival,
    /// Payload and attachment, as they were before a local put took its segments back.
    pub bytes: usize,
    /// It came from this very thread: a put, reply or get of this environment.
    pub from_here: bool,
    /// The put, reply or get that lends the bytes, when that is one of this environment.
    pub local: Option<Arc<LocalPut>>,
}

impl Item {
    /// Native memory that views of it keep: of a local put they are over the sender's own.
    pub fn pinned(&self) -> usize {
        match self.local {
            Some(_) => OVERHEAD,
            None => OVERHEAD + self.bytes,
        }
    }
}

pub type ItemRing = Ring<Item>;

impl Ends for ItemRing {
    fn end(&self) {
        self.close();
    }
}

/// What zenoh calls. Dropping it, as zenoh does after the last reply of a get, ends the ring.
pub struct Sink {
    ring: Arc<ItemRing>,
    mailbox: Arc<Mailbox>,
    id: u32,
    /// Of a sink that zenoh calls under a lock of its own: whether the declaration, which takes that lock, still runs.
    locked: Option<Arc<AtomicBool>>,
}

impl Sink {
    /// Runs on a zenoh thread, or on the JavaScript thread inside a local put.
    pub fn receive(&self, arrival: Arrival) {
        contain(|| self.queue(arrival));
    }

    fn queue(&self, mut arrival: Arrival) {
        let bytes = arrival.payload().map_or(0, ZBytes::len) + arrival.attachment().map_or(0, ZBytes::len);
        let from_here = self.mailbox.on_its_thread();
        let local = if bytes > 0 { local_put(&self.mailbox, |address| arrival.reaches(address)) } else { None };
        if local.is_some() {
            // JavaScript gets its own segments back; the lent slices must not outlive the put.
            arrival.strip();
        }
        let parks = || park(&self.mailbox);
        let reader_waits;
        let wait = match &self.locked {
            _ if from_here => ring::Wait::Never(&parks),
            None => ring::Wait::Yes,
            Some(declaring) => {
                // The reader needs the end of the declaration, and its own puts need the lock.
                reader_waits = || declaring.load(Ordering::Acquire) || self.mailbox.is_inside();
                ring::Wait::Unless(&reader_waits)
            }
        };
        if self.ring.push(Item { arrival, bytes, from_here, local }, bytes + OVERHEAD, wait) {
            self.tell();
        }
    }

    fn tell(&self) {
        self.mailbox.post(|mail| mail.ready.push(self.id));
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if self.ring.finish() {
            self.tell();
        }
    }
}

/// What stands behind an inbox in zenoh, to be ended with it.
pub enum Entity {
    Subscriber(Subscriber<()>),
    Advanced(AdvancedSubscriber<()>),
    Queryable(Queryable<()>),
    Get(CancellationToken),
}

impl Entity {
    /// Empty for a get, which has none.
    fn id(&self) -> String {
        match self {
            Entity::Subscriber(subscriber) => id_text(&subscriber.id()),
            Entity::Advanced(subscriber) => id_text(&subscriber.id()),
            Entity::Queryable(queryable) => id_text(&queryable.id()),
            Entity::Get(_) => String::new(),
        }
    }

    fn end(self) -> Outcome<()> {
        let refused = |error| Fault::new("NETWORK", error);
        match self {
            Entity::Subscriber(subscriber) => subscriber.undeclare().wait().map_err(refused),
            Entity::Advanced(subscriber) => subscriber.undeclare().wait().map_err(refused),
            Entity::Queryable(queryable) => queryable.undeclare().wait().map_err(refused),
            Entity::Get(token) => token.cancel().wait().map_err(refused),
        }
    }
}

pub struct InboxHandle {
    pub id: u32,
    entity_id: String,
    pub ring: Arc<ItemRing>,
    /// Taken by undeclare.
    pub entity: Arc<Mutex<Option<Entity>>>,
    /// The way of replies to what is received here.
    pub lanes: Arc<Lanes>,
    /// The reader waits for the end of a declaration that zenoh-ext makes under its lock.
    pub declaring: Arc<AtomicBool>,
    pub carried: AtomicU64,
    pub small: AtomicU64,
}

fn bounds(options: &QueueOptions) -> Outcome<Bounds> {
    let policy = match options.policy {
        0 => Policy::Block,
        1 => Policy::DropOldest,
        2 => Policy::DropNewest,
        3 => Policy::Error,
        other => return Err(Fault::new("INVALID_ARGUMENT", format_args!("{other} is no policy"))),
    };
    if options.max_count == 0 || options.max_bytes == 0 {
        return Err(Fault::new("INVALID_ARGUMENT", "a queue must hold at least one arrival and one byte"));
    }
    Ok(Bounds { count: options.max_count, bytes: options.max_bytes, policy })
}

/// An inbox in the making: the ring is there, the entity that fills it is not declared yet.
pub struct NewInbox {
    pub id: u32,
    pub ring: Arc<ItemRing>,
    mailbox: Arc<Mailbox>,
    lanes: Arc<Lanes>,
    declaring: Arc<AtomicBool>,
}

impl NewInbox {
    pub fn new(env: &Env, lanes: &Arc<Lanes>, options: &QueueOptions) -> Outcome<Self> {
        let ring = Arc::new(Ring::new(bounds(options)?));
        let declaring = Arc::new(AtomicBool::new(true));
        Ok(Self { id: env.mailbox.new_id(), ring, mailbox: env.mailbox.clone(), lanes: lanes.clone(), declaring })
    }

    pub fn sink(&self) -> Sink {
        self.sink_that(None)
    }

    fn sink_that(&self, locked: Option<Arc<AtomicBool>>) -> Sink {
        Sink { ring: self.ring.clone(), mailbox: self.mailbox.clone(), id: self.id, locked }
    }

    /// For what zenoh calls under a lock that declarations and local puts take too.
    pub fn locked_sink(&self) -> Sink {
        self.sink_that(Some(self.declaring.clone()))
    }

    pub fn with(self, entity: Entity) -> Box<InboxHandle> {
        self.declaring.store(false, Ordering::Release);
        Box::new(InboxHandle {
            id: self.id,
            entity_id: entity.id(),
            ring: self.ring,
            entity: Arc::new(Mutex::new(Some(entity))),
            lanes: self.lanes,
            declaring: self.declaring,
            carried: AtomicU64::new(0),
            small: AtomicU64::new(0),
        })
    }
}

impl InboxHandle {
    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn entity_id(&self) -> String {
        self.entity_id.clone()
    }

    /// Nothing more will be queued.
    pub fn finished(&self) -> bool {
        self.ring.ends().1
    }

    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let (ring, entity) = (self.ring.clone(), self.entity.clone());
        env.start(move || {
            // First the ring: a zenoh thread that waits for room must leave the callback before zenoh can undeclare it.
            ring.close();
            let taken = entity.lock().unwrap_or_else(PoisonError::into_inner).take();
            taken.map_or(Ok(()), Entity::end).map(|()| Value::Nothing)
        })
    }
}

impl Drop for InboxHandle {
    /// By the collector, on the JavaScript thread: zenoh's end of the entity must not wait for a thread that waits for room.
    fn drop(&mut self) {
        self.ring.close();
    }
}
