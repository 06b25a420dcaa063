// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared publisher.

use std::sync::{Arc, Mutex, PoisonError};

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::key_expr::KeyExpr;
use zenoh::sample::{Locality, SourceInfo};
use zenoh::time::Timestamp;
use zenoh::timestamp_stack::TimestampInstrumentation;
use zenoh::{Session, Wait};

use crate::advanced_publisher::AnyPublisher;
use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::lanes::Lanes;
use crate::mailbox::Value;
use crate::message::{self, Message};
use crate::outgoing::{send, Call};
use crate::qos::{Qos, Way};
use crate::remotes::Remotes;
use crate::session::{refused, SessionHandle};
use crate::source::id_text;
use crate::{keyexpr, qos, source, timestamp_stack};

/// What a publisher was declared with, needed to send without it.
#[derive(Clone)]
pub struct Declaration {
    pub session: Session,
    pub key: KeyExpr<'static>,
    pub encoding: Encoding,
    pub qos: Qos,
}

pub struct PublisherHandle {
    pub declaration: Arc<Declaration>,
    lanes: Arc<Lanes>,
    id: String,
    /// Present when it is worth knowing.
    remotes: Option<Remotes>,
    /// Taken by undeclare. A put that runs elsewhere holds its own reference.
    pub publisher: Arc<Mutex<Option<Arc<AnyPublisher>>>>,
}

impl SessionHandle {
    pub fn declare_publisher(&self, env: &Env, key: &str, encoding: &str, bits: u32) -> Outcome<u32> {
        guard(|| {
            let declaration = self.declaration(key, encoding, bits)?;
            let lanes = self.core.lanes.clone();
            env.start(move || {
                let Declaration { session, key, encoding, qos } = declaration.clone();
                let declare = session
                    .declare_publisher(key)
                    .encoding(encoding)
                    .priority(qos.priority)
                    .congestion_control(qos.congestion)
                    .express(qos.express)
                    .reliability(qos.reliability)
                    .allowed_destination(qos.destination);
                let publisher = AnyPublisher::Plain(declare.wait().map_err(refused(&session))?);
                Ok(Value::Publisher(PublisherHandle::new(declaration, lanes, publisher)?))
            })
        })
    }

    pub fn declaration(&self, key: &str, encoding: &str, bits: u32) -> Outcome<Declaration> {
        let (session, key, qos) = (self.live()?.clone(), keyexpr::parse(key)?, qos::unpack(bits)?);
        Ok(Declaration { session, key, encoding: qos::encoding(encoding)?, qos })
    }
}

impl PublisherHandle {
    /// Off the JavaScript thread: it declares.
    pub fn new(declaration: Declaration, lanes: Arc<Lanes>, publisher: AnyPublisher) -> Outcome<Box<Self>> {
        let id = id_text(&publisher.id());
        let remotes = Remotes::watch(&declaration).map_err(refused(&declaration.session))?;
        Ok(Box::new(Self {
            declaration: Arc::new(declaration),
            lanes,
            id,
            remotes,
            publisher: Arc::new(Mutex::new(Some(Arc::new(publisher)))),
        }))
    }

    fn publisher(&self) -> Outcome<Arc<AnyPublisher>> {
        if self.declaration.session.is_closed() {
            return Err(Fault::closed("session"));
        }
        let publisher = self.publisher.lock().unwrap_or_else(PoisonError::into_inner);
        publisher.clone().ok_or_else(|| Fault::closed("publisher"))
    }

    fn way(&self, publisher: &AnyPublisher, options: &PutOptions) -> Way {
        let Qos { priority, congestion, destination, .. } = self.declaration.qos;
        let remote = match &self.remotes {
            Some(remotes) => remotes.matching(),
            None => destination != Locality::SessionLocal && self.lanes.connected(),
        };
        let (whole, keeps) = (publisher.numbers(), publisher.keeps());
        Way { priority, congestion, destination, whole, keeps, remote, sync: options.qos & qos::SYNC != 0 }
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
            let way = self.way(&message.publisher, options);
            send(env, &self.lanes, &way, segments, options.attached(attachment), Put(message))
        })
    }

    pub fn delete(&self, env: &Env, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| {
            let message = self.message(options)?;
            let way = self.way(&message.publisher, options);
            send(env, &self.lanes, &way, &[], options.attached(attachment), Delete(message))
        })
    }

    fn message(&self, options: &PutOptions) -> Outcome<PublisherMessage> {
        let publisher = self.publisher()?;
        if publisher.numbers() && !options.source.is_empty() {
            return Err(Fault::new(
                "INVALID_ARGUMENT",
                "an advanced publisher numbers its samples itself: no sourceInfo",
            ));
        }
        Ok(PublisherMessage {
            publisher,
            declaration: self.declaration.clone(),
            encoding: options.encoding()?,
            timestamp: qos::timestamp(&options.timestamp)?,
            source: source::parse(&options.source)?,
            instrumentation: timestamp_stack::unpack(options.qos >> timestamp_stack::POINTS),
        })
    }

    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// The last reference undeclares: a put that still runs keeps the publisher until it has ended.
    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let taken = self.publisher.lock().unwrap_or_else(PoisonError::into_inner).take();
        let session = self.declaration.session.clone();
        env.start(move || match taken.map(Arc::try_unwrap) {
            Some(Ok(publisher)) => publisher.undeclare().map_err(refused(&session)).map(|()| Value::Nothing),
            _ => Ok(Value::Nothing),
        })
    }
}

#[derive(Clone)]
struct PublisherMessage {
    publisher: Arc<AnyPublisher>,
    declaration: Arc<Declaration>,
    /// None: the publisher's.
    encoding: Option<Encoding>,
    timestamp: Option<Timestamp>,
    source: Option<SourceInfo>,
    instrumentation: Option<TimestampInstrumentation>,
}

impl PublisherMessage {
    /// As the session sends it: a publisher cannot send to a part of its destination.
    fn alone(self) -> Message {
        let Declaration { session, key, encoding, qos } = Declaration::clone(&self.declaration);
        let encoding = Some(self.encoding.unwrap_or(encoding));
        let Self { timestamp, source, instrumentation, .. } = self;
        Message { session, key, qos, encoding, timestamp, source, instrumentation }
    }
}

#[derive(Clone)]
struct Put(PublisherMessage);

impl Call for Put {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        if destination != message.declaration.qos.destination {
            return message::Put(message.alone()).run(payload, attachment, destination);
        }
        let PublisherMessage { publisher, declaration, encoding, timestamp, source, instrumentation } = message;
        let put = publisher.put(payload, attachment, timestamp, source, instrumentation, encoding);
        put.map_err(refused(&declaration.session))
    }
}

#[derive(Clone)]
struct Delete(PublisherMessage);

impl Call for Delete {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        if destination != message.declaration.qos.destination {
            return message::Delete(message.alone()).run(payload, attachment, destination);
        }
        let PublisherMessage { publisher, declaration, timestamp, source, instrumentation, .. } = message;
        publisher.delete(attachment, timestamp, source, instrumentation).map_err(refused(&declaration.session))
    }
}
