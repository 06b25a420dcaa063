// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A publisher that may also be an advanced one: with a cache, numbered samples, and a token that tells of it.

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::matching::{MatchingListener, MatchingStatus};
use zenoh::pubsub::Publisher;
use zenoh::session::EntityGlobalId;
use zenoh::{Result as ZResult, Wait};
use zenoh_ext::{AdvancedPublisher, AdvancedPublisherBuilderExt, CacheConfig, MissDetectionConfig, RepliesConfig};

use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::mailbox::Value;
use crate::publisher::PublisherHandle;
use crate::qos::{self, encoded};
use crate::session::{refused, SessionHandle};
use crate::settings::Settings;
use crate::stamp::Stamp;

pub enum AnyPublisher {
    Plain(Publisher<'static>),
    Advanced { publisher: AdvancedPublisher<'static>, cached: bool },
}

impl AnyPublisher {
    pub fn id(&self) -> EntityGlobalId {
        match self {
            AnyPublisher::Plain(publisher) => publisher.id(),
            AnyPublisher::Advanced { publisher, .. } => publisher.id(),
        }
    }

    /// Whether it numbers its samples: each must go out once, to its whole destination.
    pub fn numbers(&self) -> bool {
        matches!(self, AnyPublisher::Advanced { .. })
    }

    /// Whether it keeps what is put where zenoh's threads read it at any time: the cache answers queries.
    pub fn keeps(&self) -> bool {
        matches!(self, AnyPublisher::Advanced { cached: true, .. })
    }

    pub fn put(
        &self,
        payload: ZBytes,
        attachment: Option<ZBytes>,
        stamp: Stamp,
        encoding: Option<Encoding>,
    ) -> ZResult<()> {
        match self {
            AnyPublisher::Plain(publisher) => {
                let put = publisher.put(payload).timestamp(stamp.timestamp).source_info(stamp.source);
                let put = put.attachment(attachment).timestamp_instrumentation(stamp.instrumentation);
                encoded(put, encoding).wait()
            }
            AnyPublisher::Advanced { publisher, .. } => {
                let put = publisher.put(payload).attachment(attachment);
                let mut put = encoded(put, encoding).timestamp_instrumentation(stamp.instrumentation);
                // It has one already, which none would erase.
                if stamp.timestamp.is_some() {
                    put = put.timestamp(stamp.timestamp);
                }
                put.wait()
            }
        }
    }

    pub fn delete(&self, attachment: Option<ZBytes>, stamp: Stamp) -> ZResult<()> {
        match self {
            AnyPublisher::Plain(publisher) => {
                let delete = publisher.delete().timestamp(stamp.timestamp).source_info(stamp.source);
                delete.attachment(attachment).timestamp_instrumentation(stamp.instrumentation).wait()
            }
            AnyPublisher::Advanced { publisher, .. } => {
                let delete = publisher.delete().attachment(attachment);
                let mut delete = delete.timestamp_instrumentation(stamp.instrumentation);
                if stamp.timestamp.is_some() {
                    delete = delete.timestamp(stamp.timestamp);
                }
                delete.wait()
            }
        }
    }

    pub fn matching(&self) -> ZResult<bool> {
        Ok(match self {
            AnyPublisher::Plain(publisher) => publisher.matching_status().wait()?,
            AnyPublisher::Advanced { publisher, .. } => publisher.matching_status().wait()?,
        }
        .matching())
    }

    pub fn listen_matching(&self, hear: impl Fn(bool) + Send + Sync + 'static) -> ZResult<MatchingListener<()>> {
        let hear = move |status: MatchingStatus| hear(status.matching());
        match self {
            AnyPublisher::Plain(publisher) => publisher.matching_listener().callback(hear).wait(),
            AnyPublisher::Advanced { publisher, .. } => publisher.matching_listener().callback(hear).wait(),
        }
    }

    /// Ends the heartbeat, the cache and the token too.
    pub fn undeclare(self) -> ZResult<()> {
        match self {
            AnyPublisher::Plain(publisher) => publisher.undeclare().wait(),
            AnyPublisher::Advanced { publisher, .. } => publisher.undeclare().wait(),
        }
    }
}

impl SessionHandle {
    /// `settings` is JSON, as `native/advanced.ts` writes it.
    pub fn declare_advanced_publisher(
        &self,
        env: &Env,
        key: &str,
        encoding: &str,
        bits: u32,
        settings: &str,
    ) -> Outcome<u32> {
        guard(|| {
            let (declaration, settings) = (self.declaration(key, encoding, bits)?, Settings::read(settings)?);
            let core = self.core.clone();
            let cache = match settings.within("cache") {
                None => None,
                Some(cache) => {
                    let replies = qos::unpack(cache.number("replies")?.unwrap_or_default() as u32)?;
                    let replies = RepliesConfig::default()
                        .priority(replies.priority)
                        .congestion_control(replies.congestion)
                        .express(replies.express);
                    let config = CacheConfig::default().replies_config(replies);
                    Some(match cache.number("maxSamples")? {
                        None => config,
                        Some(count) => config.max_samples(count as usize),
                    })
                }
            };
            let misses = match settings.within("missDetection") {
                None => None,
                Some(misses) => {
                    let config = MissDetectionConfig::default();
                    Some(match (misses.duration("heartbeat")?, misses.duration("sporadicHeartbeat")?) {
                        (Some(period), _) => config.heartbeat(period),
                        (None, Some(period)) => config.sporadic_heartbeat(period),
                        (None, None) => config,
                    })
                }
            };
            let (detection, metadata) = (settings.flag("detection"), settings.key("metadata")?);
            env.start(move || {
                let mut declare = declaration.declare().advanced();
                let cached = cache.is_some();
                if let Some(cache) = cache {
                    declare = declare.cache(cache);
                }
                if let Some(misses) = misses {
                    declare = declare.sample_miss_detection(misses);
                }
                if detection {
                    declare = declare.publisher_detection();
                }
                if let Some(metadata) = metadata {
                    declare = declare.publisher_detection_metadata(metadata);
                }
                let publisher = declare.wait().map_err(refused(&declaration.session))?;
                let publisher = AnyPublisher::Advanced { publisher, cached };
                Ok(Value::Publisher(PublisherHandle::new(declaration, &core, publisher)?))
            })
        })
    }
}
