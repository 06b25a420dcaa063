// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A zenoh session as one environment holds it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use zenoh::bytes::Encoding;
use zenoh::internal::runtime::{Runtime, RuntimeBuilder, ZRuntime};
use zenoh::key_expr::OwnedKeyExpr;
use zenoh::sample::SampleKind;
use zenoh::session::{LinkEvent, TransportEvent};
use zenoh::{Config, Result as ZResult, Session, Wait};

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::config::ConfigHandle;
use crate::drain::Queues;
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::keyexpr::DeclaredKeys;
use crate::lanes::Lanes;
use crate::mailbox::Value;
use crate::message::{Delete, Message, Put};
use crate::outgoing::{Call, Outgoing};
use crate::qos::Way;
use crate::remote_api::{Bound, Options, Server};
use crate::watched::Watched;
use crate::{qos, shm_files, shm_limits, source};

/// How long a close waits for peers that do not answer; the session is closed all the same.
const CLOSE_LIMIT: Duration = Duration::from_secs(3);

/// What outlives the JavaScript handle: the end of the environment closes it.
pub struct SessionCore {
    pub session: Session,
    runtime: Runtime,
    pub lanes: Arc<Lanes>,
    /// A thread waiting for room in one would hold zenoh's close up.
    pub rings: Watched,
    /// Publishers and queriers. zenoh lets go of the runtime of a session only if they went before.
    pub declared: Watched,
    pub keys: DeclaredKeys,
    /// Of websocket clients, when it was asked for.
    server: Option<Server>,
}

impl SessionCore {
    pub fn close(&self) -> Outcome<()> {
        self.rings.end();
        let serving = Instant::now();
        // Its clients are sessions of this runtime. What waits for room in a ring has been let go above.
        if let Some(server) = &self.server {
            server.close();
        }
        let limit = CLOSE_LIMIT.saturating_sub(serving.elapsed());
        self.lanes.close();
        self.declared.end();
        let started = Instant::now();
        let left = || limit.saturating_sub(started.elapsed()).max(Duration::from_millis(1));
        let session = self.session.close().timeout(left()).wait();
        let runtime = self.runtime.close().timeout(left()).wait();
        session.and(runtime).map_err(|error| Fault::new("CLOSE_TIMEOUT", error))
    }
}

pub struct SessionHandle {
    pub core: Arc<SessionCore>,
}

/// What zenoh refused on `session`; a session that closed meanwhile is the reason whatever zenoh says.
pub fn refused<E: std::fmt::Display>(session: &Session) -> impl FnOnce(E) -> Fault + '_ {
    |error| match session.is_closed() {
        true => Fault::closed("session"),
        false => Fault::new("NETWORK", error),
    }
}

/// As `zenoh::open`, keeping hold of the runtime: its statistics tell what the network lost.
fn open(config: Config) -> ZResult<(Session, Runtime)> {
    let aggregated = |key: &str| -> ZResult<Vec<OwnedKeyExpr>> {
        Ok(serde_json::from_str(&config.get_json(&format!("aggregation/{key}"))?)?)
    };
    let (subscribers, publishers) = (aggregated("subscribers")?, aggregated("publishers")?);
    ZRuntime::Application.block_in_place(async {
        let mut runtime = RuntimeBuilder::new(config).build().await?;
        let session = zenoh::session::init(runtime.clone().into())
            .aggregated_subscribers(subscribers)
            .aggregated_publishers(publishers)
            .await?;
        match runtime.start().await {
            Ok(()) => Ok((session, runtime)),
            Err(error) => {
                let _ = session.close().await;
                let _ = runtime.close().await;
                Err(error)
            }
        }
    })
}

fn count_transports(session: &Session, lanes: &Arc<Lanes>) -> ZResult<()> {
    // Weak: the session owns the listener, and the lanes hold the session's runtime.
    let lanes = Arc::downgrade(lanes);
    let count = move |event: TransportEvent| {
        let Some(lanes) = lanes.upgrade() else { return };
        match event.kind() {
            SampleKind::Put => {
                lanes.drain.opened(event.transport().zid().to_string());
                lanes.transports.fetch_add(1, Ordering::Relaxed);
            }
            SampleKind::Delete => {
                lanes.transports.fetch_sub(1, Ordering::Relaxed);
            }
        }
    };
    session.info().transport_events_listener().history(true).callback(count).background().wait()
}

fn watch_links(session: &Session, lanes: &Arc<Lanes>) -> ZResult<()> {
    let lanes = Arc::downgrade(lanes);
    let watch = move |event: LinkEvent| {
        let Some(lanes) = lanes.upgrade() else { return };
        lanes.drain.link(event.link().mtu(), event.kind() == SampleKind::Put);
    };
    session.info().link_events_listener().history(true).callback(watch).background().wait()
}

/// `serve`: the options of a websocket server as JSON; empty for none.
pub fn session_open(env: &Env, config: &ConfigHandle, serve: &str) -> Outcome<u32> {
    let config = config.0.clone();
    let serve = (!serve.is_empty()).then(|| Options::parse(serve)).transpose()?;
    let sessions = env.sessions();
    shm_files::tidy_at_exit();
    env.start(move || {
        shm_limits::check_session(&config)?;
        let queues = Queues::of(&config);
        // Before the session, so that nothing is open when it fails.
        let bound = serve.map(Bound::new).transpose()?;
        let (session, runtime) = open(config).map_err(|error| Fault::new("OPEN_FAILED", error))?;
        let lanes = Lanes::new(runtime.clone(), queues);
        let watched = watch_links(&session, &lanes).and_then(|()| count_transports(&session, &lanes));
        watched.map_err(|error| Fault::new("OPEN_FAILED", error))?;
        let (rings, declared, keys) = (Watched::default(), Watched::default(), DeclaredKeys::default());
        let (server, failed) = match bound.map(|bound| bound.start(runtime.clone())).transpose() {
            Ok(server) => (server, None),
            Err(fault) => (None, Some(fault)),
        };
        let core = Arc::new(SessionCore { session, runtime, lanes, rings, declared, keys, server });
        if let Some(fault) = failed {
            let _ = core.close();
            return Err(fault);
        }
        sessions.lock().unwrap_or_else(PoisonError::into_inner).push(core.clone());
        Ok(Value::Session(Box::new(SessionHandle { core })))
    })
}

impl PutOptions {
    /// None: the publisher's, or zenoh's default.
    pub fn encoding(&self) -> Outcome<Option<Encoding>> {
        if self.encoding.is_empty() {
            return Ok(None);
        }
        qos::encoding(&self.encoding).map(Some)
    }

    /// Whether the caller wants to wait on its own thread.
    pub fn sync(&self) -> bool {
        self.qos & qos::SYNC != 0
    }

    pub fn attached<'a>(&self, attachment: &'a [SegmentRef]) -> Option<&'a [SegmentRef]> {
        self.has_attachment.then_some(attachment)
    }
}

impl SessionHandle {
    pub fn live(&self) -> Outcome<&Session> {
        match self.core.session.is_closed() {
            true => Err(Fault::closed("session")),
            false => Ok(&self.core.session),
        }
    }

    pub fn is_closed(&self) -> bool {
        self.core.session.is_closed()
    }

    pub fn zid(&self) -> String {
        self.core.session.zid().to_string()
    }

    pub fn id(&self) -> String {
        source::id_text(&self.core.session.id())
    }

    pub fn new_timestamp(&self) -> Outcome<String> {
        guard(|| Ok(self.live()?.new_timestamp().to_string()))
    }

    /// JSON: see `SessionFacts` in `backend.ts`.
    pub fn stats(&self, env: &Env) -> Outcome<String> {
        guard(|| {
            let lanes = &self.core.lanes;
            let sent = |count: &AtomicU64| count.load(Ordering::Relaxed);
            let stats = serde_json::json!({
                "inline": sent(&lanes.sent.inline),
                "offloaded": sent(&lanes.sent.offloaded),
                "connections": lanes.transports.load(Ordering::Relaxed),
                "lost": lanes.losses.total(),
                "shown": env.regions.summary(),
            });
            Ok(stats.to_string())
        })
    }

    /// JSON: see `WebSocketServerStats` in `websocket-server.ts`; empty without a server.
    pub fn server_stats(&self) -> Outcome<String> {
        guard(|| Ok(self.core.server.as_ref().map_or_else(String::new, |server| server.stats().to_string())))
    }

    pub fn close(&self, env: &Env) -> Outcome<u32> {
        let core = self.core.clone();
        let sessions = env.sessions();
        env.start(move || {
            let result = core.close();
            sessions.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| !Arc::ptr_eq(other, &core));
            result.map(|()| Value::Nothing)
        })
    }

    pub fn put(
        &self,
        env: &Env,
        key: &str,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
    ) -> Outcome<PutOutcome> {
        guard(|| {
            let message = Message { encoding: options.encoding()?, ..self.message(key, options)? };
            self.send(env, segments, attachment, options, message, Put)
        })
    }

    pub fn delete(&self, env: &Env, key: &str, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| self.send(env, &[], attachment, options, self.message(key, options)?, Delete))
    }

    fn message(&self, key: &str, options: &PutOptions) -> Outcome<Message> {
        let (session, key, qos) = (self.live()?.clone(), self.key(key, options.declared)?, qos::unpack(options.qos)?);
        Ok(Message { session, key, qos, encoding: None, stamp: options.stamp()? })
    }

    fn send<C: Call>(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
        message: Message,
        call: fn(Message) -> C,
    ) -> Outcome<PutOutcome> {
        let lanes = &self.core.lanes;
        let way = Way { sync: options.sync(), key: message.key.len(), ..message.qos.way(lanes) };
        Outgoing { env, lanes, way, segments, attachment: options.attached(attachment) }.send(call(message))
    }
}
