// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared querier.

use std::sync::{Arc, Mutex, PoisonError};

use zenoh::qos::CongestionControl;
use zenoh::query::Querier;
use zenoh::{Session, Wait};

use crate::bridge::ffi::{GetOptions, QueryOptions, QueueOptions, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::get::{asked, Asked};
use crate::inbox::{Arrival, NewInbox};
use crate::mailbox::Value;
use crate::session::{refused, SessionCore, SessionHandle};
use crate::source::id_text;
use crate::{keyexpr, qos, source, timestamp_stack};

pub struct QuerierHandle {
    pub session: Session,
    id: String,
    core: Arc<SessionCore>,
    congestion: CongestionControl,
    /// Taken by undeclare.
    pub querier: Arc<Mutex<Option<Querier<'static>>>>,
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
                let (id, querier) = (id_text(&querier.id()), Arc::new(Mutex::new(Some(querier))));
                let congestion = asking.qos.congestion;
                Ok(Value::Querier(Box::new(QuerierHandle { session, id, core, congestion, querier })))
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
            let querier = self.querier.lock().unwrap_or_else(PoisonError::into_inner);
            let querier = querier.as_ref().ok_or_else(|| Fault::closed("querier"))?;
            let source = source::parse(&options.source)?;
            let inbox = NewInbox::new(env, &self.core.lanes, queue)?;
            self.core.watch(&inbox.ring);
            asked(env, inbox, segments, attachment, options, self.congestion, |sink, token, payload, attachment| {
                let mut get = querier
                    .get()
                    .parameters(parameters)
                    .source_info(source)
                    .timestamp_instrumentation(timestamp_stack::unpack(options.instrumentation))
                    .attachment(attachment)
                    .cancellation_token(token)
                    .callback(move |reply| sink.receive(Arrival::Reply(reply)));
                if let Some(payload) = payload {
                    get = get.payload(payload).encoding(qos::encoding(&options.encoding)?);
                }
                get.wait().map_err(refused(&self.session))
            })
        })
    }

    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let (session, querier) = (self.session.clone(), self.querier.clone());
        env.start(move || {
            let taken = querier.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken {
                Some(querier) => querier.undeclare().wait().map_err(refused(&session)).map(|()| Value::Nothing),
                None => Ok(Value::Nothing),
            }
        })
    }
}
