// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared publisher.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::matching::MatchingListener;
use zenoh::pubsub::Publisher;
use zenoh::qos::CongestionControl;
use zenoh::sample::Locality;
use zenoh::time::Timestamp;
use zenoh::{Result as ZResult, Session, Wait};

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::lanes::Lanes;
use crate::mailbox::Value;
use crate::message::{self, Message};
use crate::outgoing::{send, Call};
use crate::qos::{Qos, Way};
use crate::session::{refused, SessionHandle};
use crate::{keyexpr, qos};

pub struct PublisherHandle {
    session: Session,
    lanes: Arc<Lanes>,
    qos: Qos,
    /// Present when it is worth knowing.
    remotes: Option<Remotes>,
    /// Taken by undeclare. A put that runs elsewhere holds its own reference.
    publisher: Mutex<Option<Arc<Publisher<'static>>>>,
}

/// Whether some subscriber outside the session matches. A second publisher watches that: matching status counts local ones.
struct Remotes {
    matching: Arc<AtomicBool>,
    _listener: MatchingListener<()>,
    _watcher: Publisher<'static>,
}

impl Remotes {
    fn watch(session: &Session, publisher: &Publisher<'static>) -> ZResult<Self> {
        let key = publisher.key_expr().clone();
        let watcher = session.declare_publisher(key).allowed_destination(Locality::Remote).wait()?;
        let matching = Arc::new(AtomicBool::new(false));
        let seen = matching.clone();
        let listener = watcher.matching_listener().callback(move |status| {
            seen.store(status.matching(), Ordering::Release);
        });
        Ok(Self { matching, _listener: listener.wait()?, _watcher: watcher })
    }
}

impl SessionHandle {
    pub fn declare_publisher(&self, env: &Env, key: &str, encoding: &str, bits: u32) -> Outcome<u32> {
        guard(|| {
            let (session, key, qos) = (self.live()?.clone(), keyexpr::parse(key)?, qos::unpack(bits)?);
            let (encoding, lanes) = (qos::encoding(encoding)?, self.core.lanes.clone());
            env.start(move || {
                let declare = session
                    .declare_publisher(key)
                    .encoding(encoding)
                    .priority(qos.priority)
                    .congestion_control(qos.congestion)
                    .express(qos.express)
                    .reliability(qos.reliability)
                    .allowed_destination(qos.destination);
                let publisher = declare.wait().map_err(refused(&session))?;
                // A put that drops goes by lane only when it is large; one that blocks, whenever somebody else listens.
                let watched = qos.congestion == CongestionControl::Block && qos.destination == Locality::Any;
                let remotes = watched.then(|| Remotes::watch(&session, &publisher)).transpose();
                let remotes = remotes.map_err(refused(&session))?;
                let publisher = Mutex::new(Some(Arc::new(publisher)));
                Ok(Value::Publisher(Box::new(PublisherHandle { session, lanes, qos, remotes, publisher })))
            })
        })
    }
}

impl PublisherHandle {
    fn publisher(&self) -> Outcome<Arc<Publisher<'static>>> {
        if self.session.is_closed() {
            return Err(Fault::closed("session"));
        }
        let publisher = self.publisher.lock().unwrap_or_else(PoisonError::into_inner);
        publisher.clone().ok_or_else(|| Fault::closed("publisher"))
    }

    fn way(&self, options: &PutOptions) -> Way {
        let remote = match &self.remotes {
            Some(remotes) => remotes.matching.load(Ordering::Acquire),
            None => self.qos.destination != Locality::SessionLocal && self.lanes.connected(),
        };
        let Qos { priority, congestion, destination, .. } = self.qos;
        Way { priority, congestion, destination, remote, sync: options.qos & qos::SYNC != 0 }
    }

    pub fn put(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
    ) -> Outcome<PutOutcome> {
        guard(|| {
            let message = self.message(options)?;
            send(env, &self.lanes, &self.way(options), segments, options.attached(attachment), Put(message))
        })
    }

    pub fn delete(&self, env: &Env, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| {
            let message = self.message(options)?;
            send(env, &self.lanes, &self.way(options), &[], options.attached(attachment), Delete(message))
        })
    }

    fn message(&self, options: &PutOptions) -> Outcome<PublisherMessage> {
        Ok(PublisherMessage {
            publisher: self.publisher()?,
            session: self.session.clone(),
            qos: self.qos,
            encoding: options.encoding()?,
            timestamp: qos::timestamp(&options.timestamp)?,
        })
    }

    /// Whether some subscriber, here or elsewhere, matches now.
    pub fn matching(&self) -> Outcome<bool> {
        guard(|| Ok(self.publisher()?.matching_status().wait().map_err(refused(&self.session))?.matching()))
    }

    /// The last reference undeclares: a put that still runs keeps the publisher until it has ended.
    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let taken = self.publisher.lock().unwrap_or_else(PoisonError::into_inner).take();
        let session = self.session.clone();
        env.start(move || match taken.map(Arc::try_unwrap) {
            Some(Ok(publisher)) => publisher.undeclare().wait().map_err(refused(&session)).map(|()| Value::Nothing),
            _ => Ok(Value::Nothing),
        })
    }
}

#[derive(Clone)]
struct PublisherMessage {
    publisher: Arc<Publisher<'static>>,
    session: Session,
    qos: Qos,
    /// None: the publisher's.
    encoding: Option<Encoding>,
    timestamp: Option<Timestamp>,
}

impl PublisherMessage {
    /// As the session sends it: a publisher cannot send to a part of its destination.
    fn alone(self) -> Message {
        let Self { publisher, session, qos, encoding, timestamp } = self;
        let encoding = Some(encoding.unwrap_or_else(|| publisher.encoding().clone()));
        Message { key: publisher.key_expr().clone(), session, qos, encoding, timestamp }
    }
}

#[derive(Clone)]
struct Put(PublisherMessage);

impl Call for Put {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        if destination != message.qos.destination {
            return message::Put(message.alone()).run(payload, attachment, destination);
        }
        let put = message.publisher.put(payload).timestamp(message.timestamp).attachment(attachment);
        match message.encoding {
            None => put.wait(),
            Some(encoding) => put.encoding(encoding).wait(),
        }
        .map_err(refused(&message.session))
    }
}

#[derive(Clone)]
struct Delete(PublisherMessage);

impl Call for Delete {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        if destination != message.qos.destination {
            return message::Delete(message.alone()).run(payload, attachment, destination);
        }
        let delete = message.publisher.delete().timestamp(message.timestamp).attachment(attachment);
        delete.wait().map_err(refused(&message.session))
    }
}
