// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Puts, gets and replies, as a client asks for them. Values that the protocol has no room for are refused here.

use std::sync::Arc;
use std::time::Duration;

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::handlers::CallbackDrop;
use zenoh::internal::buffers::ZSlice;
use zenoh::query::{Query, Reply, ReplyKeyExpr, Selector};
use zenoh::time::{Timestamp, NTP64};
use zenoh::{Result as ZResult, Wait};

use super::backlog::Backlog;
use super::client::Client;
use super::key;
use super::outgoing::Answer;
use super::request::{Extras, Question, RawEncoding, RawTimestamp};
use crate::asking::{self, asking, Asking};
use crate::fault::{contain, Fault, Outcome};
use crate::qos;

/// Of a reply's settings; the others are the query's.
const EXPRESS: u8 = 16;

fn invalid(text: impl std::fmt::Display) -> Fault {
    Fault::new("INVALID_ARGUMENT", text)
}

pub fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::new("NETWORK", error)
}

pub fn encoding((id, schema): RawEncoding) -> Outcome<Encoding> {
    qos::check_schema(schema.len())?;
    let schema = (!schema.is_empty()).then(|| ZSlice::from(schema.to_vec()));
    Ok(Encoding::new(id, schema))
}

fn timestamp(raw: Option<RawTimestamp>) -> Outcome<Option<Timestamp>> {
    let Some((time, id)) = raw else { return Ok(None) };
    let id = id.as_ref().try_into().map_err(|_| invalid("a timestamp's id has 1 to 16 bytes and is not zero"))?;
    Ok(Some(Timestamp::new(NTP64(time), id)))
}

fn timeout(milliseconds: u32) -> Duration {
    Duration::from_millis(u64::from(milliseconds))
}

/// `how`: bits 0-1 target, 2-3 consolidation, 4 whether replies must match.
pub fn unpack_asking(bits: u8, how: u8, limit: u32) -> Outcome<Asking> {
    Ok(Asking {
        target: asking::target(how & 3)?,
        consolidation: asking::consolidation(how >> 2 & 3)?,
        timeout: timeout(limit),
        accept: if how & 16 == 0 { ReplyKeyExpr::Any } else { ReplyKeyExpr::MatchingQuery },
        qos: qos::unpack(u32::from(bits))?,
    })
}

fn done(result: ZResult<()>) -> Outcome<Answer> {
    result.map(|()| Answer::Done).map_err(failed)
}

/// On the builders of puts, deletions and replies, which share no trait.
macro_rules! carrying {
    ($builder:expr, $extras:expr) => {
        $builder.attachment($extras.attachment).timestamp(timestamp($extras.timestamp)?)
    };
}

/// Asks, on the builders of sessions' and queriers' gets, which share no trait.
macro_rules! ask {
    ($builder:expr, $question:expr, $replies:expr) => {{
        let mut get = $builder.attachment($question.attachment);
        if let Some(payload) = $question.payload {
            get = get.payload(payload);
        }
        if let Some(raw) = $question.encoding {
            get = get.encoding(encoding(raw)?);
        }
        done(get.with($replies.handler()).wait())
    }};
}

/// Of a get: tells the client each reply, and the end however it comes, also when zenoh refused the get.
struct Replies {
    get: u32,
    backlog: Arc<Backlog>,
}

impl Drop for Replies {
    fn drop(&mut self) {
        contain(|| self.backlog.response_final(self.get));
    }
}

impl Replies {
    fn handler(self) -> CallbackDrop<impl Fn(Reply) + Send + Sync, impl FnMut() + Send + Sync> {
        CallbackDrop { callback: move |reply: Reply| contain(|| self.backlog.reply(self.get, &reply)), drop: || () }
    }
}

impl Client {
    pub fn put(&self, key: &str, payload: ZBytes, raw: RawEncoding, extras: Extras, bits: u8) -> Outcome<Answer> {
        let qos = qos::unpack(u32::from(bits))?;
        let put = carrying!(self.session.put(key::parse(key)?, payload), extras).encoding(encoding(raw)?);
        done(qos::settings!(put, qos).reliability(qos.reliability).wait())
    }

    pub fn delete(&self, key: &str, extras: Extras, bits: u8) -> Outcome<Answer> {
        let qos = qos::unpack(u32::from(bits))?;
        let delete = carrying!(self.session.delete(key::parse(key)?), extras);
        done(qos::settings!(delete, qos).reliability(qos.reliability).wait())
    }

    pub fn publisher_put(
        &self,
        publisher: u32,
        payload: ZBytes,
        raw: Option<RawEncoding>,
        extras: Extras,
    ) -> Outcome<Answer> {
        let mut put = carrying!(self.declared.publisher(publisher)?.put(payload), extras);
        if let Some(raw) = raw {
            put = put.encoding(encoding(raw)?);
        }
        done(put.wait())
    }

    pub fn publisher_delete(&self, publisher: u32, extras: Extras) -> Outcome<Answer> {
        done(carrying!(self.declared.publisher(publisher)?.delete(), extras).wait())
    }

    fn replies(&self, get: u32) -> Replies {
        Replies { get, backlog: self.backlog.clone() }
    }

    pub fn get(&self, id: u32, key: &str, question: Question, bits: u8, how: u8, limit: u32) -> Outcome<Answer> {
        let replies = self.replies(id);
        let (how, key) = (unpack_asking(bits, how, limit)?, key::parse(key)?);
        let selector: Selector =
            if question.parameters.is_empty() { key.into() } else { (key, question.parameters).into() };
        ask!(asking!(self.session.get(selector), how), question, replies)
    }

    pub fn querier_get(&self, id: u32, querier: u32, question: Question) -> Outcome<Answer> {
        let replies = self.replies(id);
        let mut get = self.declared.querier(querier)?.get();
        if !question.parameters.is_empty() {
            get = get.parameters(question.parameters);
        }
        ask!(get, question, replies)
    }

    pub fn liveliness_get(&self, id: u32, key: &str, limit: u32) -> Outcome<Answer> {
        let replies = self.replies(id);
        let liveliness = self.session.liveliness();
        done(liveliness.get(key::parse(key)?).timeout(timeout(limit)).with(replies.handler()).wait())
    }

    /// The query `id`, unless it has ended or was taken for one that had.
    fn asked(&self, id: u32) -> Outcome<Query> {
        self.pending.get(id).ok_or_else(|| invalid(format_args!("there is no query {id}")))
    }

    pub fn reply_ok(
        &self,
        query: u32,
        key: &str,
        payload: ZBytes,
        raw: RawEncoding,
        extras: Extras,
        bits: u8,
    ) -> Outcome<Answer> {
        let query = self.asked(query)?;
        let reply = carrying!(query.reply(key::parse(key)?, payload), extras).encoding(encoding(raw)?);
        done(reply.express(bits & EXPRESS != 0).wait())
    }

    pub fn reply_del(&self, query: u32, key: &str, extras: Extras, bits: u8) -> Outcome<Answer> {
        let query = self.asked(query)?;
        done(carrying!(query.reply_del(key::parse(key)?), extras).express(bits & EXPRESS != 0).wait())
    }

    pub fn reply_err(&self, query: u32, payload: ZBytes, raw: RawEncoding) -> Outcome<Answer> {
        let query = self.asked(query)?;
        done(query.reply_err(payload).encoding(encoding(raw)?).wait())
    }

    pub fn response_final(&self, query: u32) -> Outcome<Answer> {
        self.asked(query)?;
        drop(self.pending.take(query));
        Ok(Answer::Done)
    }
}
