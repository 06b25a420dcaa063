# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Advanced publishers and subscribers of the official Python library, driven by a test."""
import queue

import zenoh
from zenoh import ext

from json_lines import serve
from zenoh_peer import WAIT, ZenohPeer, name_of


class AdvancedPeer(ZenohPeer):
    def __init__(self):
        super().__init__()
        self.publishers = {}
        self.misses = queue.Queue()
        self.detected = queue.Queue()

    def advanced_publisher(self, key, cache, heartbeat=None):
        self.publishers[key] = ext.declare_advanced_publisher(
            self.session,
            key,
            cache=ext.CacheConfig(max_samples=cache),
            sample_miss_detection=ext.MissDetectionConfig(heartbeat=heartbeat, sporadic_heartbeat=None),
            publisher_detection=True,
            congestion_control=zenoh.CongestionControl.BLOCK,
        )

    def matched(self, key):
        """Waits for a subscriber of `key`."""
        self._wait_for_subscriber(key)

    def advanced_put(self, key, payload):
        self.publishers[key].put(bytes.fromhex(payload))

    def undeclare_publisher(self, key):
        self.publishers.pop(key).undeclare()

    def advanced_subscriber(self, key, history=False, recovery=None):
        """Its samples are kept for `next`."""
        subscriber = ext.declare_advanced_subscriber(
            self.session,
            key,
            self._on_sample,
            history=ext.HistoryConfig(detect_late_publishers=True) if history else None,
            recovery=None if recovery is None else ext.RecoveryConfig(**{"periodic_queries": None, **recovery}),
            subscriber_detection=True,
        )
        self.declared.append(subscriber)
        self.declared.append(subscriber.sample_miss_listener(self.misses.put))
        self.declared.append(subscriber.detect_publishers(self.detected.put, history=True))

    def next_miss(self):
        miss = take(self.misses)
        return {"zid": str(miss.source.zid), "nb": miss.nb}

    def no_miss(self):
        return self.misses.empty()

    def next_detected(self):
        sample = take(self.detected)
        return {"key": str(sample.key_expr), "kind": name_of(sample.kind)}


def take(events):
    try:
        return events.get(timeout=WAIT)
    except queue.Empty:
        raise TimeoutError(f"nothing came in {WAIT} s") from None


if __name__ == "__main__":
    serve(AdvancedPeer())
