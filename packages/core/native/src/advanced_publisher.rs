// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A publisher that may also be an advanced one: with a cache, numbered samples, and a token that tells of it.

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::matching::{MatchingListener, MatchingStatus};
use zenoh::pubsub::Publisher;
use zenoh::sample::SourceInfo;
use zenoh::session::EntityGlobalId;
use zenoh::time::Timestamp;
use zenoh::timestamp_stack::TimestampInstrumentation;
use zenoh::{Result as ZResult, Wait};
use zenoh_ext::{AdvancedPublisher, AdvancedPublisherBuilderExt, CacheConfig, MissDetectionConfig, RepliesConfig};

use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::mailbox::Value;
use crate::publisher::{Declaration, PublisherHandle};
use crate::qos;
use crate::session::{refused, SessionHandle};
use crate::settings::Settings;

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
        timestamp: Option<Timestamp>,
        source: Option<SourceInfo>,
        instrumentation: Option<TimestampInstrumentation>,
        encoding: Option<Encoding>,
    ) -> ZResult<()> {
        match self {
            AnyPublisher::Plain(publisher) => {
                let put = publisher.put(payload).timestamp(timestamp).source_info(source).attachment(attachment);
                let put = put.timestamp_instrumentation(instrumentation);
                match encoding {
                    None => put.wait(),
                    Some(encoding) => put.encoding(encoding).wait(),
                }
            }
            AnyPublisher::Advanced { publisher, .. } => {
                let mut put = publisher.put(payload).attachment(attachment).timestamp_instrumentation(instrumentation);
                // It has one already, which none would erase.
                if timestamp.is_some() {
                    put = put.timestamp(timestamp);
                }
                match encoding {
                    None => put.wait(),
                    Some(encoding) => put.encoding(encoding).wait(),
                }
            }
        }
    }

    pub fn delete(
        &self,
        attachment: Option<ZBytes>,
        timestamp: Option<Timestamp>,
        source: Option<SourceInfo>,
        instrumentation: Option<TimestampInstrumentation>,
    ) -> ZResult<()> {
        match self {
            AnyPublisher::Plain(publisher) => {
                let delete = publisher.delete().timestamp(timestamp).source_info(source).attachment(attachment);
                delete.timestamp_instrumentation(instrumentation).wait()
            }
            AnyPublisher::Advanced { publisher, .. } => {
                let mut delete = publisher.delete().attachment(attachment).timestamp_instrumentation(instrumentation);
                if timestamp.is_some() {
                    delete = delete.timestamp(timestamp);
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
            let lanes = self.core.lanes.clone();
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
                let Declaration { session, key, encoding, qos } = declaration.clone();
                let mut declare = session
                    .declare_publisher(key)
                    .encoding(encoding)
                    .priority(qos.priority)
                    .congestion_control(qos.congestion)
                    .express(qos.express)
                    .reliability(qos.reliability)
                    .allowed_destination(qos.destination)
                    .advanced();
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
                let publisher =
                    AnyPublisher::Advanced { publisher: declare.wait().map_err(refused(&session))?, cached };
                Ok(Value::Publisher(PublisherHandle::new(declaration, lanes, publisher)?))
            })
        })
    }
}
