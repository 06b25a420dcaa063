// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Samples flattened for one crossing of the border: words, strings, small bytes in one slab, large slices as regions.

use std::sync::atomic::Ordering;

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::internal::buffers::{ZBuf, ZSlice};
use zenoh::qos::{CongestionControl, Reliability};
use zenoh::query::{Query, ReplyKeyExpr};
use zenoh::sample::{Sample, SampleKind};

use crate::bridge::ffi::QueueCounters;
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::inbox::{Arrival, InboxHandle, Item};
use crate::memory::{is_shared, Memory};
use crate::query::QueryHandle;
use crate::region_guard::RegionGuard;
use crate::sliced::SlicedHandle;
use crate::small::{slab_bound, small_payload};
use crate::{source, timestamp_stack};

/// Words per arrival; `read-batch.ts` reads the same layout: key, encoding, flags, time or parameters, then two for the
/// payload and two for the attachment. Flags add words at the end, so that who has no source pays nothing for it: six of
/// the source (entity id and number), five of the replier (entity id), then the string of the timestamp stack.
const WORDS: usize = 8;
const MODE_SMALL: u32 = 0;
const MODE_REGIONS: u32 = 1;
const MODE_LOCAL: u32 = 2;
const MODE_SLICED: u32 = 3;
const NO_STRING: u32 = u32::MAX;
const HAS_SOURCE: u32 = 1 << 18;
const HAS_REPLIER: u32 = 1 << 19;
const HAS_STACK: u32 = 1 << 20;
const KIND_SAMPLE: u32 = 0;
const KIND_REPLY: u32 = 1 << 16;
const KIND_REPLY_ERROR: u32 = 2 << 16;
const KIND_QUERY: u32 = 3 << 16;

#[derive(Default)]
struct Slab {
    parts: Vec<ZBytes>,
    len: usize,
}

#[derive(Default)]
pub struct Batch {
    words: Vec<u32>,
    strings: Vec<String>,
    slabs: Vec<Slab>,
    regions: Vec<RegionGuard>,
    sliced: Vec<SlicedHandle>,
    /// For each of `sliced`, how many slices, and the length of each.
    lengths: Vec<u32>,
    queries: Vec<QueryHandle>,
    more: bool,
    failed: bool,
    finished: bool,
}

pub fn batch_take(env: &Env, inbox: &InboxHandle, count: usize, bytes: usize) -> Outcome<Box<Batch>> {
    guard(|| {
        // Asked before taking: what ends the ring comes after everything that is queued.
        let (failed, finished) = inbox.ring.ends();
        let (items, more) = inbox.ring.take(count, bytes, Item::pinned);
        let mut batch = Batch { more, failed, finished, ..Batch::default() };
        batch.words.reserve(items.len() * WORDS);
        for item in items {
            inbox.carried.fetch_add(item.bytes as u64, Ordering::Relaxed);
            batch.add(env, inbox, item);
        }
        let small: usize = batch.slabs.iter().map(|slab| slab.len).sum();
        inbox.small.fetch_add(small as u64, Ordering::Relaxed);
        Ok(Box::new(batch))
    })
}

impl Batch {
    fn add(&mut self, env: &Env, inbox: &InboxHandle, Item { arrival, from_here, local, .. }: Item) {
        let local = local.map(|local| local.id);
        let shared = arrival.payload().is_some_and(any_shared);
        let (payload, payload_mode) = self.bytes(env, arrival.payload(), local, shared);
        let (attachment, attachment_mode) = self.bytes(env, arrival.attachment(), local, true);
        let modes = payload_mode << 12
            | attachment_mode << 14
            | bit(arrival.attachment().is_some(), 8)
            | bit(shared, 9)
            | bit(arrival.payload().is_some(), 10);
        let source = arrival.source().map(|source| (source::id_words(source.source_id()), source.source_sn()));
        let replier = arrival.replier().map(|id| source::id_words(&id));
        let stack = arrival.timestamp_stack().map(|stack| self.string(&timestamp_stack::text(stack)));
        let modes = modes | present(&source, HAS_SOURCE) | present(&replier, HAS_REPLIER) | present(&stack, HAS_STACK);
        let head = match arrival {
            Arrival::Sample(sample) => self.sample(&sample, KIND_SAMPLE),
            Arrival::Reply(reply) => match reply.result() {
                Ok(sample) => self.sample(sample, KIND_REPLY),
                Err(error) => [NO_STRING, self.encoding(error.encoding()), KIND_REPLY_ERROR, NO_STRING],
            },
            Arrival::Query(query) => self.query(env, query, from_here, inbox),
        };
        self.words.extend([head[0], head[1], head[2] | modes, head[3]]);
        self.words.extend([payload.0, payload.1, attachment.0, attachment.1]);
        if let Some((id, number)) = source {
            self.words.extend(id);
            self.words.push(number);
        }
        if let Some(id) = replier {
            self.words.extend(id);
        }
        self.words.extend(stack);
    }

    fn sample(&mut self, sample: &Sample, kind: u32) -> [u32; 4] {
        let key = self.string(sample.key_expr().as_str());
        let encoding = self.encoding(sample.encoding());
        let time = sample.timestamp().map_or(NO_STRING, |timestamp| self.string(&timestamp.to_string()));
        [key, encoding, kind | flags(sample), time]
    }

    fn query(&mut self, env: &Env, query: Query, from_here: bool, inbox: &InboxHandle) -> [u32; 4] {
        let key = self.string(query.key_expr().as_str());
        let encoding = query.encoding().map_or(NO_STRING, |encoding| self.encoding(encoding));
        let parameters = self.string(query.parameters().as_str());
        let flags = bit(query.accepts_replies() == ReplyKeyExpr::Any, 11)
            | bit(query.express(), 1)
            | bit(query.congestion_control() == CongestionControl::Block, 2)
            | bit(query.congestion_control() == CongestionControl::BlockFirst, 7)
            | (query.priority() as u32) << 4;
        self.queries.push(QueryHandle::new(env, query, from_here, inbox.lanes.clone()));
        [key, encoding, KIND_QUERY | flags, parameters]
    }

    fn encoding(&mut self, encoding: &Encoding) -> u32 {
        self.string(&std::borrow::Cow::from(encoding))
    }

    /// Keys and encodings mostly repeat the one before: the search starts at the end and is short.
    fn string(&mut self, text: &str) -> u32 {
        let recent = self.strings.iter().enumerate().rev().take(8).find(|(_, known)| known.as_str() == text);
        if let Some((index, _)) = recent {
            return index as u32;
        }
        self.strings.push(text.to_owned());
        (self.strings.len() - 1) as u32
    }

    /// Where the bytes are, as two words, and the mode that says how to read them.
    fn bytes(&mut self, env: &Env, bytes: Option<&ZBytes>, local: Option<u32>, shared: bool) -> ((u32, u32), u32) {
        match (bytes, local) {
            (None, _) => ((0, 0), MODE_SMALL),
            (Some(_), Some(id)) => ((id, 0), MODE_LOCAL),
            (Some(bytes), None) if bytes.len() < small_payload() => (self.stow(bytes.clone()), MODE_SMALL),
            (Some(bytes), None) if shared => (self.expose(env, ZBuf::from(bytes.clone()).into_zslices()), MODE_REGIONS),
            (Some(bytes), None) => match SlicedHandle::new(&env.regions, bytes.clone()) {
                Ok(sliced) => (self.keep(sliced), MODE_SLICED),
                Err(slices) => (self.expose(env, slices), MODE_REGIONS),
            },
        }
    }

    /// The first word is the slab in its upper half and the offset in its lower.
    fn stow(&mut self, bytes: ZBytes) -> (u32, u32) {
        let size = bytes.len();
        if self.slabs.last().is_none_or(|slab| slab.len + size > slab_bound()) {
            self.slabs.push(Slab::default());
        }
        let index = self.slabs.len() - 1;
        let open = &mut self.slabs[index];
        let at = open.len;
        open.len += size;
        open.parts.push(bytes);
        ((index << 16 | at) as u32, size as u32)
    }

    /// The words are its place, and that of its lengths.
    fn keep(&mut self, sliced: SlicedHandle) -> (u32, u32) {
        let place = (self.sliced.len() as u32, self.lengths.len() as u32);
        let lengths = sliced.lengths();
        self.lengths.push(lengths.len() as u32);
        self.lengths.extend(lengths);
        self.sliced.push(sliced);
        place
    }

    fn expose(&mut self, env: &Env, slices: impl IntoIterator<Item = ZSlice>) -> (u32, u32) {
        let first = self.regions.len();
        for slice in slices {
            self.regions.push(RegionGuard::new(&env.regions, Memory::Received(slice)));
        }
        (first as u32, (self.regions.len() - first) as u32)
    }

    pub fn words(&self) -> &[u32] {
        &self.words
    }

    pub fn strings(&self) -> &Vec<String> {
        &self.strings
    }

    pub fn more(&self) -> bool {
        self.more
    }

    pub fn failed(&self) -> bool {
        self.failed
    }

    pub fn finished(&self) -> bool {
        self.finished
    }

    pub fn query_count(&self) -> usize {
        self.queries.len()
    }

    /// Hands the queries over one by one, last first.
    pub fn pop_query(&mut self) -> Outcome<Box<QueryHandle>> {
        self.queries.pop().map(Box::new).ok_or_else(|| Fault::new("INTERNAL", "no query is left"))
    }

    pub fn slab_count(&self) -> usize {
        self.slabs.len()
    }

    pub fn slab_len(&self, index: usize) -> usize {
        self.slabs.get(index).map_or(0, |slab| slab.len)
    }

    /// Copies the small payloads and attachments of one slab one after the other.
    pub fn write_slab(&self, index: usize, out: &mut [u8]) {
        let mut at = 0;
        for slice in self.slabs.get(index).iter().flat_map(|slab| &slab.parts).flat_map(|bytes| bytes.slices()) {
            out[at..at + slice.len()].copy_from_slice(slice);
            at += slice.len();
        }
    }

    pub fn region_count(&self) -> usize {
        self.regions.len()
    }

    pub fn lengths(&self) -> &[u32] {
        &self.lengths
    }

    pub fn sliced_count(&self) -> usize {
        self.sliced.len()
    }

    /// Hands the payloads of many slices over one by one, last first.
    pub fn pop_sliced(&mut self) -> Outcome<Box<SlicedHandle>> {
        self.sliced.pop().map(Box::new).ok_or_else(|| Fault::new("INTERNAL", "no sliced payload is left"))
    }

    /// Hands the regions over one by one, last first.
    pub fn pop_region(&mut self) -> Outcome<Box<RegionGuard>> {
        self.regions.pop().map(Box::new).ok_or_else(|| Fault::new("INTERNAL", "no region is left"))
    }
}

/// Whether any slice is shared memory.
fn any_shared(payload: &ZBytes) -> bool {
    payload.as_shm().is_some()
        || (payload.len() >= small_payload() && ZBuf::from(payload.clone()).zslices().any(is_shared))
}

fn present<T>(value: &Option<T>, flag: u32) -> u32 {
    value.as_ref().map_or(0, |_| flag)
}

fn bit(set: bool, at: u32) -> u32 {
    u32::from(set) << at
}

fn flags(sample: &Sample) -> u32 {
    bit(sample.kind() == SampleKind::Delete, 0)
        | bit(sample.express(), 1)
        | bit(sample.congestion_control() == CongestionControl::Block, 2)
        | bit(sample.congestion_control() == CongestionControl::BlockFirst, 7)
        | bit(sample.reliability() == Reliability::Reliable, 3)
        | (sample.priority() as u32) << 4
}

impl InboxHandle {
    pub fn counters(&self) -> QueueCounters {
        let counters = self.ring.counters();
        QueueCounters {
            carried: self.carried.load(Ordering::Relaxed),
            small: self.small.load(Ordering::Relaxed),
            received: counters.received,
            delivered: counters.delivered,
            dropped_oldest: counters.dropped_oldest,
            dropped_newest: counters.dropped_newest,
            dropped_deadlock: counters.dropped_deadlock,
            dropped_closed: counters.dropped_closed,
            waiting: counters.waiting,
            depth: counters.depth,
            bytes: counters.bytes,
            high_water: counters.high_water,
        }
    }
}
