// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A zenoh session as one environment holds it.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use zenoh::bytes::Encoding;
use zenoh::{Session, Wait};

use crate::bridge::ffi::{PutOptions, PutOutcome, SegmentRef};
use crate::config::ConfigHandle;
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::ItemRing;
use crate::mailbox::Value;
use crate::outgoing::lend;
use crate::{keyexpr, qos, shm_files, shm_limits};

/// How long a close waits for peers that do not answer; the session is closed all the same.
const CLOSE_LIMIT: Duration = Duration::from_secs(3);

/// What outlives the JavaScript handle: the end of the environment closes it.
pub struct SessionCore {
    pub session: Session,
    rings: Mutex<Vec<Weak<ItemRing>>>,
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
        self.session.close().timeout(CLOSE_LIMIT).wait().map_err(|error| Fault::new("CLOSE_TIMEOUT", error))
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

pub fn session_open(env: &Env, config: &ConfigHandle) -> Outcome<u32> {
    let config = config.0.clone();
    let sessions = env.sessions();
    shm_files::tidy_at_exit();
    env.start(move || {
        shm_limits::check_session(&config)?;
        let session = zenoh::open(config).wait().map_err(|error| Fault::new("OPEN_FAILED", error))?;
        let core = Arc::new(SessionCore { session, rings: Mutex::default() });
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
            let (session, key, qos) = (self.live()?, keyexpr::parse(key)?, qos::unpack(options.qos)?);
            let (timestamp, encoding) = (qos::timestamp(&options.timestamp)?, options.encoding()?);
            lend(env, segments, options.has_attachment.then_some(attachment), |payload, attachment| {
                let put = session
                    .put(key, payload)
                    .priority(qos.priority)
                    .congestion_control(qos.congestion)
                    .express(qos.express)
                    .reliability(qos.reliability)
                    .allowed_destination(qos.destination)
                    .timestamp(timestamp)
                    .attachment(attachment);
                match encoding {
                    None => put.wait(),
                    Some(encoding) => put.encoding(encoding).wait(),
                }
                .map_err(refused(session))
            })
        })
    }

    pub fn delete(&self, env: &Env, key: &str, attachment: &[SegmentRef], options: &PutOptions) -> Outcome<PutOutcome> {
        guard(|| {
            let (session, key, qos) = (self.live()?, keyexpr::parse(key)?, qos::unpack(options.qos)?);
            let timestamp = qos::timestamp(&options.timestamp)?;
            lend(env, &[], options.has_attachment.then_some(attachment), |_, attachment| {
                session
                    .delete(key)
                    .priority(qos.priority)
                    .congestion_control(qos.congestion)
                    .express(qos.express)
                    .reliability(qos.reliability)
                    .allowed_destination(qos.destination)
                    .timestamp(timestamp)
                    .attachment(attachment)
                    .wait()
                    .map_err(refused(session))
            })
        })
    }
}
