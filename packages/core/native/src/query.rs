// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A received query, kept until it is answered: dropping it tells the asker that no more replies come from here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use zenoh::query::Query;
use zenoh::Wait;

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::outgoing::lend;
use crate::{keyexpr, qos, source};

pub struct QueryHandle(Mutex<Option<Query>>);

impl QueryHandle {
    pub fn new(query: Query) -> Self {
        Self(Mutex::new(Some(query)))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Query>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, run: impl FnOnce(&Query) -> Outcome<PutOutcome>) -> Outcome<PutOutcome> {
        // A clone: a local get may end this query from inside its own callback.
        let query = self.lock().clone();
        run(&query.ok_or_else(|| Fault::new("QUERY_FINALIZED", "this query was finalized"))?)
    }

    pub fn reply(
        &self,
        env: &Env,
        key: &str,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
    ) -> Outcome<PutOutcome> {
        guard(|| {
            self.answer(|query| {
                let (key, qos) = (keyexpr::parse(key)?, qos::unpack(options.qos)?);
                let (timestamp, source) = (qos::timestamp(&options.timestamp)?, source::parse(&options.source)?);
                let encoding = qos::encoding(&options.encoding)?;
                lend(env, segments, options.has_attachment.then_some(attachment), |payload, attachment| {
                    query
                        .reply(key, payload)
                        .encoding(encoding)
                        .express(qos.express)
                        .timestamp(timestamp)
                        .source_info(source)
                        .attachment(attachment)
                        .wait()
                        .map_err(|error| Fault::new("NETWORK", error))
                })
            })
        })
    }

    pub fn reply_del(
        &self,
        env: &Env,
        key: &str,
        attachment: &[SegmentRef],
        options: &PutOptions,
    ) -> Outcome<PutOutcome> {
        guard(|| {
            self.answer(|query| {
                let (key, qos) = (keyexpr::parse(key)?, qos::unpack(options.qos)?);
                let (timestamp, source) = (qos::timestamp(&options.timestamp)?, source::parse(&options.source)?);
                lend(env, &[], options.has_attachment.then_some(attachment), |_, attachment| {
                    query
                        .reply_del(key)
                        .express(qos.express)
                        .timestamp(timestamp)
                        .source_info(source)
                        .attachment(attachment)
                        .wait()
                        .map_err(|error| Fault::new("NETWORK", error))
                })
            })
        })
    }

    pub fn reply_err(&self, env: &Env, segments: &[SegmentRef], encoding: &str) -> Outcome<PutOutcome> {
        guard(|| {
            self.answer(|query| {
                let encoding = qos::encoding(encoding)?;
                lend(env, segments, None, |payload, _| {
                    query.reply_err(payload).encoding(encoding).wait().map_err(|error| Fault::new("NETWORK", error))
                })
            })
        })
    }

    pub fn finalize(&self) {
        let query = self.lock().take();
        drop(query);
    }
}
