// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Samples flattened for one crossing of the border: words, strings, small bytes in one slab, large slices as regions.

use std::sync::atomic::Ordering;

use zenoh::bytes::ZBytes;
use zenoh::internal::buffers::{ZBuf, ZSlice};
use zenoh::sample::{Sample, SampleKind};

use crate::bridge::ffi::SubscriberCounters;
use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::memory::Memory;
use crate::region_guard::RegionGuard;
use crate::subscriber::{Item, SubscriberHandle};

/// Payloads below this many bytes are copied out: a 64-byte view would pin a whole 64 KiB receive buffer.
pub const SMALL_PAYLOAD: usize = 4096;

/// Words per sample; `sample-batch.ts` reads the same layout.
const WORDS: usize = 8;
const MODE_SMALL: u32 = 0;
const MODE_REGIONS: u32 = 1;
const MODE_LOCAL: u32 = 2;
const NO_STRING: u32 = u32::MAX;

#[derive(Default)]
pub struct Batch {
    words: Vec<u32>,
    strings: Vec<String>,
    slab: Vec<ZBytes>,
    slab_len: usize,
    regions: Vec<RegionGuard>,
    more: bool,
    failed: bool,
}

pub fn batch_take(env: &Env, subscriber: &SubscriberHandle, count: usize, bytes: usize) -> Outcome<Box<Batch>> {
    guard(|| {
        let (items, more) = subscriber.ring.take(count, bytes);
        let mut batch = Batch { more, failed: subscriber.ring.failed(), ..Batch::default() };
        batch.words.reserve(items.len() * WORDS);
        for item in items {
            subscriber.carried.fetch_add(item.bytes as u64, Ordering::Relaxed);
            batch.add(env, item);
        }
        subscriber.small.fetch_add(batch.slab_len as u64, Ordering::Relaxed);
        Ok(Box::new(batch))
    })
}

impl Batch {
    fn add(&mut self, env: &Env, Item { sample, local, .. }: Item) {
        let key = self.string(sample.key_expr().as_str());
        let encoding = self.string(&std::borrow::Cow::from(sample.encoding()));
        let time = sample.timestamp().map_or(NO_STRING, |timestamp| self.string(&timestamp.to_string()));
        let (mode, at, size) = match &local {
            Some(local) => (MODE_LOCAL, local.id, 0),
            None => self.place(env, sample.payload()),
        };
        let (attachment_mode, attachment_at, attachment_size) = match sample.attachment() {
            Some(attachment) if local.is_none() => self.place(env, attachment),
            _ => (mode, 0, 0),
        };
        let flags = flags(&sample) | mode << 12 | attachment_mode << 14;
        self.words.extend([key, encoding, flags, time, at, size, attachment_at, attachment_size]);
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

    fn place(&mut self, env: &Env, bytes: &ZBytes) -> (u32, u32, u32) {
        let small = bytes.len() < SMALL_PAYLOAD;
        let (at, size) = if small { self.stow(bytes.clone()) } else { self.expose(env, bytes.clone()) };
        (if small { MODE_SMALL } else { MODE_REGIONS }, at, size)
    }

    fn stow(&mut self, bytes: ZBytes) -> (u32, u32) {
        let (at, size) = (self.slab_len, bytes.len());
        self.slab_len += size;
        self.slab.push(bytes);
        (at as u32, size as u32)
    }

    fn expose(&mut self, env: &Env, payload: ZBytes) -> (u32, u32) {
        let first = self.regions.len();
        for slice in ZBuf::from(payload).into_zslices() {
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

    pub fn slab_len(&self) -> usize {
        self.slab_len
    }

    /// Copies the small payloads and attachments one after the other.
    pub fn write_slab(&self, out: &mut [u8]) {
        let mut at = 0;
        for slice in self.slab.iter().flat_map(|bytes| bytes.slices()) {
            out[at..at + slice.len()].copy_from_slice(slice);
            at += slice.len();
        }
    }

    pub fn region_count(&self) -> usize {
        self.regions.len()
    }

    /// Hands the regions over one by one, last first.
    pub fn pop_region(&mut self) -> Outcome<Box<RegionGuard>> {
        self.regions.pop().map(Box::new).ok_or_else(|| crate::fault::Fault::new("INTERNAL", "no region is left"))
    }
}

/// Whether any slice is shared memory; zenoh tells it of payloads of one slice.
fn any_shared(payload: &ZBytes) -> bool {
    let shared = |slice: &ZSlice| ZBytes::from(ZBuf::from(slice.clone())).as_shm().is_some();
    payload.as_shm().is_some() || (payload.len() >= SMALL_PAYLOAD && ZBuf::from(payload.clone()).zslices().any(shared))
}

fn flags(sample: &Sample) -> u32 {
    use zenoh::qos::{CongestionControl, Reliability};
    let bit = |set: bool, at: u32| u32::from(set) << at;
    bit(sample.kind() == SampleKind::Delete, 0)
        | bit(sample.express(), 1)
        | bit(sample.congestion_control() != CongestionControl::Drop, 2)
        | bit(sample.reliability() == Reliability::Reliable, 3)
        | (sample.priority() as u32) << 4
        | bit(sample.attachment().is_some(), 8)
        | bit(any_shared(sample.payload()), 9)
}

impl SubscriberHandle {
    pub fn counters(&self) -> SubscriberCounters {
        let counters = self.ring.counters();
        SubscriberCounters {
            carried: self.carried.load(Ordering::Relaxed),
            small: self.small.load(Ordering::Relaxed),
            received: counters.received,
            delivered: counters.delivered,
            dropped_oldest: counters.dropped_oldest,
            dropped_newest: counters.dropped_newest,
            dropped_deadlock: counters.dropped_deadlock,
            dropped_closed: counters.dropped_closed,
            depth: counters.depth,
            bytes: counters.bytes,
            high_water: counters.high_water,
        }
    }
}
