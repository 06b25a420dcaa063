// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Puts as fast as zenoh takes it, without losing any.

use std::num::NonZeroUsize;

use zenoh::bytes::ZBytes;
use zenoh::qos::{CongestionControl, Reliability};
use zenoh::shm::{
    AllocAlignment, BlockOn, GarbageCollect, MemoryLayout, OwnedShmBuf, PosixShmProviderBackend, ShmBufIntoImmut,
    ShmProvider, ShmProviderBuilder,
};
use zenoh::{Config, Wait};

use crate::commands::{next, say, Command};
use crate::{Outcome, KEY};

/// What a put is made from: one payload for all (as zenoh's own examples do), or a fresh chunk for each.
enum Source {
    Heap(ZBytes),
    Shm { pool: ShmProvider<PosixShmProviderBackend>, layout: MemoryLayout, size: NonZeroUsize },
}

impl Source {
    fn new(size: usize, shm: bool) -> Outcome<Self> {
        if !shm {
            return Ok(Self::Heap(ZBytes::from(vec![7u8; size])));
        }
        let alignment = AllocAlignment::new(6)?;
        let pool = MemoryLayout::new(pool_size(size), alignment)?;
        // Aligned memory comes in multiples of the alignment; the chunk is cut to its size afterwards.
        let layout = MemoryLayout::new(size.next_multiple_of(64), alignment)?;
        let pool = ShmProviderBuilder::default_backend(pool).wait()?;
        Ok(Self::Shm { pool, layout, size: NonZeroUsize::new(size).ok_or("a size of 0")? })
    }

    fn payload(&self, number: u64) -> Outcome<ZBytes> {
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

/// The same as in peers/zenoh-segments.mjs.
fn pool_size(size: usize) -> usize {
    (64 << 20).max(size.next_multiple_of(64) * 8)
}

pub fn run(config: Config, size: usize, shm: bool) -> Outcome<()> {
    let session = zenoh::open(config).wait()?;
    let publisher = session
        .declare_publisher(KEY)
        .congestion_control(CongestionControl::Block)
        .reliability(Reliability::Reliable)
        .wait()?;
    let source = Source::new(size, shm)?;
    say("ready");
    let mut sent = 0;
    loop {
        match next() {
            Command::Probe => publisher.put("?").wait()?,
            Command::Send(count) => {
                for number in 0..count {
                    publisher.put(source.payload(number)?).wait()?;
                }
                sent += count;
            }
            _ => break,
        }
    }
    say(&format!("total {{\"count\":{sent}}}"));
    drop(source);
    session.close().wait()?;
    Ok(())
}
