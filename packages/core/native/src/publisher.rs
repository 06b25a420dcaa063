// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared publisher.

use std::sync::{Arc, PoisonError};

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::key_expr::KeyExpr;
use zenoh::pubsub::PublisherBuilder;
use zenoh::sample::Locality;
use zenoh::{Session, Wait};

use crate::advanced_publisher::AnyPublisher;
use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::lanes::Lanes;
use crate::mailbox::Value;
use crate::message::{self, Message};
use crate::outgoing::{Call, Outgoing};
use crate::qos::{Qos, Way};
use crate::remotes::Remotes;
use crate::session::{refused, SessionCore, SessionHandle};
use crate::source::id_text;
use crate::stamp::Stamp;
use crate::watched::{slot, Ends, Slot};
use crate::{keyexpr, qos};

/// What a publisher was declared with, needed to send without it.
#[derive(Clone)]
pub struct Declaration {
    pub session: Session,
    pub key: KeyExpr<'static>,
    pub encoding: Encoding,
    pub qos: Qos,
}

impl Declaration {
    /// The builder of the publisher, which may be made an advanced one.
    pub fn declare(&self) -> PublisherBuilder<'_, 'static> {
        let declare = self.session.declare_publisher(self.key.clone()).encoding(self.encoding.clone());
        qos::settings!(declare, self.qos).reliability(self.qos.reliability)
    }
}

pub struct PublisherHandle {
    pub declaration: Arc<Declaration>,
    lanes: Arc<Lanes>,
    id: String,
    /// Present when it is worth knowing.
    remotes: Option<Remotes>,
    /// A put that runs elsewhere holds its own reference.
    pub publisher: Slot<Arc<AnyPublisher>>,
}

impl SessionHandle {
    pub fn declare_publisher(&self, env: &Env, key: &str, encoding: &str, bits: u32) -> Outcome<u32> {
        guard(|| {
            let declaration = self.declaration(key, encoding, bits)?;
            let core = self.core.clone();
            env.start(move || {
                let publisher = declaration.declare().wait().map_err(refused(&declaration.session))?;
                let publisher = AnyPublisher::Plain(publisher);
                Ok(Value::Publisher(PublisherHandle::new(declaration, &core, publisher)?))
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
    pub fn new(declaration: Declaration, core: &SessionCore, publisher: AnyPublisher) -> Outcome<Box<Self>> {
        let id = id_text(&publisher.id());
        let remotes = Remotes::watch(&declaration).map_err(refused(&declaration.session))?;
        let publisher = slot(Arc::new(publisher));
        core.declared.add(&publisher);
        if let Some(remotes) = &remotes {
            core.declared.add(&remotes.watcher);
        }
        Ok(Box::new(Self { declaration: Arc::new(declaration), lanes: core.lanes.clone(), id, remotes, publisher }))
    }

    fn publisher(&self) -> Outcome<Arc<AnyPublisher>> {
        if self.declaration.session.is_closed() {
            return Err(Fault::closed("session"));
        }
        let publisher = self.publisher.lock().unwrap_or_else(PoisonError::into_inner);
        publisher.clone().ok_or_else(|| Fault::closed("publisher"))
    }

    fn way(&self, publisher: &AnyPublisher, options: &PutOptions) -> Way {
        let way = self.declaration.qos.way(&self.lanes);
        let remote = self.remotes.as_ref().map_or(way.remote, Remotes::matching);
        Way { whole: publisher.numbers(), keeps: publisher.keeps(), remote, sync: options.sync(), ..way }
    }

    pub fn put(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
    ) -> Outcome<PutOutcome> {
        guard(|| self.send(env, segments, attachment, options, Put))
    }

    pub fn delete(&self, env: &Env, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| self.send(env, &[], attachment, options, Delete))
    }

    fn send<C: Call>(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
        call: fn(PublisherMessage) -> C,
    ) -> Outcome<PutOutcome> {
        let message = self.message(options)?;
        let way = self.way(&message.publisher, options);
        Outgoing { env, lanes: &self.lanes, way, segments, attachment: options.attached(attachment) }
            .send(call(message))
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
            stamp: options.stamp()?,
        })
    }

    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// The last reference undeclares: a put that still runs keeps the publisher until it has ended.
    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let taken = self.publisher.lock().unwrap_or_else(PoisonError::into_inner).take();
        let session = self.declaration.session.clone();
        let watcher = self.remotes.as_ref().map(|remotes| remotes.watcher.clone());
        env.start(move || {
            if let Some(watcher) = watcher {
                watcher.end();
            }
            match taken.map(Arc::try_unwrap) {
                Some(Ok(publisher)) => publisher.undeclare().map_err(refused(&session)).map(|()| Value::Nothing),
                _ => Ok(Value::Nothing),
            }
        })
    }
}

#[derive(Clone)]
struct PublisherMessage {
    publisher: Arc<AnyPublisher>,
    declaration: Arc<Declaration>,
    /// None: the publisher's.
    encoding: Option<Encoding>,
    stamp: Stamp,
}

impl PublisherMessage {
    /// As the session sends it: a publisher cannot send to a part of its destination.
    fn alone(self) -> Message {
        let Declaration { session, key, encoding, qos } = Declaration::clone(&self.declaration);
        let encoding = Some(self.encoding.unwrap_or(encoding));
        Message { session, key, qos, encoding, stamp: self.stamp }
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
        let PublisherMessage { publisher, declaration, encoding, stamp } = message;
        publisher.put(payload, attachment, stamp, encoding).map_err(refused(&declaration.session))
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
        let PublisherMessage { publisher, declaration, stamp, .. } = message;
        publisher.delete(attachment, stamp).map_err(refused(&declaration.session))
    }
}
