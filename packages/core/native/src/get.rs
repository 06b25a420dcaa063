// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Gets: a question whose replies fill an inbox that ends by itself.

use std::time::Duration;

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::cancellation::CancellationToken;
use zenoh::qos::{CongestionControl, Priority, Reliability};
use zenoh::query::Selector;
use zenoh::sample::{Locality, SourceInfo};
use zenoh::timestamp_stack::TimestampInstrumentation;
use zenoh::Wait;

use crate::asking::asking;
use crate::bridge::ffi::{GetOptions, PutOutcome, QueryOptions, QueueOptions, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::{Arrival, Entity, InboxHandle, Sink};
use crate::outgoing::Outgoing;
use crate::qos::{Qos, Way};
use crate::session::{refused, SessionCore, SessionHandle};
use crate::{keyexpr, qos, source, timestamp_stack};

/// What zenoh asks for tokens with.
const INTEREST: Qos = Qos {
    priority: Priority::RealTime,
    congestion: CongestionControl::Block,
    express: false,
    reliability: Reliability::Reliable,
    destination: Locality::Any,
};

/// A get that has been asked, or is about to be by lane, and what the call that asked it has to tell.
pub struct Asked {
    inbox: Option<Box<InboxHandle>>,
    outcome: PutOutcome,
}

impl Asked {
    pub fn inbox(&mut self) -> Outcome<Box<InboxHandle>> {
        self.inbox.take().ok_or_else(|| Fault::new("INTERNAL", "the inbox was taken before"))
    }

    pub fn outcome(&self) -> &PutOutcome {
        &self.outcome
    }
}

/// What a get carries.
#[derive(Default)]
pub struct Question<'a> {
    segments: Option<&'a [SegmentRef]>,
    attachment: Option<&'a [SegmentRef]>,
    /// Of the payload.
    encoding: Encoding,
    source: Option<SourceInfo>,
    instrumentation: Option<TimestampInstrumentation>,
}

impl GetOptions {
    pub fn question<'a>(&self, segments: &'a [SegmentRef], attachment: &'a [SegmentRef]) -> Outcome<Question<'a>> {
        Ok(Question {
            segments: self.has_payload.then_some(segments),
            attachment: self.has_attachment.then_some(attachment),
            encoding: qos::encoding(&self.encoding)?,
            source: source::parse(&self.source)?,
            instrumentation: timestamp_stack::unpack(self.instrumentation),
        })
    }
}

/// A question as zenoh takes it, and where its replies go.
pub struct Request {
    pub payload: Option<ZBytes>,
    pub attachment: Option<ZBytes>,
    pub encoding: Encoding,
    pub source: Option<SourceInfo>,
    pub instrumentation: Option<TimestampInstrumentation>,
    pub token: CancellationToken,
    pub sink: Sink,
}

/// Asks, on the builders of sessions' and queriers' gets, which share no trait.
macro_rules! ask {
    ($builder:expr, $request:expr) => {{
        let $crate::get::Request { payload, attachment, encoding, source, instrumentation, token, sink } = $request;
        let get = $builder
            .source_info(source)
            .timestamp_instrumentation(instrumentation)
            .attachment(attachment)
            .cancellation_token(token)
            .callback(move |reply| sink.receive($crate::inbox::Arrival::Reply(reply)));
        match payload {
            None => get.wait(),
            Some(payload) => get.payload(payload).encoding(encoding).wait(),
        }
    }};
}
pub(crate) use ask;

/// Makes the inbox of the replies, and asks: on this thread when that cannot take long, otherwise by lane.
pub fn asked(
    env: &Env,
    core: &SessionCore,
    qos: &Qos,
    queue: &QueueOptions,
    Question { segments, attachment, encoding, source, instrumentation }: Question<'_>,
    ask: impl FnOnce(Request) -> Outcome<()> + Send + 'static,
) -> Outcome<Box<Asked>> {
    let (lanes, inbox, token) = (&core.lanes, core.inbox(env, queue)?, CancellationToken::default());
    let (sink, cancelled, has_payload) = (inbox.sink(), token.clone(), segments.is_some());
    let ask = move |payload, attachment| {
        let payload = has_payload.then_some(payload);
        ask(Request { payload, attachment, encoding, source, instrumentation, token: cancelled, sink })
    };
    let way = Way { whole: true, ..qos.way(lanes) };
    let outcome = Outgoing { env, lanes, way, segments: segments.unwrap_or_default(), attachment }.once(ask)?;
    Ok(Box::new(Asked { inbox: Some(inbox.with(Entity::Get(token))), outcome }))
}

impl SessionHandle {
    #[allow(clippy::too_many_arguments)] // One call across the border is the point.
    pub fn get(
        &self,
        env: &Env,
        key: &str,
        parameters: &str,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        query: &QueryOptions,
        options: &GetOptions,
        queue: &QueueOptions,
    ) -> Outcome<Box<Asked>> {
        guard(|| {
            let (session, asking) = (self.live()?.clone(), query.unpack()?);
            let selector = Selector::owned(self.key(key, options.declared)?, parameters.to_owned());
            let (question, qos) = (options.question(segments, attachment)?, asking.qos);
            asked(env, &self.core, &qos, queue, question, move |request| {
                ask!(asking!(session.get(selector), asking), request).map_err(refused(&session))
            })
        })
    }

    pub fn liveliness_get(&self, env: &Env, key: &str, timeout_ms: u64, queue: &QueueOptions) -> Outcome<Box<Asked>> {
        guard(|| {
            let (session, key) = (self.live()?.clone(), keyexpr::parse(key)?);
            let question = Question::default();
            asked(env, &self.core, &INTEREST, queue, question, move |Request { token, sink, .. }| {
                session
                    .liveliness()
                    .get(key)
                    .timeout(Duration::from_millis(timeout_ms))
                    .cancellation_token(token)
                    .callback(move |reply| sink.receive(Arrival::Reply(reply)))
                    .wait()
                    .map_err(refused(&session))
            })
        })
    }
}
