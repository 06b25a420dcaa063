// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Whether some subscriber outside the session gets what a publisher puts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use zenoh::matching::MatchingListener;
use zenoh::pubsub::Publisher;
use zenoh::qos::CongestionControl;
use zenoh::sample::Locality;
use zenoh::{Result as ZResult, Wait};

use crate::publisher::Declaration;
use crate::watched::{slot, Slot};

/// A second publisher that watches: the matching status of the first counts local subscribers too.
pub struct Remotes {
    matching: Arc<AtomicBool>,
    /// Undeclared with the first.
    pub watcher: Slot<(MatchingListener<()>, Publisher<'static>)>,
}

impl Remotes {
    /// None when it is not worth knowing: a put that drops goes by lane only when it is large or the network congested. For
    /// one that blocks it saves the question whether zenoh's queues have room (`drain.rs`).
    pub fn watch(Declaration { session, key, qos, .. }: &Declaration) -> ZResult<Option<Self>> {
        if qos.congestion != CongestionControl::Block || qos.destination != Locality::Any {
            return Ok(None);
        }
        let watcher = session.declare_publisher(key.clone()).allowed_destination(Locality::Remote).wait()?;
        let matching = Arc::new(AtomicBool::new(false));
        let seen = matching.clone();
        let listener = watcher.matching_listener().callback(move |status| {
            seen.store(status.matching(), Ordering::Release);
        });
        let listener = listener.wait()?;
        Ok(Some(Self { matching, watcher: slot((listener, watcher)) }))
    }

    pub fn matching(&self) -> bool {
        self.matching.load(Ordering::Acquire)
    }
}
