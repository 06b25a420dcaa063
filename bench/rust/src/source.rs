// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What messages are made from.

use std::num::NonZeroUsize;

use zenoh::bytes::ZBytes;
use zenoh::shm::{
    AllocAlignment, BlockOn, GarbageCollect, MemoryLayout, OwnedShmBuf, PosixShmProviderBackend, ShmBufIntoImmut,
    ShmProvider, ShmProviderBuilder,
};
use zenoh::Wait;

use crate::Outcome;

/// One payload for all (as zenoh's own examples do), or a fresh chunk for each.
pub enum Source {
    Heap(ZBytes),
    Shm { pool: ShmProvider<PosixShmProviderBackend>, layout: MemoryLayout, size: NonZeroUsize },
}

impl Source {
    pub fn new(size: usize, shm: bool) -> Outcome<Self> {
        if !shm {
            return Ok(Self::Heap(segmented(size)?));
        }
        let alignment = AllocAlignment::new(6)?;
        let pool = MemoryLayout::new(pool_size(size), alignment)?;
        // Aligned memory comes in multiples of the alignment; the chunk is cut to its size afterwards.
        let layout = MemoryLayout::new(size.next_multiple_of(64), alignment)?;
        let pool = ShmProviderBuilder::default_backend(pool).wait()?;
        Ok(Self::Shm { pool, layout, size: NonZeroUsize::new(size).ok_or("a size of 0")? })
    }

    pub fn payload(&self, number: u64) -> Outcome<ZBytes> {
        match self {
            Self::Heap(payload) => Ok(payload.clone()),
            Self::Shm { pool, layout, size } => {
                let mut chunk = pool.alloc(layout).with_policy::<BlockOn<GarbageCollect>>().wait()?;
                chunk[..8].copy_from_slice(&number.to_le_bytes());
                let mut chunk = chunk.into_immut();
                chunk.try_resize(*size).ok_or("a chunk could not be cut to its size")?;
                Ok(ZBytes::from(chunk))
            }
        }
    }
}

/// As many pieces as the harness asks for, each in memory of its own.
fn segmented(size: usize) -> Outcome<ZBytes> {
    let segments = std::env::var("BENCH_SEGMENTS").map_or(Ok(1), |text| text.parse::<usize>())?;
    let mut writer = ZBytes::writer();
    for _ in 0..segments {
        writer.append(ZBytes::from(vec![7u8; size / segments]));
    }
    Ok(writer.finish())
}

/// The same as in peers/ours/sources.mjs.
fn pool_size(size: usize) -> usize {
    (64 << 20).max(size.next_multiple_of(64) * 8)
}
