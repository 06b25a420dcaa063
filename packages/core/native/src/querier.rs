// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared querier.

use std::sync::{Arc, Mutex, PoisonError};

use zenoh::query::Querier;
use zenoh::{Session, Wait};

use crate::bridge::ffi::{GetOptions, QueryOptions, QueueOptions, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::get::{asked, Asked, Question};
use crate::inbox::{Arrival, NewInbox};
use crate::mailbox::Value;
use crate::qos::Qos;
use crate::session::{refused, SessionCore, SessionHandle};
use crate::source::id_text;
use crate::{keyexpr, qos, source, timestamp_stack};

pub struct QuerierHandle {
    pub session: Session,
    id: String,
    core: Arc<SessionCore>,
    qos: Qos,
    /// Taken by undeclare. A get that runs elsewhere holds its own reference.
    pub querier: Arc<Mutex<Option<Arc<Querier<'static>>>>>,
}

impl SessionHandle {
    pub fn declare_querier(&self, env: &Env, key: &str, options: &QueryOptions) -> Outcome<u32> {
        guard(|| {
            let (session, key, asking) = (self.live()?.clone(), keyexpr::parse(key)?, options.unpack()?);
            let core = self.core.clone();
            env.start(move || {
                let declare = session
                    .declare_querier(key)
                    .target(asking.target)
                    .consolidation(asking.consolidation)
                    .timeout(asking.timeout)
                    .accept_replies(asking.accept)
                    .priority(asking.qos.priority)
                    .congestion_control(asking.qos.congestion)
                    .express(asking.qos.express)
                    .allowed_destination(asking.qos.destination);
                let querier = declare.wait().map_err(refused(&session))?;
                let (id, querier) = (id_text(&querier.id()), Arc::new(Mutex::new(Some(Arc::new(querier)))));
                let qos = asking.qos;
                Ok(Value::Querier(Box::new(QuerierHandle { session, id, core, qos, querier })))
            })
        })
    }
}

impl QuerierHandle {
    pub fn id(&self) -> String {
        self.id.clone()
    }

    #[allow(clippy::too_many_arguments)] // One call across the border is the point.
    pub fn get(
        &self,
        env: &Env,
        parameters: &str,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &GetOptions,
        queue: &QueueOptions,
    ) -> Outcome<Box<Asked>> {
        guard(|| {
            if self.session.is_closed() {
                return Err(Fault::closed("session"));
            }
            let querier = self.querier.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let querier = querier.ok_or_else(|| Fault::closed("querier"))?;
            let (session, source, parameters) =
                (self.session.clone(), source::parse(&options.source)?, parameters.to_owned());
            let (encoding, instrumentation) = (qos::encoding(&options.encoding)?, options.instrumentation);
            let inbox = NewInbox::new(env, &self.core.lanes, queue)?;
            self.core.watch(&inbox.ring);
            let question = Question { segments, attachment, options };
            asked(env, &self.core.lanes, &self.qos, inbox, question, move |sink, token, payload, attachment| {
                let mut get = querier
                    .get()
                    .parameters(parameters)
                    .source_info(source)
                    .timestamp_instrumentation(timestamp_stack::unpack(instrumentation))
                    .attachment(attachment)
                    .cancellation_token(token)
                    .callback(move |reply| sink.receive(Arrival::Reply(reply)));
                if let Some(payload) = payload {
                    get = get.payload(payload).encoding(encoding);
                }
                get.wait().map_err(refused(&session))
            })
        })
    }

    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let (session, querier) = (self.session.clone(), self.querier.clone());
        env.start(move || {
            let taken = querier.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken.map(Arc::try_unwrap) {
                Some(Ok(querier)) => querier.undeclare().wait().map_err(refused(&session)).map(|()| Value::Nothing),
                _ => Ok(Value::Nothing),
            }
        })
    }
}
