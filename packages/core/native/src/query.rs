// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A received query, kept until it is answered: dropping it tells the asker that no more replies come from here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::key_expr::KeyExpr;
use zenoh::query::{Query, ReplyBuilder};
use zenoh::sample::Locality;
use zenoh::Wait;

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{contain, guard, Fault, Outcome};
use crate::lanes::{Job, Lanes};
use crate::mailbox::Mailbox;
use crate::outgoing::{Call, Outgoing};
use crate::qos::Way;
use crate::stamp::Stamp;
use crate::{keyexpr, qos};

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
        let way = Way::new(query.priority(), query.congestion_control(), Locality::Remote, &self.lanes);
        Way { whole: true, remote: way.remote && !self.from_here, ..way }
    }

    fn answer(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: Option<&[SegmentRef]>,
        answer: Answer,
    ) -> Outcome<PutOutcome> {
        let way = self.way(&answer.query);
        Outgoing { env, lanes: &self.lanes, way, segments, attachment }.send(answer)
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
            let (key, header, encoding) = (keyexpr::parse(key)?, options.header()?, qos::encoding(&options.encoding)?);
            let reply = Reply::Sample { key, header, encoding };
            self.answer(env, segments, options.attached(attachment), Answer { query, reply })
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
            let reply = Reply::Deletion { key: keyexpr::parse(key)?, header: options.header()? };
            self.answer(env, &[], options.attached(attachment), Answer { query, reply })
        })
    }

    pub fn reply_err(&self, env: &Env, segments: &[SegmentRef], encoding: &str) -> Outcome<PutOutcome> {
        guard(|| {
            let (query, encoding) = (self.query()?, qos::encoding(encoding)?);
            self.answer(env, segments, None, Answer { query, reply: Reply::Error { encoding } })
        })
    }

    /// The end that the asker sees is a message, which blocks as replies do: after the replies in the lane, if need be.
    pub fn finalize(&self) {
        let Some(query) = self.lock().take() else { return };
        let way = self.way(&query);
        // The end of a local get may run code of zenoh's that takes locks.
        let _inside = self.mailbox.enter();
        if way.inline(&self.lanes, || false, 0) {
            return drop(query);
        }
        let end = move || {
            drop(query);
            Ok(())
        };
        // A closed session has ended the query.
        let _ = self.lanes.offer(way.priority, Job::new(&self.mailbox, end));
    }
}

#[derive(Clone)]
enum Reply {
    Sample { key: KeyExpr<'static>, header: Header, encoding: Encoding },
    Deletion { key: KeyExpr<'static>, header: Header },
    Error { encoding: Encoding },
}

/// What replies of both kinds are sent with.
#[derive(Clone)]
struct Header {
    express: bool,
    stamp: Stamp,
}

impl PutOptions {
    fn header(&self) -> Outcome<Header> {
        Ok(Header { express: qos::unpack(self.qos)?.express, stamp: self.stamp()? })
    }
}

impl Header {
    fn on<'a, 'b, T>(self, reply: ReplyBuilder<'a, 'b, T>) -> ReplyBuilder<'a, 'b, T> {
        reply.express(self.express).timestamp(self.stamp.timestamp).source_info(self.stamp.source)
    }
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
            Reply::Sample { key, header, encoding } => {
                header.on(query.reply(key, payload)).encoding(encoding).attachment(attachment).wait()
            }
            Reply::Deletion { key, header } => header.on(query.reply_del(key)).attachment(attachment).wait(),
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
