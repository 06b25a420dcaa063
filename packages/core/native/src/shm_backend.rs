// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! zenoh's allocator of shared-memory chunks with counters: its own figures of what is available are always 0.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::Arc;

use zenoh::shm::{
    ChunkAllocResult, ChunkDescriptor, MemoryLayout, PosixShmProviderBackend, ProtocolID, ShmProviderBackend,
    WithProtocolID, ZLayoutError,
};

/// Read by any thread; each is exact, together they are a snapshot only when nothing runs.
#[derive(Default)]
pub struct Counters {
    /// Bytes of the chunks that were given out and not taken back.
    pub used: AtomicUsize,
    pub most_used: AtomicUsize,
    pub chunks: AtomicUsize,
    pub allocations: AtomicU64,
}

pub struct CountingBackend {
    inner: PosixShmProviderBackend,
    counters: Arc<Counters>,
}

impl CountingBackend {
    pub fn new(inner: PosixShmProviderBackend, counters: Arc<Counters>) -> Self {
        Self { inner, counters }
    }
}

impl WithProtocolID for CountingBackend {
    fn id(&self) -> ProtocolID {
        self.inner.id()
    }
}

impl ShmProviderBackend for CountingBackend {
    fn alloc(&self, layout: &MemoryLayout) -> ChunkAllocResult {
        let chunk = self.inner.alloc(layout)?;
        let bytes = chunk.descriptor.len.get();
        let used = self.counters.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.counters.most_used.fetch_max(used, Ordering::Relaxed);
        self.counters.chunks.fetch_add(1, Ordering::Relaxed);
        self.counters.allocations.fetch_add(1, Ordering::Relaxed);
        Ok(chunk)
    }

    fn free(&self, chunk: &ChunkDescriptor) {
        self.inner.free(chunk);
        self.counters.used.fetch_sub(chunk.len.get(), Ordering::Relaxed);
        self.counters.chunks.fetch_sub(1, Ordering::Relaxed);
    }

    fn defragment(&self) -> usize {
        self.inner.defragment()
    }

    fn available(&self) -> usize {
        self.inner.available()
    }

    fn layout_for(&self, layout: MemoryLayout) -> Result<MemoryLayout, ZLayoutError> {
        self.inner.layout_for(layout)
    }
}
