// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared publisher.

use std::sync::{Arc, Mutex, PoisonError};

use zenoh::{Session, Wait};

use crate::advanced_publisher::AnyPublisher;
use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::mailbox::Value;
use crate::outgoing::lend_unless;
use crate::session::{refused, SessionHandle};
use crate::{keyexpr, qos};

pub struct PublisherHandle {
    session: Session,
    /// Taken by undeclare.
    publisher: Arc<Mutex<Option<AnyPublisher>>>,
}

impl SessionHandle {
    pub fn declare_publisher(&self, env: &Env, key: &str, encoding: &str, bits: u32) -> Outcome<u32> {
        guard(|| {
            let (session, key, qos) = (self.live()?.clone(), keyexpr::parse(key)?, qos::unpack(bits)?);
            let encoding = qos::encoding(encoding)?;
            env.start(move || {
                let declare = session
                    .declare_publisher(key)
                    .encoding(encoding)
                    .priority(qos.priority)
                    .congestion_control(qos.congestion)
                    .express(qos.express)
                    .reliability(qos.reliability)
                    .allowed_destination(qos.destination);
                let publisher = AnyPublisher::Plain(declare.wait().map_err(refused(&session))?);
                Ok(Value::Publisher(PublisherHandle::new(session, publisher)))
            })
        })
    }
}

impl PublisherHandle {
    pub fn new(session: Session, publisher: AnyPublisher) -> Box<Self> {
        Box::new(Self { session, publisher: Arc::new(Mutex::new(Some(publisher))) })
    }

    fn with(&self, run: impl FnOnce(&AnyPublisher) -> Outcome<PutOutcome>) -> Outcome<PutOutcome> {
        if self.session.is_closed() {
            return Err(Fault::closed("session"));
        }
        let publisher = self.publisher.lock().unwrap_or_else(PoisonError::into_inner);
        run(publisher.as_ref().ok_or_else(|| Fault::closed("publisher"))?)
    }

    pub fn put(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
    ) -> Outcome<PutOutcome> {
        guard(|| {
            self.with(|publisher| {
                let (timestamp, encoding) = (qos::timestamp(&options.timestamp)?, options.encoding()?);
                let attachment = options.has_attachment.then_some(attachment);
                lend_unless(publisher.keeps(), env, segments, attachment, |payload, attachment| {
                    publisher.put(payload, attachment, timestamp, encoding).map_err(refused(&self.session))
                })
            })
        })
    }

    pub fn delete(&self, env: &Env, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| {
            self.with(|publisher| {
                let timestamp = qos::timestamp(&options.timestamp)?;
                let attachment = options.has_attachment.then_some(attachment);
                lend_unless(publisher.keeps(), env, &[], attachment, |_, attachment| {
                    publisher.delete(attachment, timestamp).map_err(refused(&self.session))
                })
            })
        })
    }

    /// Whether some subscriber, here or elsewhere, matches now.
    pub fn matching(&self) -> Outcome<bool> {
        guard(|| {
            if self.session.is_closed() {
                return Err(Fault::closed("session"));
            }
            let publisher = self.publisher.lock().unwrap_or_else(PoisonError::into_inner);
            let publisher = publisher.as_ref().ok_or_else(|| Fault::closed("publisher"))?;
            publisher.matching().map_err(refused(&self.session))
        })
    }

    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let (session, publisher) = (self.session.clone(), self.publisher.clone());
        env.start(move || {
            let taken = publisher.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken {
                Some(publisher) => publisher.undeclare().map_err(refused(&session)).map(|()| Value::Nothing),
                None => Ok(Value::Nothing),
            }
        })
    }
}
