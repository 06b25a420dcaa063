// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A pool of shared memory whose chunks JavaScript writes in place and zenoh sends by descriptor.

use std::num::NonZeroUsize;
use std::sync::Once;

use zenoh::shm::{
    AllocAlignment, MemoryLayout, OwnedShmBuf, PosixShmProviderBackend, ShmBufIntoImmut, ShmProvider,
    ShmProviderBuilder,
};
use zenoh::Wait;

use crate::env::Env;
use crate::fault::{contain, guard, Fault, Outcome};
use crate::memory::Memory;
use crate::region_guard::RegionGuard;

pub struct ShmPool {
    provider: ShmProvider<PosixShmProviderBackend>,
    size: usize,
    alignment: usize,
}

fn layout(size: usize, alignment: usize) -> Outcome<(MemoryLayout, NonZeroUsize)> {
    let bad = || Fault::new("INVALID_ARGUMENT", format_args!("no memory of {size} bytes at alignment {alignment}"));
    let exact = NonZeroUsize::new(size).ok_or_else(bad)?;
    if !alignment.is_power_of_two() {
        return Err(bad());
    }
    let exponent = AllocAlignment::new(alignment.trailing_zeros() as u8).map_err(|_| bad())?;
    let rounded = size.checked_next_multiple_of(alignment).ok_or_else(bad)?;
    Ok((MemoryLayout::new(rounded, exponent).map_err(|_| bad())?, exact))
}

/// What the pool's allocator keeps for itself, so that one chunk of the whole asked-for size fits.
const POOL_OVERHEAD: usize = 4096;

/// Every chunk of the pool starts at a multiple of `alignment`.
pub fn shm_pool(size: usize, alignment: usize) -> Outcome<Box<ShmPool>> {
    guard(|| {
        layout(size, alignment)?;
        let (layout, _) = layout(size.saturating_add(POOL_OVERHEAD), alignment)?;
        tidy_at_exit();
        let provider = ShmProviderBuilder::default_backend(layout).wait().map_err(|error| {
            Fault::new(
                "SHM_UNAVAILABLE",
                format_args!(
                    "no shared-memory pool of {size} bytes (see `ulimit -l` and the room in /dev/shm): {error}"
                ),
            )
        })?;
        Ok(Box::new(ShmPool { provider, size, alignment }))
    })
}

impl ShmPool {
    /// Collects the chunks that no process refers to any more when the pool is full, and tries once more.
    pub fn alloc(&self, env: &Env, size: usize) -> Outcome<Box<RegionGuard>> {
        guard(|| {
            let (layout, exact) = layout(size, self.alignment)?;
            let first = self.provider.alloc(layout).wait();
            let chunk = first.or_else(|_| {
                self.provider.garbage_collect();
                self.provider.alloc(layout).wait()
            });
            let mut chunk = chunk.map_err(|error| self.exhausted(size, &error))?.into_immut();
            chunk.try_resize(exact).ok_or_else(|| Fault::new("INTERNAL", "a chunk could not be cut to its size"))?;
            Ok(Box::new(RegionGuard::new(&env.regions, Memory::Shm(chunk))))
        })
    }

    fn exhausted(&self, size: usize, error: &dyn std::fmt::Display) -> Fault {
        Fault::new(
            "SHM_EXHAUSTED",
            format_args!(
                "no {size} bytes left in a shared-memory pool of {} bytes: its chunks are in use, or kept by views that \
                 were not disposed here or in another process ({error})",
                self.size
            ),
        )
    }
}

/// Arranges that the end of the process, by return or `exit`, leaves no file of its own in /dev/shm.
///
/// zenoh removes a segment's file when the last lock on it goes, but tries this while its own lock still stands.
pub fn tidy_at_exit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the module is pinned in memory (module.cc), so the function outlives the process's exit.
        unsafe { libc::atexit(tidy) };
    });
}

extern "C" fn tidy() {
    contain(|| {
        unlock_segments();
        zenoh::shm::cleanup_orphaned_shm_segments();
    });
}

/// Gives up this process's locks on segment files; the mappings stay.
#[cfg(target_os = "linux")]
fn unlock_segments() {
    let Ok(descriptors) = std::fs::read_dir("/proc/self/fd") else { return };
    for descriptor in descriptors.flatten() {
        let is_segment = std::fs::read_link(descriptor.path())
            .is_ok_and(|path| path.starts_with("/dev/shm") && path.extension().is_some_and(|end| end == "zenoh"));
        let number = descriptor.file_name().to_str().and_then(|name| name.parse().ok());
        if let (true, Some(number)) = (is_segment, number) {
            // SAFETY: flock on any number is sound; a descriptor closed meanwhile is an error that changes nothing.
            unsafe { libc::flock(number, libc::LOCK_UN) };
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn unlock_segments() {}
