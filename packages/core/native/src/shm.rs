// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A pool of shared memory whose chunks JavaScript writes in place and zenoh sends by descriptor.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use serde_json::{json, Value as Json};
use zenoh::shm::{
    AllocAlignment, AllocPolicy, MemoryLayout, OwnedShmBuf, PosixShmProviderBackend, ShmBufIntoImmut, ShmProvider,
    ShmProviderBuilder,
};
use zenoh::Wait;

use crate::env::Env;
use crate::fault::{contain, guard, Fault, Outcome};
use crate::mailbox::Value;
use crate::memory::Memory;
use crate::region_guard::RegionGuard;
use crate::shm_backend::{Counters, CountingBackend};
use crate::shm_policy::{Ending, Line, Policy, WaitFor};
use crate::{shm_files, shm_limits};

pub struct Pool {
    provider: ShmProvider<CountingBackend>,
    counters: Arc<Counters>,
    size: usize,
    alignment: usize,
    line: Line,
    /// Waits that have ended, and keep their place until that is told.
    ended: AtomicUsize,
    failures: AtomicU64,
    collections: AtomicU64,
    forced_collections: AtomicU64,
    defragmentations: AtomicU64,
}

/// Every pool of the process, for the diagnosis.
static POOLS: Mutex<Vec<Weak<Pool>>> = Mutex::new(Vec::new());

/// Pools that JavaScript let go of while somebody, here or in another process, used their chunks. Dropping a provider
/// invalidates its chunks, and their messages would be lost on the way without a word.
static RETIRED: Mutex<Vec<Arc<Pool>>> = Mutex::new(Vec::new());

fn locked<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Drops the retired pools that nobody uses any more.
fn bury() {
    let unused: Vec<Arc<Pool>> = {
        let mut retired = locked(&RETIRED);
        let (unused, used) = retired.drain(..).partition(|pool| pool.is_unused());
        *retired = used;
        unused
    };
    drop(unused);
}

/// What JavaScript holds of a pool.
pub struct ShmPool(Arc<Pool>);

impl Drop for ShmPool {
    fn drop(&mut self) {
        contain(|| {
            self.0.line.dissolve();
            if !self.0.is_unused() {
                locked(&RETIRED).push(self.0.clone());
            }
            bury();
        });
    }
}

pub fn layout(size: usize, alignment: usize) -> Outcome<(MemoryLayout, NonZeroUsize)> {
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
        let whole = size.saturating_add(POOL_OVERHEAD);
        let (layout, _) = layout(whole, alignment)?;
        bury();
        shm_files::tidy_at_exit();
        shm_limits::check_pool(whole)?;
        let pool = Pool::new(layout, size, alignment).map_err(|error| {
            // zenoh leaves the file of a failed pool behind.
            shm_files::remove_orphans();
            shm_limits::refused(&format!("no shared-memory pool of {size} bytes"), &error)
        })?;
        let pool = Arc::new(pool);
        let mut pools = locked(&POOLS);
        pools.retain(|other| other.strong_count() > 0);
        pools.push(Arc::downgrade(&pool));
        Ok(Box::new(ShmPool(pool)))
    })
}

/// What the diagnosis tells of every pool of the process.
pub fn pools() -> Json {
    bury();
    let pools: Vec<Arc<Pool>> = locked(&POOLS).iter().filter_map(Weak::upgrade).collect();
    let retired: Vec<Arc<Pool>> = locked(&RETIRED).clone();
    pools
        .iter()
        .map(|pool| {
            let mut stats = pool.stats();
            stats["retired"] = json!(retired.iter().any(|other| Arc::ptr_eq(pool, other)));
            stats
        })
        .collect()
}

impl Pool {
    fn new(layout: MemoryLayout, size: usize, alignment: usize) -> Result<Self, String> {
        let backend = PosixShmProviderBackend::builder(layout).wait().map_err(|error| error.to_string())?;
        let counters = Arc::<Counters>::default();
        let provider = ShmProviderBuilder::backend(CountingBackend::new(backend, counters.clone())).wait();
        // The first allocation of a process makes zenoh's common segment: what that meets belongs to this call.
        drop(provider.alloc(1).wait().map_err(|error| error.to_string())?);
        provider.garbage_collect();
        counters.allocations.store(0, Ordering::Relaxed);
        counters.most_used.store(0, Ordering::Relaxed);
        Ok(Self {
            provider,
            counters,
            size,
            alignment,
            line: Line::default(),
            ended: AtomicUsize::default(),
            failures: AtomicU64::default(),
            collections: AtomicU64::default(),
            forced_collections: AtomicU64::default(),
            defragmentations: AtomicU64::default(),
        })
    }

    fn is_unused(&self) -> bool {
        self.provider.garbage_collect();
        self.counters.chunks.load(Ordering::Relaxed) == 0
    }

    fn alloc(&self, size: usize, policy: impl AllocPolicy<CountingBackend>) -> Outcome<Option<Memory>> {
        let (layout, exact) = layout(size, self.alignment)?;
        // SAFETY: of the policies, `Deallocate` may take chunks that are in use. The memory stays mapped, so that their
        // users see other bytes, never freed memory; the caller asked for it by name.
        let chunk = unsafe { self.provider.alloc(layout).with_runtime_policy(policy) }.wait();
        let Ok(chunk) = chunk else { return Ok(None) };
        let mut chunk = chunk.into_immut();
        chunk.try_resize(exact).ok_or_else(|| Fault::new("INTERNAL", "a chunk could not be cut to its size"))?;
        Ok(Some(Memory::Shm(chunk)))
    }

    /// `how` says what was tried, in words that follow "left in a pool".
    fn exhausted(&self, size: usize, how: &str) -> Fault {
        self.failures.fetch_add(1, Ordering::Relaxed);
        let used = self.counters.used.load(Ordering::Relaxed);
        let chunks = self.counters.chunks.load(Ordering::Relaxed);
        Fault::new(
            "SHM_EXHAUSTED",
            format_args!(
                "no {size} bytes left in a shared-memory pool of {} bytes{how}: {used} bytes are in {chunks} chunks in use, \
                 or kept by views that were not disposed here or in another process",
                self.size
            ),
        )
    }

    fn stats(&self) -> Json {
        let counters = &self.counters;
        let used = counters.used.load(Ordering::Relaxed);
        json!({
            "size": self.size,
            "alignment": self.alignment,
            "available": self.size.saturating_sub(used),
            "used": used,
            "mostUsed": counters.most_used.load(Ordering::Relaxed),
            "chunks": counters.chunks.load(Ordering::Relaxed),
            "allocations": counters.allocations.load(Ordering::Relaxed),
            "failures": self.failures.load(Ordering::Relaxed),
            "waiting": self.line.len().saturating_sub(self.ended.load(Ordering::Relaxed)),
            "collections": self.collections.load(Ordering::Relaxed),
            "forcedCollections": self.forced_collections.load(Ordering::Relaxed),
            "defragmentations": self.defragmentations.load(Ordering::Relaxed),
        })
    }
}

impl ShmPool {
    pub fn alloc(&self, env: &Env, size: usize, policy: u8, limit: usize) -> Outcome<Box<RegionGuard>> {
        guard(|| {
            let memory = self.0.alloc(size, Policy::new(policy, limit)?)?.ok_or_else(|| self.0.exhausted(size, ""))?;
            Ok(Box::new(RegionGuard::new(&env.regions, memory)))
        })
    }

    /// Waits for room on a thread of its own; `ticket` names the wait for `cancel`. A timeout of 0 waits for ever.
    pub fn alloc_async(
        &self,
        env: &Env,
        ticket: u32,
        size: usize,
        policy: u8,
        limit: usize,
        timeout_ms: u64,
    ) -> Outcome<u32> {
        guard(|| {
            let policy = Policy::new(policy, limit)?;
            let (pool, regions) = (self.0.clone(), env.regions.clone());
            // Nobody waits: no thread is needed when there is room now.
            if pool.line.len() == 0 {
                if let Some(memory) = pool.alloc(size, policy)? {
                    let (id, region) = (env.mailbox.new_id(), Box::new(RegionGuard::new(&regions, memory)));
                    env.mailbox.post(|mail| mail.completions.push((id, Ok(Value::Region(region)))));
                    return Ok(id);
                }
            }
            layout(size, pool.alignment)?;
            let deadline = (timeout_ms > 0).then(|| Instant::now() + Duration::from_millis(timeout_ms));
            pool.line.join(ticket);
            let waiting = self.0.clone();
            let work = move |_| {
                let ending = Cell::new(None);
                let memory = guard(|| {
                    let line = &pool.line;
                    pool.alloc(size, WaitFor { line, ticket, policy, deadline, ending: &ending })
                });
                pool.ended.fetch_add(1, Ordering::Relaxed);
                match (memory?, ending.get()) {
                    (Some(memory), _) => Ok(Value::Region(Box::new(RegionGuard::new(&regions, memory)))),
                    (None, Some(Ending::Cancelled)) => {
                        Err(Fault::new("CANCELLED", format_args!("the wait for {size} bytes was cancelled")))
                    }
                    (None, _) => Err(pool.exhausted(size, &format!(" after {timeout_ms} ms"))),
                }
            };
            // The next in line is served after the end of this wait is told: the answers keep the order too.
            let started = env.start_and(work, move || {
                waiting.line.leave(ticket);
                waiting.ended.fetch_sub(1, Ordering::Relaxed);
            });
            if started.is_err() {
                self.0.line.leave(ticket);
            }
            started
        })
    }

    /// Ends a wait; it answers `CANCELLED`. Nothing for a wait that has ended.
    pub fn cancel(&self, ticket: u32) {
        contain(|| self.0.line.leave(ticket));
    }

    /// Frees the chunks that nobody refers to; with `force` also those whose users stopped saying that they live. Tells
    /// the size of the largest chunk freed.
    pub fn collect(&self, force: bool) -> Outcome<usize> {
        guard(|| {
            self.0.collections.fetch_add(1, Ordering::Relaxed);
            if !force {
                return Ok(self.0.provider.garbage_collect());
            }
            self.0.forced_collections.fetch_add(1, Ordering::Relaxed);
            // SAFETY: a reader that was stopped for long sees other bytes, never freed memory; the caller asked for it.
            Ok(unsafe { self.0.provider.garbage_collect_unsafe() })
        })
    }

    pub fn defragment(&self) -> Outcome<usize> {
        guard(|| {
            self.0.defragmentations.fetch_add(1, Ordering::Relaxed);
            Ok(self.0.provider.defragment())
        })
    }

    /// JSON.
    pub fn stats(&self) -> Outcome<String> {
        guard(|| Ok(self.0.stats().to_string()))
    }
}
