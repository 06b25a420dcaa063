// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The pool of shared memory that zenoh makes for a session, into which it also copies large payloads.

use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use zenoh::shm::{OwnedShmBuf, PosixShmProviderBackend, ShmBufIntoImmut, ShmProvider, ShmProviderState};
use zenoh::{Session, Wait};

use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::mailbox::Value;
use crate::memory::Memory;
use crate::region_guard::RegionGuard;
use crate::session::SessionHandle;
use crate::shm::layout;
use crate::shm_policy::Policy;

/// How often a thread looks whether zenoh has made the pool, and for how long: it maps, locks and zeroes the memory.
const LOOK_AGAIN: Duration = Duration::from_millis(1);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

const DISABLED: &str = "this session has no pool of shared memory: its configuration must enable \
                        transport/shared_memory and transport/shared_memory/transport_optimization";

/// What JavaScript holds of it. It keeps the pool alive beyond the session.
pub struct SessionPool {
    session: Session,
    /// Bytes.
    size: usize,
    provider: Arc<OnceLock<Arc<ShmProvider<PosixShmProviderBackend>>>>,
}

impl SessionHandle {
    /// Not usable before `SessionPool::ready` has answered.
    pub fn shm_pool(&self) -> Outcome<Box<SessionPool>> {
        guard(|| {
            let session = self.live()?.clone();
            let size = session.config().get_typed("transport/shared_memory/transport_optimization/pool_size");
            Ok(Box::new(SessionPool { session, size: size.unwrap_or(0), provider: Arc::default() }))
        })
    }
}

impl SessionPool {
    /// The first question makes zenoh make the pool, which takes a while.
    pub fn ready(&self, env: &Env) -> Outcome<u32> {
        let (session, known) = (self.session.clone(), self.provider.clone());
        env.start(move || {
            let deadline = Instant::now() + LONGEST_WAIT;
            loop {
                if session.is_closed() {
                    return Err(Fault::closed("session"));
                }
                match session.get_shm_provider() {
                    ShmProviderState::Ready(provider) => {
                        known.get_or_init(|| provider);
                        return Ok(Value::Nothing);
                    }
                    ShmProviderState::Disabled => return Err(Fault::new("SHM_UNAVAILABLE", DISABLED)),
                    // Its own `wait` takes the pool out of a channel from which zenoh then never gets it itself.
                    ShmProviderState::Initializing(_) if Instant::now() < deadline => thread::sleep(LOOK_AGAIN),
                    ShmProviderState::Initializing(_) | ShmProviderState::Error => {
                        return Err(Fault::new(
                            "SHM_UNAVAILABLE",
                            "zenoh could not make the session's pool of shared memory",
                        ))
                    }
                }
            }
        })
    }

    fn provider(&self) -> Outcome<&ShmProvider<PosixShmProviderBackend>> {
        let provider = self.provider.get().ok_or_else(|| Fault::new("INTERNAL", "the session's pool is not ready"))?;
        Ok(provider)
    }

    pub fn size(&self) -> usize {
        self.size
    }

    pub fn alloc(&self, env: &Env, size: usize, policy: u8, limit: usize) -> Outcome<Box<RegionGuard>> {
        guard(|| {
            let (provider, policy) = (self.provider()?, Policy::new(policy, limit)?);
            // zenoh makes this pool at an alignment of 1, and refuses any other in it.
            let (layout, exact) = layout(size, 1)?;
            // SAFETY: as in `shm.rs`; here `session-shm-provider.ts` does not even offer `Deallocate`.
            let chunk = unsafe { provider.alloc(layout).with_runtime_policy(policy) }.wait();
            let mut chunk = chunk
                .map_err(|_| {
                    let pool = self.size;
                    let text = format_args!("no {size} bytes left in the session's shared-memory pool of {pool} bytes");
                    Fault::new("SHM_EXHAUSTED", text)
                })?
                .into_immut();
            chunk.try_resize(exact).ok_or_else(|| Fault::new("INTERNAL", "a chunk could not be cut to its size"))?;
            Ok(Box::new(RegionGuard::new(&env.regions, Memory::Shm(chunk))))
        })
    }

    /// Tells the size of the largest chunk freed.
    pub fn collect(&self) -> Outcome<usize> {
        guard(|| Ok(self.provider()?.garbage_collect()))
    }
}
