// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Native memory for copies of JavaScript's bytes, kept for the next copy: fresh pages cost more than the copying.

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use zenoh::internal::buffers::ZSliceBuffer;

/// Copies below this size come from the allocator, which recycles them itself.
const POOLED: usize = 64 * 1024;

/// What the pool keeps while nobody uses it.
const IDLE_BLOCKS: usize = 8;
const IDLE_BYTES: usize = 64 * 1024 * 1024;

#[derive(Default, Debug)]
pub struct Scratch(Mutex<Vec<Vec<u8>>>);

impl Scratch {
    fn idle(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An empty block with room for `size` bytes.
    pub fn block(self: &Arc<Self>, size: usize) -> Block {
        let recycled = if size < POOLED { None } else { self.recycled(size) };
        Block { bytes: recycled.unwrap_or_else(|| Vec::with_capacity(size)), pool: Arc::downgrade(self) }
    }

    /// The smallest idle block that is large enough and not wastefully so.
    fn recycled(&self, size: usize) -> Option<Vec<u8>> {
        let mut idle = self.idle();
        let fits = |block: &Vec<u8>| block.capacity() >= size && block.capacity() / 4 <= size;
        let (index, _) =
            idle.iter().enumerate().filter(|(_, block)| fits(block)).min_by_key(|(_, block)| block.capacity())?;
        Some(idle.swap_remove(index))
    }

    fn put_back(&self, mut block: Vec<u8>) {
        block.clear();
        let mut idle = self.idle();
        let held: usize = idle.iter().map(Vec::capacity).sum();
        if idle.len() < IDLE_BLOCKS && held + block.capacity() <= IDLE_BYTES {
            idle.push(block);
        }
    }
}

/// Bytes copied out of JavaScript, read by any thread; the pool gets the memory back when zenoh lets go of it.
#[derive(Debug)]
pub struct Block {
    bytes: Vec<u8>,
    pool: Weak<Scratch>,
}

impl Block {
    /// Appends a copy; returns where it begins.
    pub fn append(&mut self, bytes: &[u8]) -> usize {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        if let (true, Some(pool)) = (bytes.capacity() >= POOLED, self.pool.upgrade()) {
            pool.put_back(bytes);
        }
    }
}

impl ZSliceBuffer for Block {
    fn as_slice(&self) -> &[u8] {
        &self.bytes
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
