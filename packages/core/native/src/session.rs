// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A zenoh session as one environment holds it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use zenoh::bytes::Encoding;
use zenoh::internal::runtime::{Runtime, RuntimeBuilder, ZRuntime};
use zenoh::key_expr::OwnedKeyExpr;
use zenoh::sample::{Locality, SampleKind};
use zenoh::session::TransportEvent;
use zenoh::{Config, Result as ZResult, Session, Wait};

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::config::ConfigHandle;
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::ItemRing;
use crate::keyexpr::DeclaredKeys;
use crate::lanes::Lanes;
use crate::mailbox::Value;
use crate::message::{Delete, Message, Put};
use crate::outgoing::{send, Call};
use crate::qos::{Qos, Way};
use crate::{qos, shm_files, shm_limits, source, timestamp_stack};

/// How long a close waits for peers that do not answer; the session is closed all the same.
const CLOSE_LIMIT: Duration = Duration::from_secs(3);

/// What outlives the JavaScript handle: the end of the environment closes it.
pub struct SessionCore {
    pub session: Session,
    runtime: Runtime,
    pub lanes: Arc<Lanes>,
    rings: Mutex<Vec<Weak<ItemRing>>>,
    pub keys: DeclaredKeys,
}

impl SessionCore {
    /// A ring to be closed before the session is: a thread waiting for room in it would hold zenoh's close up.
    pub fn watch(&self, ring: &Arc<ItemRing>) {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        rings.retain(|ring| ring.strong_count() > 0);
        rings.push(Arc::downgrade(ring));
    }

    pub fn close(&self) -> Outcome<()> {
        for ring in self.rings.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if let Some(ring) = ring.upgrade() {
                ring.close();
            }
        }
        self.lanes.close();
        let started = Instant::now();
        let left = || CLOSE_LIMIT.saturating_sub(started.elapsed()).max(Duration::from_millis(1));
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
            SampleKind::Put => lanes.transports.fetch_add(1, Ordering::Relaxed),
            SampleKind::Delete => lanes.transports.fetch_sub(1, Ordering::Relaxed),
        };
    };
    session.info().transport_events_listener().history(true).callback(count).background().wait()
}

pub fn session_open(env: &Env, config: &ConfigHandle) -> Outcome<u32> {
    let config = config.0.clone();
    let sessions = env.sessions();
    shm_files::tidy_at_exit();
    env.start(move || {
        shm_limits::check_session(&config)?;
        let (session, runtime) = open(config).map_err(|error| Fault::new("OPEN_FAILED", error))?;
        let lanes = Lanes::new(runtime.clone());
        count_transports(&session, &lanes).map_err(|error| Fault::new("OPEN_FAILED", error))?;
        let (rings, keys) = (Mutex::default(), DeclaredKeys::default());
        let core = Arc::new(SessionCore { session, runtime, lanes, rings, keys });
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
            let put = Message { encoding: options.encoding()?, ..self.message(key, options)? };
            self.send(env, segments, attachment, options, Put(put))
        })
    }

    pub fn delete(&self, env: &Env, key: &str, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| self.send(env, &[], attachment, options, Delete(self.message(key, options)?)))
    }

    fn message(&self, key: &str, options: &PutOptions) -> Outcome<Message> {
        let (session, key, qos) = (self.live()?.clone(), self.key(key, options.declared)?, qos::unpack(options.qos)?);
        let (timestamp, source) = (qos::timestamp(&options.timestamp)?, source::parse(&options.source)?);
        let instrumentation = timestamp_stack::unpack(options.qos >> timestamp_stack::POINTS);
        Ok(Message { session, key, qos, encoding: None, timestamp, source, instrumentation })
    }

    fn send(
        &self,
        env: &Env,
        segments: &[SegmentRef],
        attachment: &[SegmentRef],
        options: &PutOptions,
        call: impl Call + AsRef<Message>,
    ) -> Outcome<PutOutcome> {
        let Qos { priority, congestion, destination, .. } = call.as_ref().qos;
        let remote = destination != Locality::SessionLocal && self.core.lanes.connected();
        let sync = options.qos & qos::SYNC != 0;
        let way = Way { priority, congestion, destination, whole: false, keeps: false, remote, sync };
        send(env, &self.core.lanes, &way, segments, options.attached(attachment), call)
    }
}
