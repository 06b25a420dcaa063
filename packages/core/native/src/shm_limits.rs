// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What the system allows: zenoh locks every segment in memory, and fails late or without a word where it may not.

use crate::fault::{Fault, Outcome};
use crate::shm_files;

/// The common segment of a process that allocates shared memory, made with its first pool.
pub const METADATA_BYTES: u64 = 1_310_720;
/// The segment by which a session and its peers find out that they share a machine.
pub const SESSION_BYTES: u64 = 12_288;

#[derive(Clone, Copy)]
pub struct Limits {
    /// Bytes this process may lock in memory; None when unlimited.
    pub lock_limit: Option<u64>,
    pub locked: u64,
    /// Bytes of the file system for shared memory, and what is left of it for this user.
    pub room: Option<(u64, u64)>,
}

impl Limits {
    pub fn now() -> Self {
        Self { lock_limit: platform::lock_limit(), locked: platform::locked(), room: platform::room() }
    }

    pub fn lockable(&self) -> u64 {
        self.lock_limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.locked))
    }
}

fn lock_fault(what: &str, limits: &Limits) -> Fault {
    Fault::new(
        "SHM_LOCK_LIMIT",
        format_args!(
            "{what}: it must be locked in memory, and of the {} bytes that this process may lock {} are left \
             (raise `ulimit -l`, or give the process CAP_IPC_LOCK)",
            limits.lock_limit.unwrap_or(u64::MAX),
            limits.lockable()
        ),
    )
}

/// Whether a pool of so many bytes can be made: asked before zenoh tries, which leaves a file and a mapping when it fails.
pub fn check_pool(size: usize) -> Outcome<()> {
    let first = !shm_files::segment_files().iter().any(|file| file.own && file.bytes == METADATA_BYTES);
    let pages = (size as u64).saturating_add(4095) & !4095;
    let bytes = pages.saturating_add(if first { METADATA_BYTES } else { 0 });
    let limits = Limits::now();
    if bytes > limits.lockable() {
        return Err(lock_fault(&format!("no shared-memory pool, which takes {bytes} bytes here"), &limits));
    }
    match limits.room {
        Some((all, free)) if bytes > free => Err(Fault::new(
            "SHM_UNAVAILABLE",
            format_args!(
                "no shared-memory pool, which takes {bytes} bytes here: of the {all} bytes of /dev/shm {free} are left"
            ),
        )),
        _ => Ok(()),
    }
}

/// Whether a session with this config can be opened.
pub fn check_session(config: &zenoh::Config) -> Outcome<()> {
    let is = |key: &str, value: &str| config.get_json(key).is_ok_and(|json| json == value);
    if !is("transport/shared_memory/enabled", "true") {
        return Ok(());
    }
    let eager = is("transport/shared_memory/mode", "\"init\"");
    let bytes = SESSION_BYTES + if eager { METADATA_BYTES } else { 0 };
    let limits = Limits::now();
    if bytes <= limits.lockable() {
        return Ok(());
    }
    let what = format!("no session with `transport/shared_memory/enabled`, which takes {bytes} bytes of shared memory");
    Err(lock_fault(&what, &limits))
}

/// What zenoh gave as the reason of a failure, under the code that says what to do about it.
pub fn refused(what: &str, error: &str) -> Fault {
    // zenoh gives mlock's ENOMEM, EPERM and EAGAIN as numbers only.
    let locking = ["OS error 12", "OS error 1 ", "OS error 11"].iter().any(|text| format!("{error} ").contains(text));
    let limits = Limits::now();
    match locking && limits.lock_limit.is_some() {
        true => lock_fault(&format!("{what} ({error})"), &limits),
        false => Fault::new("SHM_UNAVAILABLE", format_args!("{what}: {error}")),
    }
}

#[cfg(target_os = "linux")]
mod platform {
    /// The number of the capability that lifts the limit.
    const CAP_IPC_LOCK: u64 = 14;

    fn status(name: &str) -> Option<String> {
        let text = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().trim_end_matches(" kB").to_owned())
    }

    pub fn lock_limit() -> Option<u64> {
        let capabilities = status("CapEff").and_then(|hex| u64::from_str_radix(&hex, 16).ok()).unwrap_or(0);
        if capabilities >> CAP_IPC_LOCK & 1 == 1 {
            return None;
        }
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: writes to the struct given.
        let told = unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &mut limit) } == 0;
        (told && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
    }

    pub fn locked() -> u64 {
        status("VmLck").and_then(|kib| kib.parse::<u64>().ok()).map_or(0, |kib| kib * 1024)
    }

    pub fn room() -> Option<(u64, u64)> {
        // SAFETY: all zeroes is a value of this plain struct, which the call fills in.
        let mut stat: libc::statvfs = unsafe { std::mem::zeroed() };
        // SAFETY: a C string and a struct, both alive during the call.
        let told = unsafe { libc::statvfs(c"/dev/shm".as_ptr(), &mut stat) } == 0;
        told.then(|| (stat.f_blocks * stat.f_frsize, stat.f_bavail * stat.f_frsize))
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    pub fn lock_limit() -> Option<u64> {
        None
    }

    pub fn locked() -> u64 {
        0
    }

    pub fn room() -> Option<(u64, u64)> {
        None
    }
}
