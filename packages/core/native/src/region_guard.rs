// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The reference that an ArrayBuffer holds to native memory; its finalizer drops it.

use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::memory::{HeapBlock, Memory};
use crate::regions::Regions;

pub struct RegionGuard {
    regions: Regions,
    id: u64,
    address: usize,
    len: usize,
}

impl RegionGuard {
    pub fn new(regions: &Regions, memory: Memory) -> Self {
        let (id, address, len) = regions.insert(memory);
        Self { regions: regions.clone(), id, address, len }
    }

    /// Names the memory for `region_release`; exact as a JavaScript number.
    pub fn id(&self) -> u64 {
        self.id
    }

    pub fn address(&self) -> usize {
        self.address
    }

    pub fn len(&self) -> usize {
        self.len
    }
}

impl Drop for RegionGuard {
    fn drop(&mut self) {
        self.regions.release(self.id);
    }
}

pub fn heap_alloc(env: &Env, size: usize, alignment: usize) -> Outcome<Box<RegionGuard>> {
    guard(|| {
        let block = HeapBlock::new(size, alignment)?;
        Ok(Box::new(RegionGuard::new(&env.regions, Memory::Heap(block.into()))))
    })
}

/// What `ChunkUse` says of a chunk that JavaScript has.
pub fn region_chunk_use(env: &Env, id: u64) -> u8 {
    env.regions.chunk_use(id) as u8
}

/// Drops the memory of a detached ArrayBuffer before its finalizer runs.
pub fn region_release(env: &Env, id: u64) {
    crate::fault::contain(|| env.regions.release(id));
}
