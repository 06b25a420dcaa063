// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Native memory that ArrayBuffers of one environment show, found again by address when JavaScript puts a view of it.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zenoh::internal::buffers::ZSlice;
use zenoh::shm::{zshm, zshmmut, ShmBuf};

use crate::bridge::ffi::SegmentRef;
use crate::memory::{is_shared, Memory};

/// How many regions before an address are looked at. Two subscribers of one payload see overlapping regions; a region
/// not found is only copied like JavaScript memory, and counted.
const LOOK_BACK: usize = 8;

#[derive(Default)]
struct Table {
    next_id: u64,
    /// By id, which an ArrayBuffer's finalizer and an explicit release name.
    memory: HashMap<u64, (usize, Memory)>,
    /// By address of the first byte and id.
    by_address: BTreeMap<(usize, u64), usize>,
    /// Slices and bytes of payloads that no ArrayBuffer shows yet.
    unseen: HashMap<u64, (usize, usize)>,
}

impl Table {
    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn find(&self, address: usize, len: usize) -> Option<Place> {
        if self.by_address.is_empty() {
            return None;
        }
        let before = self.by_address.range(..=(address, u64::MAX)).rev().take(LOOK_BACK);
        let (&(first, region), _) = before.into_iter().find(|((first, _), size)| address + len <= first + **size)?;
        Some(Place { region, start: address - first, end: address - first + len })
    }
}

/// Of a chunk of shared memory, as addon.ts names them.
#[repr(u8)]
pub enum ChunkUse {
    Free = 0,
    Used = 1,
    /// Taken from its users, or no chunk at all.
    Lost = 2,
}

/// Shared with the finalizers, which may run after everything else of the environment is gone.
#[derive(Clone, Default)]
pub struct Regions(Arc<Mutex<Table>>);

/// A stretch of one region.
#[derive(Clone, Copy, PartialEq)]
pub struct Place {
    pub region: u64,
    pub start: usize,
    pub end: usize,
}

impl Regions {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps `memory` until `release(id)`; returns its id (never 0) and address.
    pub fn insert(&self, memory: Memory) -> (u64, usize, usize) {
        let bytes = memory.as_slice();
        let (address, len) = (bytes.as_ptr() as usize, bytes.len());
        let mut table = self.table();
        let id = table.new_id();
        table.memory.insert(id, (address, memory));
        table.by_address.insert((address, id), len);
        (id, address, len)
    }

    /// Drops the reference to the memory; later calls with the same id do nothing.
    pub fn release(&self, id: u64) {
        let mut table = self.table();
        let Some((address, memory)) = table.memory.remove(&id) else { return };
        table.by_address.remove(&(address, id));
        drop(table);
        // Freed outside the lock: dropping the last slice of a payload runs zenoh's code.
        drop(memory);
    }

    /// Counts memory that JavaScript keeps and does not see, until `release_unseen`.
    pub fn insert_unseen(&self, slices: usize, bytes: usize) -> u64 {
        let mut table = self.table();
        let id = table.new_id();
        table.unseen.insert(id, (slices, bytes));
        id
    }

    /// A slice of it is a region of its own from now on.
    pub fn seen(&self, id: u64, bytes: usize) {
        if let Some((slices, left)) = self.table().unseen.get_mut(&id) {
            *slices -= 1;
            *left -= bytes;
        }
    }

    /// Later calls with the same id do nothing.
    pub fn release_unseen(&self, id: u64) {
        self.table().unseen.remove(&id);
    }

    /// The region that holds `[address, address + len)`, if JavaScript got that memory from us.
    pub fn find(&self, address: usize, len: usize) -> Option<Place> {
        self.table().find(address, len)
    }

    /// As `find`, for each segment of a payload.
    pub fn places<'a>(&'a self, segments: &'a [SegmentRef]) -> Vec<Option<Place>> {
        let table = self.table();
        segments.iter().map(|segment| table.find(segment.ptr, segment.len)).collect()
    }

    /// The memory of a whole region.
    pub fn memory(&self, region: u64) -> Option<Memory> {
        Some(self.table().memory.get(&region)?.1.clone())
    }

    /// Whether the next may write over a chunk of shared memory: nobody but JavaScript's region has it, here or in another
    /// process. Zenoh counts the references in the chunk's own header.
    pub fn chunk_use(&self, region: u64) -> ChunkUse {
        let table = self.table();
        let Some((_, Memory::Shm(chunk))) = table.memory.get(&region) else { return ChunkUse::Lost };
        let chunk: &zshm = chunk.borrow();
        match <&zshmmut>::try_from(chunk) {
            Ok(_) => ChunkUse::Free,
            Err(()) if chunk.is_valid() => ChunkUse::Used,
            Err(()) => ChunkUse::Lost,
        }
    }

    /// A payload slice over a place found before.
    pub fn slice(&self, place: Place) -> Option<ZSlice> {
        self.memory(place.region)?.slice(place.start, place.end)
    }

    /// Whether every segment lies in shared memory: it travels as a descriptor, so its size does not count.
    pub fn shared(&self, segments: &[SegmentRef]) -> bool {
        segments.iter().all(|segment| {
            let place = self.find(segment.ptr, segment.len);
            place.is_some_and(|place| {
                self.table().memory.get(&place.region).is_some_and(|(_, memory)| matches!(memory, Memory::Shm(_)))
            })
        })
    }

    /// What JavaScript sees and did not give back, by the kind of memory.
    pub fn summary(&self) -> serde_json::Value {
        const RECEIVED: usize = 2;
        let mut kinds = [("heap", 0, 0), ("shm", 0, 0), ("received", 0, 0), ("receivedShm", 0, 0)];
        let table = self.table();
        for (slices, bytes) in table.unseen.values() {
            kinds[RECEIVED].1 += slices;
            kinds[RECEIVED].2 += bytes;
        }
        for (_, memory) in table.memory.values() {
            let (_, count, bytes) = &mut kinds[match memory {
                Memory::Heap(_) => 0,
                Memory::Shm(_) => 1,
                Memory::Received(slice) if !is_shared(slice) => RECEIVED,
                Memory::Received(_) => 3,
            }];
            *count += 1;
            *bytes += memory.as_slice().len();
        }
        kinds
            .iter()
            .map(|(kind, count, bytes)| (*kind, serde_json::json!({ "count": count, "bytes": bytes })))
            .collect()
    }

    pub fn len(&self) -> usize {
        let table = self.table();
        table.memory.len() + table.unseen.values().map(|(slices, _)| slices).sum::<usize>()
    }
}
