// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Everything that crosses between Rust and the C++ layer, typed on both sides by cxx.

use crate::batch::{batch_take, Batch};
use crate::config::{config_default, config_from_env, config_from_file, config_from_json5, ConfigHandle};
use crate::env::Env;
use crate::get::Asked;
use crate::hand_over::{claim, hand_over, Claimed};
use crate::inbox::InboxHandle;
use crate::keyexpr::{keyexpr_canonize, keyexpr_check, keyexpr_concat, keyexpr_join, keyexpr_relation};
use crate::listener::ListenerHandle;
use crate::liveliness::TokenHandle;
use crate::outgoing::held_probe;
use crate::poll::{env_new, env_shut, native_counters, poll, rest, Poll};
use crate::publisher::PublisherHandle;
use crate::querier::QuerierHandle;
use crate::query::QueryHandle;
use crate::region_guard::{heap_alloc, region_chunk_use, region_release, RegionGuard};
use crate::scout::scout;
use crate::session::{session_open, SessionHandle};
use crate::session_shm::SessionPool;
use crate::shm::{shm_pool, ShmPool};
use crate::shm_report::{shm_cleanup, shm_diagnose};
use crate::sliced::SlicedHandle;

#[cxx::bridge(namespace = "zs")]
pub mod ffi {
    /// Bytes of a JavaScript buffer, valid during the call that passes them.
    struct SegmentRef {
        ptr: usize,
        len: usize,
    }

    struct PutOptions {
        qos: u32,
        /// Empty: the default.
        encoding: String,
        /// Empty: none.
        timestamp: String,
        /// Empty: none.
        source: String,
        /// A key expression that the session declared; 0 when it did not.
        declared: u32,
        has_attachment: bool,
    }

    #[derive(Default)]
    struct PutOutcome {
        /// The id under which local subscribers ask for the segments; 0 when there are none.
        local: u32,
        /// Bytes copied because zenoh kept a lent slice.
        held: usize,
        /// The put goes by lane and ends later; 0 when it has ended.
        operation: u32,
        /// It waits for room in the full queue of a local subscriber; 0 when it does not.
        parked: u32,
        /// Bytes copied because the put goes by lane.
        offloaded: usize,
        /// The lane takes no more now: nothing was put.
        full: bool,
        /// zenoh is known to have dropped the message for some peer.
        dropped: bool,
        /// Code and text of the error, where local receivers need the segments all the same; empty for none.
        fault: String,
    }

    struct QueueOptions {
        max_count: usize,
        max_bytes: usize,
        policy: u8,
    }

    struct QueryOptions {
        qos: u32,
        target: u8,
        consolidation: u8,
        timeout_ms: u64,
        accept_any: bool,
    }

    #[derive(Default)]
    struct GetOptions {
        /// Of the payload.
        encoding: String,
        /// As in `PutOptions`.
        source: String,
        declared: u32,
        /// Bits as `timestamp_stack.rs` reads them.
        instrumentation: u32,
        has_payload: bool,
        has_attachment: bool,
    }

    struct QueueCounters {
        /// Payload bytes handed to JavaScript, and those of them that were copied out because they were small.
        carried: u64,
        small: u64,
        received: u64,
        delivered: u64,
        dropped_oldest: u64,
        dropped_newest: u64,
        dropped_deadlock: u64,
        dropped_closed: u64,
        /// Local puts that wait for room.
        waiting: usize,
        depth: usize,
        bytes: usize,
        high_water: usize,
    }

    /// The end of an operation that ran off the JavaScript thread.
    struct Completion {
        operation: u32,
        /// 0 nothing, 1 session, 2 publisher, 3 inbox, 4 querier, 5 token, 6 listener, 7 text, 16 region, 255 error.
        kind: u8,
        /// Code and text of the error, as `Fault` writes them.
        fault: String,
    }

    /// The end of a put that did not end in its call.
    struct PutEnd {
        operation: u32,
        dropped: bool,
        /// Empty: it went out.
        fault: String,
    }

    /// An event of a listener.
    struct Told {
        listener: u32,
        /// JSON.
        text: String,
        /// How many events were lost since the one before.
        lost: u64,
    }

    /// A payload on its way to another environment.
    struct HandedOver {
        token: u64,
        /// Bytes of JavaScript memory that had to be copied.
        copied: usize,
    }

    struct NativeCounters {
        live_borrowed: usize,
        regions: usize,
        /// Payloads of the process that were handed over and not claimed yet.
        handed_over: usize,
        /// Bytes copied so far because zenoh kept a lent slice.
        held: u64,
    }

    unsafe extern "C++" {
        include!("wakeup.h");
        type Wakeup;
        fn signal(&self);
    }

    extern "Rust" {
        type Env;
        fn env_new(wakeup: SharedPtr<Wakeup>) -> Box<Env>;
        fn env_shut(env: &Env);
        fn native_counters(env: &Env) -> NativeCounters;
        fn held_probe(env: &Env, segments: &[SegmentRef]) -> Result<usize>;
    }

    extern "Rust" {
        type Poll;
        fn poll(env: &Env) -> Box<Poll>;
        fn rest(env: &Env) -> bool;
        fn completions(self: &Poll) -> &Vec<Completion>;
        fn ready(self: &Poll) -> &[u32];
        fn released(self: &Poll) -> &[u32];
        fn session(self: &mut Poll, index: usize) -> Result<Box<SessionHandle>>;
        fn publisher(self: &mut Poll, index: usize) -> Result<Box<PublisherHandle>>;
        fn inbox(self: &mut Poll, index: usize) -> Result<Box<InboxHandle>>;
        fn querier(self: &mut Poll, index: usize) -> Result<Box<QuerierHandle>>;
        fn token(self: &mut Poll, index: usize) -> Result<Box<TokenHandle>>;
        fn listener(self: &mut Poll, index: usize) -> Result<Box<ListenerHandle>>;
        fn text(self: &mut Poll, index: usize) -> Result<String>;
        fn region(self: &mut Poll, index: usize) -> Result<Box<RegionGuard>>;
        fn events(self: &Poll) -> &Vec<Told>;
        fn puts(self: &Poll) -> &Vec<PutEnd>;
    }

    extern "Rust" {
        type ConfigHandle;
        fn config_default() -> Box<ConfigHandle>;
        fn config_from_json5(text: &str) -> Result<Box<ConfigHandle>>;
        fn config_from_file(path: &str) -> Result<Box<ConfigHandle>>;
        fn config_from_env() -> Result<Box<ConfigHandle>>;
        fn insert_json5(self: &mut ConfigHandle, key: &str, value: &str) -> Result<()>;
        fn get_json(self: &ConfigHandle, key: &str) -> Result<String>;
        fn scout(env: &Env, config: &ConfigHandle, what: u8) -> Result<u32>;

        fn keyexpr_check(text: &str) -> Result<String>;
        fn keyexpr_canonize(text: &str) -> Result<String>;
        fn keyexpr_join(left: &str, right: &str) -> Result<String>;
        fn keyexpr_concat(left: &str, right: &str) -> Result<String>;
        fn keyexpr_relation(left: &str, right: &str) -> Result<u8>;
    }

    extern "Rust" {
        type SessionHandle;
        fn session_open(env: &Env, config: &ConfigHandle, serve: &str) -> Result<u32>;
        fn is_closed(self: &SessionHandle) -> bool;
        fn zid(self: &SessionHandle) -> String;
        fn stats(self: &SessionHandle, env: &Env) -> Result<String>;
        fn server_stats(self: &SessionHandle) -> Result<String>;
        fn id(self: &SessionHandle) -> String;
        fn new_timestamp(self: &SessionHandle) -> Result<String>;
        fn declare_keyexpr(self: &SessionHandle, env: &Env, key: &str) -> Result<u32>;
        fn undeclare_keyexpr(self: &SessionHandle, env: &Env, declared: u32) -> Result<u32>;
        fn close(self: &SessionHandle, env: &Env) -> Result<u32>;
        fn info(self: &SessionHandle, env: &Env) -> Result<u32>;
        fn transports(self: &SessionHandle, env: &Env) -> Result<u32>;
        fn links(self: &SessionHandle, env: &Env) -> Result<u32>;
        fn transport_events(self: &SessionHandle, env: &Env, history: bool) -> Result<u32>;
        fn link_events(self: &SessionHandle, env: &Env, history: bool) -> Result<u32>;
        fn put(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            segments: &[SegmentRef],
            attachment: &[SegmentRef],
            options: &PutOptions,
        ) -> Result<PutOutcome>;
        #[cxx_name = "remove"]
        fn delete(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            attachment: &[SegmentRef],
            options: &PutOptions,
        ) -> Result<PutOutcome>;
        fn declare_publisher(self: &SessionHandle, env: &Env, key: &str, encoding: &str, bits: u32) -> Result<u32>;
        fn declare_advanced_publisher(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            encoding: &str,
            bits: u32,
            settings: &str,
        ) -> Result<u32>;
        fn declare_advanced_subscriber(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            origin: u32,
            settings: &str,
            options: &QueueOptions,
        ) -> Result<u32>;
        fn declare_subscriber(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            origin: u32,
            options: &QueueOptions,
        ) -> Result<u32>;
        fn declare_queryable(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            complete: bool,
            origin: u32,
            options: &QueueOptions,
        ) -> Result<u32>;
        fn declare_liveliness_subscriber(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            history: bool,
            options: &QueueOptions,
        ) -> Result<u32>;
        fn declare_querier(self: &SessionHandle, env: &Env, key: &str, options: &QueryOptions) -> Result<u32>;
        fn declare_token(self: &SessionHandle, env: &Env, key: &str) -> Result<u32>;
        #[allow(clippy::too_many_arguments)]
        fn get(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            parameters: &str,
            segments: &[SegmentRef],
            attachment: &[SegmentRef],
            query: &QueryOptions,
            options: &GetOptions,
            queue: &QueueOptions,
        ) -> Result<Box<Asked>>;
        fn liveliness_get(
            self: &SessionHandle,
            env: &Env,
            key: &str,
            timeout_ms: u64,
            queue: &QueueOptions,
        ) -> Result<Box<Asked>>;
    }

    extern "Rust" {
        type PublisherHandle;
        fn put(
            self: &PublisherHandle,
            env: &Env,
            segments: &[SegmentRef],
            attachment: &[SegmentRef],
            options: &PutOptions,
        ) -> Result<PutOutcome>;
        #[cxx_name = "remove"]
        fn delete(
            self: &PublisherHandle,
            env: &Env,
            attachment: &[SegmentRef],
            options: &PutOptions,
        ) -> Result<PutOutcome>;
        fn id(self: &PublisherHandle) -> String;
        fn matching(self: &PublisherHandle) -> Result<bool>;
        fn matching_events(self: &PublisherHandle, env: &Env) -> Result<u32>;
        fn undeclare(self: &PublisherHandle, env: &Env) -> Result<u32>;
    }

    extern "Rust" {
        type QuerierHandle;
        #[allow(clippy::too_many_arguments)]
        fn get(
            self: &QuerierHandle,
            env: &Env,
            parameters: &str,
            segments: &[SegmentRef],
            attachment: &[SegmentRef],
            options: &GetOptions,
            queue: &QueueOptions,
        ) -> Result<Box<Asked>>;
        fn matching(self: &QuerierHandle) -> Result<bool>;
        fn matching_events(self: &QuerierHandle, env: &Env) -> Result<u32>;
        fn id(self: &QuerierHandle) -> String;
        fn undeclare(self: &QuerierHandle, env: &Env) -> Result<u32>;
    }

    extern "Rust" {
        type Asked;
        fn inbox(self: &mut Asked) -> Result<Box<InboxHandle>>;
        fn outcome(self: &Asked) -> &PutOutcome;
    }

    extern "Rust" {
        type QueryHandle;
        fn reply(
            self: &QueryHandle,
            env: &Env,
            key: &str,
            segments: &[SegmentRef],
            attachment: &[SegmentRef],
            options: &PutOptions,
        ) -> Result<PutOutcome>;
        fn reply_del(
            self: &QueryHandle,
            env: &Env,
            key: &str,
            attachment: &[SegmentRef],
            options: &PutOptions,
        ) -> Result<PutOutcome>;
        fn reply_err(self: &QueryHandle, env: &Env, segments: &[SegmentRef], encoding: &str) -> Result<PutOutcome>;
        fn finalize(self: &QueryHandle);
    }

    extern "Rust" {
        type TokenHandle;
        fn undeclare(self: &TokenHandle, env: &Env) -> Result<u32>;
    }

    extern "Rust" {
        type ListenerHandle;
        fn undeclare(self: &ListenerHandle, env: &Env) -> Result<u32>;
    }

    extern "Rust" {
        type InboxHandle;
        fn id(self: &InboxHandle) -> u32;
        fn entity_id(self: &InboxHandle) -> String;
        fn finished(self: &InboxHandle) -> bool;
        fn undeclare(self: &InboxHandle, env: &Env) -> Result<u32>;
        fn miss_listener(self: &InboxHandle, env: &Env, session: &SessionHandle) -> Result<u32>;
        fn counters(self: &InboxHandle) -> QueueCounters;
    }

    extern "Rust" {
        type Batch;
        fn batch_take(env: &Env, inbox: &InboxHandle, count: usize, bytes: usize) -> Result<Box<Batch>>;
        fn words(self: &Batch) -> &[u32];
        fn strings(self: &Batch) -> &Vec<String>;
        fn more(self: &Batch) -> bool;
        fn failed(self: &Batch) -> bool;
        fn finished(self: &Batch) -> bool;
        fn query_count(self: &Batch) -> usize;
        fn pop_query(self: &mut Batch) -> Result<Box<QueryHandle>>;
        fn slab_count(self: &Batch) -> usize;
        fn slab_len(self: &Batch, index: usize) -> usize;
        fn write_slab(self: &Batch, index: usize, out: &mut [u8]);
        fn region_count(self: &Batch) -> usize;
        fn pop_region(self: &mut Batch) -> Result<Box<RegionGuard>>;
        fn lengths(self: &Batch) -> &[u32];
        fn sliced_count(self: &Batch) -> usize;
        fn pop_sliced(self: &mut Batch) -> Result<Box<SlicedHandle>>;
    }

    extern "Rust" {
        type SlicedHandle;
        fn left(self: &SlicedHandle) -> usize;
        fn show(self: &SlicedHandle, index: usize) -> Result<Box<RegionGuard>>;
        fn copy(self: &SlicedHandle, index: usize, offset: usize, out: &mut [u8]) -> Result<()>;
        fn clear(self: &mut SlicedHandle);
    }

    extern "Rust" {
        type Claimed;
        fn hand_over(env: &Env, segments: &[SegmentRef]) -> Result<HandedOver>;
        fn claim(env: &Env, token: u64) -> Result<Box<Claimed>>;
        fn region_count(self: &Claimed) -> usize;
        fn pop_region(self: &mut Claimed) -> Result<Box<RegionGuard>>;
        fn views(self: &Claimed) -> &[u64];
    }

    extern "Rust" {
        type RegionGuard;
        fn id(self: &RegionGuard) -> u64;
        fn address(self: &RegionGuard) -> usize;
        fn len(self: &RegionGuard) -> usize;
        fn heap_alloc(env: &Env, size: usize, alignment: usize) -> Result<Box<RegionGuard>>;
        fn region_release(env: &Env, id: u64);
        fn region_chunk_use(env: &Env, id: u64) -> u8;
    }

    extern "Rust" {
        type ShmPool;
        fn shm_pool(size: usize, alignment: usize) -> Result<Box<ShmPool>>;
        fn alloc(self: &ShmPool, env: &Env, size: usize, policy: u8, limit: usize) -> Result<Box<RegionGuard>>;
        fn alloc_async(
            self: &ShmPool,
            env: &Env,
            ticket: u32,
            size: usize,
            policy: u8,
            limit: usize,
            timeout_ms: u64,
        ) -> Result<u32>;
        fn cancel(self: &ShmPool, ticket: u32);
        fn collect(self: &ShmPool, force: bool) -> Result<usize>;
        fn defragment(self: &ShmPool) -> Result<usize>;
        fn stats(self: &ShmPool) -> Result<String>;
    }

    extern "Rust" {
        type SessionPool;
        fn shm_pool(self: &SessionHandle) -> Result<Box<SessionPool>>;
        fn ready(self: &SessionPool, env: &Env) -> Result<u32>;
        fn size(self: &SessionPool) -> usize;
        fn alloc(self: &SessionPool, env: &Env, size: usize, policy: u8, limit: usize) -> Result<Box<RegionGuard>>;
        fn collect(self: &SessionPool) -> Result<usize>;
    }

    extern "Rust" {
        fn shm_cleanup(env: &Env) -> Result<u32>;
        fn shm_diagnose(env: &Env) -> Result<u32>;
        fn shm_diagnose(self: &SessionHandle, env: &Env) -> Result<u32>;
    }
}
