// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A received query, kept until it is answered: dropping it tells the asker that no more replies come from here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zenoh::query::Query;
use zenoh::Wait;

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::lanes::Lanes;
use crate::outgoing::send;
use crate::qos::Way;
use crate::{keyexpr, qos};

pub struct QueryHandle {
    query: Mutex<Option<Query>>,
    lanes: Arc<Lanes>,
}

fn refused(error: impl std::fmt::Display) -> Fault {
    Fault::new("NETWORK", error)
}

impl QueryHandle {
    pub fn new(query: Query, lanes: Arc<Lanes>) -> Self {
        Self { query: Mutex::new(Some(query)), lanes }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Query>> {
        self.query.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A clone: a local get may end this query from inside its own callback.
    fn query(&self) -> Outcome<Query> {
        self.lock().clone().ok_or_else(|| Fault::new("QUERY_FINALIZED", "this query was finalized"))
    }

    /// zenoh gives a reply the query's settings.
    fn way(&self, query: &Query) -> Way {
        let (priority, congestion) = (query.priority(), query.congestion_control());
        Way { priority, congestion, remote: self.lanes.connected(), sync: false }
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
            let query = self.query()?;
            let (key, qos) = (keyexpr::parse(key)?, qos::unpack(options.qos)?);
            let (timestamp, encoding) = (qos::timestamp(&options.timestamp)?, qos::encoding(&options.encoding)?);
            let way = self.way(&query);
            let reply = move |payload, attachment| {
                let reply = query.reply(key, payload).encoding(encoding).express(qos.express);
                reply.timestamp(timestamp).attachment(attachment).wait().map_err(refused)
            };
            send(env, &self.lanes, &way, segments, options.attached(attachment), reply)
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
            let query = self.query()?;
            let (key, qos) = (keyexpr::parse(key)?, qos::unpack(options.qos)?);
            let timestamp = qos::timestamp(&options.timestamp)?;
            let way = self.way(&query);
            let reply = move |_, attachment| {
                let reply = query.reply_del(key).express(qos.express);
                reply.timestamp(timestamp).attachment(attachment).wait().map_err(refused)
            };
            send(env, &self.lanes, &way, &[], options.attached(attachment), reply)
        })
    }

    pub fn reply_err(&self, env: &Env, segments: &[SegmentRef], encoding: &str) -> Outcome<PutOutcome> {
        guard(|| {
            let (query, encoding) = (self.query()?, qos::encoding(encoding)?);
            let way = self.way(&query);
            let reply = move |payload, _| query.reply_err(payload).encoding(encoding).wait().map_err(refused);
            send(env, &self.lanes, &way, segments, None, reply)
        })
    }

    pub fn finalize(&self) {
        let query = self.lock().take();
        drop(query);
    }
}
