// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Gets: a question whose replies fill an inbox that ends by itself.

use std::sync::Arc;
use std::time::Duration;

use zenoh::bytes::ZBytes;
use zenoh::cancellation::CancellationToken;
use zenoh::qos::{CongestionControl, Priority, Reliability};
use zenoh::query::{ConsolidationMode, QueryTarget, ReplyKeyExpr, Selector};
use zenoh::sample::Locality;
use zenoh::Wait;

use crate::bridge::ffi::{GetOptions, PutOutcome, QueryOptions, QueueOptions, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::{Arrival, Entity, InboxHandle, NewInbox, Sink};
use crate::lanes::Lanes;
use crate::outgoing::once;
use crate::qos::{Qos, Way};
use crate::session::{refused, SessionHandle};
use crate::{keyexpr, qos, source, timestamp_stack};

/// What zenoh asks for tokens with.
const INTEREST: Qos = Qos {
    priority: Priority::RealTime,
    congestion: CongestionControl::Block,
    express: false,
    reliability: Reliability::Reliable,
    destination: Locality::Any,
};

pub struct Asking {
    pub target: QueryTarget,
    pub consolidation: ConsolidationMode,
    pub timeout: Duration,
    pub accept: ReplyKeyExpr,
    pub qos: qos::Qos,
}

impl QueryOptions {
    pub fn unpack(&self) -> Outcome<Asking> {
        let wrong = |what: &str, value: u8| Fault::new("INVALID_ARGUMENT", format_args!("{value} is no {what}"));
        Ok(Asking {
            target: match self.target {
                0 => QueryTarget::BestMatching,
                1 => QueryTarget::All,
                2 => QueryTarget::AllComplete,
                other => return Err(wrong("query target", other)),
            },
            consolidation: match self.consolidation {
                0 => ConsolidationMode::Auto,
                1 => ConsolidationMode::None,
                2 => ConsolidationMode::Monotonic,
                3 => ConsolidationMode::Latest,
                other => return Err(wrong("consolidation mode", other)),
            },
            timeout: Duration::from_millis(self.timeout_ms),
            accept: if self.accept_any { ReplyKeyExpr::Any } else { ReplyKeyExpr::MatchingQuery },
            qos: qos::unpack(self.qos)?,
        })
    }
}

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
pub struct Question<'a> {
    pub segments: &'a [SegmentRef],
    pub attachment: &'a [SegmentRef],
    pub options: &'a GetOptions,
}

/// Makes the inbox of the replies, and asks: on this thread when that cannot take long, otherwise by lane.
pub fn asked(
    env: &Env,
    lanes: &Arc<Lanes>,
    qos: &Qos,
    inbox: NewInbox,
    Question { segments, attachment, options }: Question<'_>,
    ask: impl FnOnce(Sink, CancellationToken, Option<ZBytes>, Option<ZBytes>) -> Outcome<()> + Send + 'static,
) -> Outcome<Box<Asked>> {
    let token = CancellationToken::default();
    let (sink, cancelled, has_payload) = (inbox.sink(), token.clone(), options.has_payload);
    let ask = move |payload, attachment| ask(sink, cancelled, has_payload.then_some(payload), attachment);
    let Qos { priority, congestion, destination, .. } = *qos;
    let remote = destination != Locality::SessionLocal && lanes.connected();
    let way = Way { priority, congestion, destination, whole: true, keeps: false, remote, sync: false };
    let outcome = once(env, lanes, &way, segments, options.has_attachment.then_some(attachment), ask)?;
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
            let source = source::parse(&options.source)?;
            let inbox = self.inbox(env, queue)?;
            let (encoding, instrumentation) = (qos::encoding(&options.encoding)?, options.instrumentation);
            let (lanes, qos) = (&self.core.lanes, asking.qos);
            asked(
                env,
                lanes,
                &qos,
                inbox,
                Question { segments, attachment, options },
                move |sink, token, payload, attachment| {
                    let mut get = session
                        .get(selector)
                        .target(asking.target)
                        .consolidation(asking.consolidation)
                        .timeout(asking.timeout)
                        .accept_replies(asking.accept)
                        .priority(asking.qos.priority)
                        .congestion_control(asking.qos.congestion)
                        .express(asking.qos.express)
                        .allowed_destination(asking.qos.destination)
                        .source_info(source)
                        .timestamp_instrumentation(timestamp_stack::unpack(instrumentation))
                        .attachment(attachment)
                        .cancellation_token(token)
                        .callback(move |reply| sink.receive(Arrival::Reply(reply)));
                    if let Some(payload) = payload {
                        get = get.payload(payload).encoding(encoding);
                    }
                    get.wait().map_err(refused(&session))
                },
            )
        })
    }

    pub fn liveliness_get(&self, env: &Env, key: &str, timeout_ms: u64, queue: &QueueOptions) -> Outcome<Box<Asked>> {
        guard(|| {
            let (session, key) = (self.live()?.clone(), keyexpr::parse(key)?);
            let inbox = self.inbox(env, queue)?;
            let question = Question { segments: &[], attachment: &[], options: &GetOptions::default() };
            asked(env, &self.core.lanes, &INTEREST, inbox, question, move |sink, token, _, _| {
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
