// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared subscriber: zenoh's threads fill its ring, the JavaScript thread empties it.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use zenoh::bytes::ZBytes;
use zenoh::pubsub::Subscriber;
use zenoh::sample::Sample;
use zenoh::Wait;

use crate::bridge::ffi::SubscriberOptions;
use crate::env::Env;
use crate::fault::{contain, guard, Fault, Outcome};
use crate::mailbox::{Mailbox, Value};
use crate::outgoing::{local_put, LocalPut};
use crate::ring::{Bounds, Policy, Ring};
use crate::session::{refused, SessionHandle};
use crate::{keyexpr, qos};

/// What a queued sample costs besides its bytes, so that empty samples are bounded too.
const SAMPLE_OVERHEAD: usize = 256;

/// A sample, and the put that lends its payload when that is one of this environment.
pub struct Item {
    pub sample: Sample,
    /// Payload and attachment, as they were before a local put took its segments back.
    pub bytes: usize,
    pub local: Option<Arc<LocalPut>>,
}

pub type SampleRing = Ring<Item>;

pub struct SubscriberHandle {
    pub id: u32,
    pub ring: Arc<SampleRing>,
    /// Taken by undeclare.
    subscriber: Arc<Mutex<Option<Subscriber<()>>>>,
    pub carried: AtomicU64,
    pub small: AtomicU64,
}

fn bounds(options: &SubscriberOptions) -> Outcome<Bounds> {
    let policy = match options.policy {
        0 => Policy::Block,
        1 => Policy::DropOldest,
        2 => Policy::DropNewest,
        3 => Policy::Error,
        other => return Err(Fault::new("INVALID_ARGUMENT", format_args!("{other} is no policy"))),
    };
    Ok(Bounds { count: options.max_count, bytes: options.max_bytes, policy })
}

/// Runs on a zenoh thread, or on the JavaScript thread inside a local put.
fn receive(ring: &SampleRing, mailbox: &Arc<Mailbox>, id: u32, mut sample: Sample) {
    let bytes = sample.payload().len() + sample.attachment().map_or(0, ZBytes::len);
    let local = local_put(mailbox);
    if local.is_some() {
        // JavaScript gets its own segments back; the lent slices must not outlive the put.
        *sample.payload_mut() = ZBytes::new();
        if let Some(attachment) = sample.attachment_mut() {
            *attachment = ZBytes::new();
        }
    }
    let may_wait = local.is_none();
    if ring.push(Item { sample, bytes, local }, bytes + SAMPLE_OVERHEAD, may_wait) {
        mailbox.post(|mail| mail.ready.push(id));
    }
}

impl SessionHandle {
    pub fn declare_subscriber(&self, env: &Env, key: &str, options: &SubscriberOptions) -> Outcome<u32> {
        guard(|| {
            let (session, key) = (self.live()?.clone(), keyexpr::parse(key)?);
            let origin = qos::locality(options.origin)?;
            let ring = Arc::new(Ring::new(bounds(options)?));
            let mailbox = env.mailbox.clone();
            let id = mailbox.new_id();
            self.core.watch(&ring);
            env.start(move || {
                let sink = ring.clone();
                let declare = session
                    .declare_subscriber(key)
                    .allowed_origin(origin)
                    .callback(move |sample| contain(|| receive(&sink, &mailbox, id, sample)));
                let subscriber = Arc::new(Mutex::new(Some(declare.wait().map_err(refused(&session))?)));
                Ok(Value::Subscriber(Box::new(SubscriberHandle::new(id, ring, subscriber))))
            })
        })
    }
}

impl SubscriberHandle {
    fn new(id: u32, ring: Arc<SampleRing>, subscriber: Arc<Mutex<Option<Subscriber<()>>>>) -> Self {
        Self { id, ring, subscriber, carried: AtomicU64::new(0), small: AtomicU64::new(0) }
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let (ring, subscriber) = (self.ring.clone(), self.subscriber.clone());
        env.start(move || {
            // First the ring: a zenoh thread that waits for room must leave the callback before zenoh can undeclare it.
            ring.close();
            let taken = subscriber.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken {
                Some(subscriber) => {
                    subscriber.undeclare().wait().map_err(|error| Fault::new("NETWORK", error)).map(|()| Value::Nothing)
                }
                None => Ok(Value::Nothing),
            }
        })
    }
}
