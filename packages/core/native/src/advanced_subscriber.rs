// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A subscriber that asks caches for what was published before it came, or got lost.
//!
//! zenoh-ext calls its sink under a lock that every sample of the subscriber takes: hence the locked sink.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::json;
use zenoh::Wait;
use zenoh_ext::{AdvancedSubscriberBuilderExt, HistoryConfig, RecoveryConfig};

use crate::bridge::ffi::QueueOptions;
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::{Arrival, Entity, InboxHandle, NewInbox};
use crate::listener::End;
use crate::qos;
use crate::session::{refused, SessionHandle};
use crate::settings::Settings;

fn history(settings: &Settings) -> Outcome<HistoryConfig> {
    let mut config = HistoryConfig::default();
    if settings.flag("detectLatePublishers") {
        config = config.detect_late_publishers();
    }
    if let Some(count) = settings.number("maxSamples")? {
        config = config.max_samples(count as usize);
    }
    if let Some(age) = settings.duration("maxAge")? {
        config = config.max_age(age.as_secs_f64());
    }
    Ok(config)
}

fn recovery(settings: &Settings) -> Outcome<RecoveryConfig> {
    let config = RecoveryConfig::<false>::default();
    let config = match settings.duration("periodicQueries")? {
        Some(period) => config.periodic_queries(period),
        None if settings.flag("heartbeat") => config.heartbeat(),
        None => RecoveryConfig::default(),
    };
    Ok(match settings.duration("retentionPeriod")? {
        Some(period) => config.retention_period(period),
        None => config,
    })
}

impl SessionHandle {
    /// `settings` is JSON, as `native/advanced.ts` writes it.
    pub fn declare_advanced_subscriber(
        &self,
        env: &Env,
        key: &str,
        origin: u32,
        settings: &str,
        options: &QueueOptions,
    ) -> Outcome<u32> {
        guard(|| {
            let (origin, settings) = (qos::locality(origin)?, Settings::read(settings)?);
            let history = settings.within("history").as_ref().map(history).transpose()?;
            let recovery = settings.within("recovery").as_ref().map(recovery).transpose()?;
            let timeout = settings.duration("queryTimeout")?.unwrap_or(Duration::from_secs(10));
            let (detection, metadata) = (settings.flag("detection"), settings.key("metadata")?);
            self.declare(env, key, options, NewInbox::locked_sink, move |session, key, sink| {
                let mut declare =
                    session.declare_subscriber(key).advanced().allowed_origin(origin).query_timeout(timeout);
                if let Some(history) = history {
                    declare = declare.history(history);
                }
                if let Some(recovery) = recovery {
                    declare = declare.recovery(recovery);
                }
                if detection {
                    declare = declare.subscriber_detection();
                }
                if let Some(metadata) = metadata {
                    declare = declare.subscriber_detection_metadata(metadata);
                }
                declare.callback(move |sample| sink.receive(Arrival::Sample(sample))).wait().map(Entity::Advanced)
            })
        })
    }
}

impl InboxHandle {
    /// Tells `{zid, eid, nb}` of each gap that was not recovered. Ends with the subscriber.
    pub fn miss_listener(&self, env: &Env, session: &SessionHandle) -> Outcome<u32> {
        let (entity, declaring) = (self.entity.clone(), self.declaring.clone());
        session.listen(env, move |session, teller| {
            let _declaring = Declaring::begin(&declaring);
            let entity = entity.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(Entity::Advanced(subscriber)) = entity.as_ref() else {
                return Err(Fault::closed("subscriber"));
            };
            let hear = subscriber.sample_miss_listener().callback(move |miss| {
                let source = miss.source();
                teller.tell(&json!({ "zid": source.zid().to_string(), "eid": source.eid(), "nb": miss.nb() }));
            });
            let mut listener = hear.wait().map_err(refused(session))?;
            // Its drop, by the collector on the JavaScript thread, would wait for the subscriber's lock.
            listener.set_background(true);
            let end: End = Box::new(move || {
                let _declaring = Declaring::begin(&declaring);
                listener.undeclare().wait().map_err(|error| Fault::new("NETWORK", error))
            });
            Ok(end)
        })
    }
}

/// While this lives, a full queue takes what zenoh-ext delivers under its lock: the reader waits for that lock.
struct Declaring(Arc<AtomicBool>);

impl Declaring {
    fn begin(flag: &Arc<AtomicBool>) -> Self {
        flag.store(true, Ordering::Release);
        Self(flag.clone())
    }
}

impl Drop for Declaring {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
