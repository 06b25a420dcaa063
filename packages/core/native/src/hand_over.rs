// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Payloads on their way from one environment of the process to another, each under a token that is good for one claim.
//!
//! Node can not transfer an ArrayBuffer over native memory to a worker, so the memory goes by reference through this
//! table, and only the token through `postMessage`. JavaScript memory is copied once: it belongs to its environment.

use std::collections::hash_map::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use crate::bridge::ffi::{HandedOver, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::memory::{HeapBlock, Memory};
use crate::region_guard::RegionGuard;

/// What one environment may have unclaimed: a receiver that never claims must not eat the memory of the process.
const MOST_PARCELS: usize = 1024;
const MOST_BYTES: usize = 1 << 30;

/// Segments copied from JavaScript start at such an address, so that typed arrays and Arrow columns read in place.
const ALIGNMENT: usize = 64;

/// A view of a payload: which memory, where it starts there, and its length.
type View = (usize, usize, usize);

struct Parcel {
    /// The sending environment, whose end takes its parcels along.
    sender: usize,
    bytes: usize,
    memory: Vec<Memory>,
    views: Vec<View>,
}

/// Process-wide, unlike everything else: its very purpose is to connect environments.
static TABLE: LazyLock<Mutex<HashMap<u64, Parcel>>> = LazyLock::new(Mutex::default);

fn table() -> MutexGuard<'static, HashMap<u64, Parcel>> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The mailbox lives as long as its environment, and parcels of an ended one are gone before its address can be reused.
fn identity(env: &Env) -> usize {
    Arc::as_ptr(&env.mailbox) as usize
}

/// Unguessable, and exact as a JavaScript number; never 0.
fn new_token(taken: &HashMap<u64, Parcel>) -> u64 {
    loop {
        let token = RandomState::new().hash_one(taken.len()) >> 11;
        if token != 0 && !taken.contains_key(&token) {
            return token;
        }
    }
}

pub fn hand_over(env: &Env, segments: &[SegmentRef]) -> Outcome<HandedOver> {
    guard(|| {
        let bytes = segments.iter().map(|segment| segment.len).sum();
        let sender = identity(env);
        check_room(sender, bytes)?;
        let mut memory = Vec::new();
        let mut views = Vec::with_capacity(segments.len());
        // Whole regions, not slices of them: to zenoh a chunk of shared memory is only one as a whole.
        let mut index_of = HashMap::new();
        let mut lent = Vec::new();
        let mut block_len = 0_usize;
        for (index, segment) in segments.iter().enumerate() {
            if segment.len == 0 {
                let text = format_args!("segment {index} was detached before it was handed over");
                return Err(Fault::new("BUFFER_DETACHED", text));
            }
            let Some(place) = env.regions.find(segment.ptr, segment.len) else {
                let at = block_len.next_multiple_of(ALIGNMENT);
                block_len = at + segment.len;
                lent.push((at, segment));
                views.push((usize::MAX, at, segment.len));
                continue;
            };
            let region = match index_of.get(&place.region) {
                Some(&region) => region,
                None => {
                    let whole = env.regions.memory(place.region);
                    memory.push(whole.ok_or_else(|| Fault::new("INTERNAL", "a region vanished during a hand-over"))?);
                    index_of.insert(place.region, memory.len() - 1);
                    memory.len() - 1
                }
            };
            views.push((region, place.start, segment.len));
        }
        if !lent.is_empty() {
            // What was copied is the last of the memory, and its views are the ones that have no index yet.
            views.iter_mut().filter(|view| view.0 == usize::MAX).for_each(|view| view.0 = memory.len());
            memory.push(Memory::Heap(Arc::new(copy(&lent, block_len)?)));
        }
        let copied = lent.iter().map(|(_, segment)| segment.len).sum();
        let mut table = table();
        let token = new_token(&table);
        table.insert(token, Parcel { sender, bytes, memory, views });
        Ok(HandedOver { token, copied })
    })
}

fn check_room(sender: usize, bytes: usize) -> Outcome<()> {
    let table = table();
    let waiting = table.values().filter(|parcel| parcel.sender == sender);
    let (count, sum) = waiting.fold((0, 0_usize), |(count, sum), parcel| (count + 1, sum.saturating_add(parcel.bytes)));
    // One larger payload still fits alone.
    if count >= MOST_PARCELS || (count > 0 && sum.saturating_add(bytes) > MOST_BYTES) {
        let text = format_args!(
            "{count} payloads of {sum} bytes were handed over by this thread and not taken over yet; {MOST_PARCELS} \
             payloads or {MOST_BYTES} bytes may wait"
        );
        return Err(Fault::new("HAND_OVER_FULL", text));
    }
    Ok(())
}

/// A block of copies of lent segments, each at its place.
fn copy(lent: &[(usize, &SegmentRef)], len: usize) -> Outcome<HeapBlock> {
    let mut block = HeapBlock::new(len, ALIGNMENT)?;
    for (at, segment) in lent {
        // SAFETY: JavaScript lends the segment for the duration of this call (rule 1).
        let bytes = unsafe { std::slice::from_raw_parts(segment.ptr as *const u8, segment.len) };
        block.as_mut_slice()[*at..*at + segment.len].copy_from_slice(bytes);
    }
    Ok(block)
}

/// A payload that arrived in its new environment.
pub struct Claimed {
    /// Last first: `pop_region` takes from the end.
    regions: Vec<RegionGuard>,
    views: Vec<u64>,
}

pub fn claim(env: &Env, token: u64) -> Outcome<Box<Claimed>> {
    guard(|| {
        let parcel = table().remove(&token).ok_or_else(|| {
            Fault::new(
                "HAND_OVER_UNKNOWN",
                "nothing waits under this token: it was taken over already, or the thread that handed it over has ended, \
                 or it is of another process or another copy of the package",
            )
        })?;
        let views = parcel.views.iter().flat_map(|&(region, at, len)| [region as u64, at as u64, len as u64]).collect();
        let regions = parcel.memory.into_iter().map(|memory| RegionGuard::new(&env.regions, memory)).collect();
        Ok(Box::new(Claimed { regions, views }))
    })
}

impl Claimed {
    pub fn region_count(&self) -> usize {
        self.regions.len()
    }

    /// Hands the regions over one by one, last first.
    pub fn pop_region(&mut self) -> Outcome<Box<RegionGuard>> {
        self.regions.pop().map(Box::new).ok_or_else(|| Fault::new("INTERNAL", "no region is left"))
    }

    /// Region, start and length of each segment.
    pub fn views(&self) -> &[u64] {
        &self.views
    }
}

/// Lets go of what an ending environment handed over and nobody claimed.
pub fn expire(env: &Env) {
    let sender = identity(env);
    let mut table = table();
    let tokens: Vec<u64> =
        table.iter().filter(|(_, parcel)| parcel.sender == sender).map(|(token, _)| *token).collect();
    let parcels: Vec<Parcel> = tokens.iter().filter_map(|token| table.remove(token)).collect();
    drop(table);
    // Freed outside the lock: dropping the last slice of a payload runs zenoh's code.
    drop(parcels);
}

/// Payloads of the whole process that wait for their claim.
pub fn waiting() -> usize {
    table().len()
}
