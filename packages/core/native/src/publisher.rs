// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared publisher.

use std::sync::{Arc, Mutex, PoisonError};

use zenoh::pubsub::Publisher;
use zenoh::{Session, Wait};

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::mailbox::Value;
use crate::outgoing::lend;
use crate::session::{refused, SessionHandle};
use crate::source::id_text;
use crate::{keyexpr, qos, source};

pub struct PublisherHandle {
    session: Session,
    id: String,
    /// Taken by undeclare.
    publisher: Arc<Mutex<Option<Publisher<'static>>>>,
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
                let publisher = declare.wait().map_err(refused(&session))?;
                let (id, publisher) = (id_text(&publisher.id()), Arc::new(Mutex::new(Some(publisher))));
                Ok(Value::Publisher(Box::new(PublisherHandle { session, id, publisher })))
            })
        })
    }
}

impl PublisherHandle {
    fn with(&self, run: impl FnOnce(&Publisher<'static>) -> Outcome<PutOutcome>) -> Outcome<PutOutcome> {
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
                let source = source::parse(&options.source)?;
                lend(env, segments, options.has_attachment.then_some(attachment), |payload, attachment| {
                    let put = publisher.put(payload).timestamp(timestamp).source_info(source).attachment(attachment);
                    match encoding {
                        None => put.wait(),
                        Some(encoding) => put.encoding(encoding).wait(),
                    }
                    .map_err(refused(&self.session))
                })
            })
        })
    }

    pub fn delete(&self, env: &Env, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| {
            self.with(|publisher| {
                let (timestamp, source) = (qos::timestamp(&options.timestamp)?, source::parse(&options.source)?);
                lend(env, &[], options.has_attachment.then_some(attachment), |_, attachment| {
                    publisher
                        .delete()
                        .timestamp(timestamp)
                        .source_info(source)
                        .attachment(attachment)
                        .wait()
                        .map_err(refused(&self.session))
                })
            })
        })
    }

    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// Whether some subscriber, here or elsewhere, matches now.
    pub fn matching(&self) -> Outcome<bool> {
        guard(|| {
            if self.session.is_closed() {
                return Err(Fault::closed("session"));
            }
            let publisher = self.publisher.lock().unwrap_or_else(PoisonError::into_inner);
            let publisher = publisher.as_ref().ok_or_else(|| Fault::closed("publisher"))?;
            Ok(publisher.matching_status().wait().map_err(refused(&self.session))?.matching())
        })
    }

    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let (session, publisher) = (self.session.clone(), self.publisher.clone());
        env.start(move || {
            let taken = publisher.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken {
                Some(publisher) => publisher.undeclare().wait().map_err(refused(&session)).map(|()| Value::Nothing),
                None => Ok(Value::Nothing),
            }
        })
    }
}
