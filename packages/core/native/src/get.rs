// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Gets: a question whose replies fill an inbox that ends by itself.

use std::time::Duration;

use zenoh::cancellation::CancellationToken;
use zenoh::qos::CongestionControl;
use zenoh::query::{ConsolidationMode, QueryTarget, ReplyKeyExpr, Selector};
use zenoh::Wait;

use crate::bridge::ffi::{GetOptions, QueryOptions, QueueOptions, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::{Arrival, Entity, InboxHandle, NewInbox, Sink};
use crate::outgoing::{lend, Lending};
use crate::session::{refused, SessionHandle};
use crate::{keyexpr, qos, source, timestamp_stack};

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

/// A get that has been asked, and what the call that asked it has to tell.
pub struct Asked {
    inbox: Option<Box<InboxHandle>>,
    pub local: u32,
    pub held: usize,
}

impl Asked {
    pub fn inbox(&mut self) -> Outcome<Box<InboxHandle>> {
        self.inbox.take().ok_or_else(|| Fault::new("INTERNAL", "the inbox was taken before"))
    }

    pub fn local(&self) -> u32 {
        self.local
    }

    pub fn held(&self) -> usize {
        self.held
    }
}

/// Lends the segments to `ask`, and makes the inbox of its replies.
pub fn asked(
    env: &Env,
    inbox: NewInbox,
    segments: &[SegmentRef],
    attachment: &[SegmentRef],
    options: &GetOptions,
    congestion: CongestionControl,
    ask: impl FnOnce(Sink, CancellationToken, Option<zenoh::bytes::ZBytes>, Option<zenoh::bytes::ZBytes>) -> Outcome<()>,
) -> Outcome<Box<Asked>> {
    let token = CancellationToken::default();
    let sink = inbox.sink();
    let outcome = lend(
        env,
        segments,
        options.has_attachment.then_some(attachment),
        // With `BlockFirst` a thread of zenoh's reads the payload, at once or later.
        Lending { parks: false, keeps: congestion == CongestionControl::BlockFirst },
        |payload, attachment| ask(sink, token.clone(), options.has_payload.then_some(payload), attachment),
    )?;
    let inbox = inbox.with(Entity::Get(token));
    Ok(Box::new(Asked { inbox: Some(inbox), local: outcome.local, held: outcome.held }))
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
            let (session, asking) = (self.live()?, query.unpack()?);
            let selector = Selector::owned(self.key(key, options.declared)?, parameters.to_owned());
            let source = source::parse(&options.source)?;
            let inbox = self.inbox(env, queue)?;
            asked(
                env,
                inbox,
                segments,
                attachment,
                options,
                asking.qos.congestion,
                |sink, token, payload, attachment| {
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
                        .timestamp_instrumentation(timestamp_stack::unpack(options.instrumentation))
                        .attachment(attachment)
                        .cancellation_token(token)
                        .callback(move |reply| sink.receive(Arrival::Reply(reply)));
                    if let Some(payload) = payload {
                        get = get.payload(payload).encoding(qos::encoding(&options.encoding)?);
                    }
                    get.wait().map_err(refused(session))
                },
            )
        })
    }

    pub fn liveliness_get(&self, env: &Env, key: &str, timeout_ms: u64, queue: &QueueOptions) -> Outcome<Box<Asked>> {
        guard(|| {
            let (session, key) = (self.live()?, keyexpr::parse(key)?);
            let inbox = self.inbox(env, queue)?;
            let options = GetOptions::default();
            asked(env, inbox, &[], &[], &options, CongestionControl::Block, |sink, token, _, _| {
                session
                    .liveliness()
                    .get(key)
                    .timeout(Duration::from_millis(timeout_ms))
                    .cancellation_token(token)
                    .callback(move |reply| sink.receive(Arrival::Reply(reply)))
                    .wait()
                    .map_err(refused(session))
            })
        })
    }
}
