// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A received query, kept until it is answered: dropping it tells the asker that no more replies come from here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::key_expr::KeyExpr;
use zenoh::query::Query;
use zenoh::sample::{Locality, SourceInfo};
use zenoh::time::Timestamp;
use zenoh::Wait;

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{contain, guard, Fault, Outcome};
use crate::lanes::{Job, Lanes};
use crate::mailbox::Mailbox;
use crate::outgoing::{send, Call};
use crate::qos::Way;
use crate::{keyexpr, qos, source};

pub struct QueryHandle {
    query: Mutex<Option<Query>>,
    /// The asker is in this environment: a reply to it cannot wait for the network.
    from_here: bool,
    lanes: Arc<Lanes>,
    mailbox: Arc<Mailbox>,
}

impl QueryHandle {
    pub fn new(env: &Env, query: Query, from_here: bool, lanes: Arc<Lanes>) -> Self {
        Self { query: Mutex::new(Some(query)), from_here, lanes, mailbox: env.mailbox.clone() }
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
        let remote = !self.from_here && self.lanes.connected();
        Way { priority, congestion, destination: Locality::Remote, whole: true, keeps: false, remote, sync: false }
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
            let source = source::parse(&options.source)?;
            let reply = Reply::Sample { key, encoding, timestamp, source, express: qos.express };
            send(env, &self.lanes, &way, segments, options.attached(attachment), Answer { query, reply })
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
            let (timestamp, source) = (qos::timestamp(&options.timestamp)?, source::parse(&options.source)?);
            let way = self.way(&query);
            let reply = Reply::Deletion { key, timestamp, source, express: qos.express };
            send(env, &self.lanes, &way, &[], options.attached(attachment), Answer { query, reply })
        })
    }

    pub fn reply_err(&self, env: &Env, segments: &[SegmentRef], encoding: &str) -> Outcome<PutOutcome> {
        guard(|| {
            let (query, encoding) = (self.query()?, qos::encoding(encoding)?);
            let way = self.way(&query);
            send(env, &self.lanes, &way, segments, None, Answer { query, reply: Reply::Error { encoding } })
        })
    }

    /// The end that the asker sees is a message, which blocks as replies do: after the replies in the lane, if need be.
    pub fn finalize(&self) {
        let Some(query) = self.lock().take() else { return };
        let (way, priority) = (self.way(&query), query.priority());
        // The end of a local get may run code of zenoh's that takes locks.
        let _inside = self.mailbox.enter();
        if way.inline(&self.lanes, || false, 0) {
            return drop(query);
        }
        let put = Box::new(move || {
            drop(query);
            Ok(())
        });
        let (operation, mailbox) = (self.mailbox.new_id(), self.mailbox.clone());
        // A closed session has ended the query.
        let _ = self.lanes.offer(priority, Job { operation, mailbox, bytes: 0, blocks: false, put });
    }
}

#[derive(Clone)]
enum Reply {
    Sample {
        key: KeyExpr<'static>,
        encoding: Encoding,
        timestamp: Option<Timestamp>,
        source: Option<SourceInfo>,
        express: bool,
    },
    Deletion {
        key: KeyExpr<'static>,
        timestamp: Option<Timestamp>,
        source: Option<SourceInfo>,
        express: bool,
    },
    Error {
        encoding: Encoding,
    },
}

#[derive(Clone)]
struct Answer {
    query: Query,
    reply: Reply,
}

impl Call for Answer {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, _: Locality) -> Outcome<()> {
        let query = self.query;
        match self.reply {
            Reply::Sample { key, encoding, timestamp, source, express } => {
                let reply = query.reply(key, payload).encoding(encoding).express(express);
                reply.timestamp(timestamp).source_info(source).attachment(attachment).wait()
            }
            Reply::Deletion { key, timestamp, source, express } => {
                let reply = query.reply_del(key).express(express);
                reply.timestamp(timestamp).source_info(source).attachment(attachment).wait()
            }
            Reply::Error { encoding } => query.reply_err(payload).encoding(encoding).wait(),
        }
        .map_err(|error| Fault::new("NETWORK", error))
    }
}

impl Drop for QueryHandle {
    /// By the collector, on the JavaScript thread.
    fn drop(&mut self) {
        contain(|| self.finalize());
    }
}
