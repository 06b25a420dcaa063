// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A declared querier.

use std::sync::{Arc, PoisonError};

use zenoh::query::Querier;
use zenoh::{Session, Wait};

use crate::asking::asking;
use crate::bridge::ffi::{GetOptions, QueryOptions, QueueOptions, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::get::{ask, asked, Asked};
use crate::keyexpr;
use crate::mailbox::Value;
use crate::qos::Qos;
use crate::session::{refused, SessionCore, SessionHandle};
use crate::source::id_text;
use crate::watched::{slot, Slot};

pub struct QuerierHandle {
    pub session: Session,
    id: String,
    core: Arc<SessionCore>,
    qos: Qos,
    /// A get that runs elsewhere holds its own reference.
    pub querier: Slot<Arc<Querier<'static>>>,
}

impl SessionHandle {
    pub fn declare_querier(&self, env: &Env, key: &str, options: &QueryOptions) -> Outcome<u32> {
        guard(|| {
            let (session, key, asking) = (self.live()?.clone(), keyexpr::parse(key)?, options.unpack()?);
            let core = self.core.clone();
            env.start(move || {
                let declare = asking!(session.declare_querier(key), asking);
                let querier = declare.wait().map_err(refused(&session))?;
                let (id, querier) = (id_text(&querier.id()), slot(Arc::new(querier)));
                core.declared.add(&querier);
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
            let (session, parameters) = (self.session.clone(), parameters.to_owned());
            let question = options.question(segments, attachment)?;
            asked(env, &self.core, &self.qos, queue, question, move |request| {
                ask!(querier.get().parameters(parameters), request).map_err(refused(&session))
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
