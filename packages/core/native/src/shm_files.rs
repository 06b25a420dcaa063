// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! zenoh's segment files in /dev/shm: whose they are, and how they go.
//!
//! Each process that maps a segment keeps a shared `flock` on its file. Who gets an exclusive one is alone with the file
//! and removes it. That probe is a hazard of its own: while it lasts, another process can neither map the segment (zenoh
//! then loses the message) nor remove it at its end. So files are probed only when the kernel's list of locks shows none.

use std::sync::Once;

use crate::fault::contain;

/// A file, as seen at one moment.
pub struct SegmentFile {
    pub name: String,
    pub bytes: u64,
    /// This process has it open.
    pub own: bool,
    /// The file belongs to this process's user, so that it could be mapped.
    pub same_user: bool,
    /// Some process, this one included, has a lock on it; None when the system does not tell.
    pub locked: Option<bool>,
}

/// Arranges that the end of the process, by return or `exit`, leaves no file of its own in /dev/shm.
pub fn tidy_at_exit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the module is pinned in memory (module.cc), so the function outlives the process's exit.
        unsafe { libc::atexit(tidy) };
    });
}

extern "C" fn tidy() {
    contain(platform::remove_own);
}

pub use platform::{remove_orphans, segment_files};

#[cfg(target_os = "linux")]
mod platform {
    use std::collections::HashMap;
    use std::fs::{File, OpenOptions};
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    use super::SegmentFile;

    const FOLDER: &str = "/dev/shm";
    /// How long the end of the process waits for others that only look whether a file is used.
    const PATIENCE: Duration = Duration::from_secs(1);
    /// Between a look at the list of locks and a try, a probe may begin that the list did not show.
    const UNSEEN_TRIES: usize = 3;

    /// zenoh names a file `<number>.zenoh`.
    fn is_segment(path: &Path) -> bool {
        let number = path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| stem.parse::<u64>().is_ok());
        path.starts_with(FOLDER) && path.extension().is_some_and(|end| end == "zenoh") && number
    }

    /// Descriptors of this process on segment files; the path of a removed file does not count.
    fn own_descriptors() -> Vec<(i32, PathBuf)> {
        let Ok(entries) = std::fs::read_dir("/proc/self/fd") else { return Vec::new() };
        let number = |name: &std::ffi::OsStr| name.to_str().and_then(|name| name.parse().ok());
        entries
            .flatten()
            .filter_map(|entry| Some((number(&entry.file_name())?, std::fs::read_link(entry.path()).ok()?)))
            .filter(|(_, path)| is_segment(path))
            .collect()
    }

    /// Who has a file locked, as the kernel lists it.
    #[derive(Clone, Copy, Default)]
    struct Locks {
        any: bool,
        /// A shared lock of another process: it maps the segment.
        foreign_users: bool,
    }

    /// By device and inode. None where there is no such list; processes of other pid namespaces are not in it.
    fn locks() -> Option<HashMap<(u64, u64), Locks>> {
        let text = std::fs::read_to_string("/proc/locks").ok()?;
        let own = std::process::id().to_string();
        let mut found = HashMap::<(u64, u64), Locks>::new();
        // `1: FLOCK  ADVISORY  READ 1234 00:1a:5678 0 EOF`; a waiter's line has an arrow after the number.
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace().skip(1);
            let (Some("FLOCK"), Some(_), Some(kind), Some(pid), Some(place)) =
                (words.next(), words.next(), words.next(), words.next(), words.next())
            else {
                continue;
            };
            let parts: Vec<&str> = place.split(':').collect();
            let [major, minor, inode] = parts[..] else { continue };
            let (Ok(major), Ok(minor), Ok(inode)) =
                (u32::from_str_radix(major, 16), u32::from_str_radix(minor, 16), inode.parse())
            else {
                continue;
            };
            let locks = found.entry((libc::makedev(major, minor), inode)).or_default();
            locks.any = true;
            locks.foreign_users |= kind == "READ" && pid != own;
        }
        Some(found)
    }

    fn lock(file: &impl AsRawFd, how: i32) -> bool {
        // SAFETY: flock on any number is sound; a descriptor closed meanwhile is an error that changes nothing.
        unsafe { libc::flock(file.as_raw_fd(), how) == 0 }
    }

    fn open(path: &Path) -> Option<File> {
        OpenOptions::new().read(true).write(true).custom_flags(libc::O_CLOEXEC).open(path).ok()
    }

    pub fn segment_files() -> Vec<SegmentFile> {
        let own: Vec<PathBuf> = own_descriptors().into_iter().map(|(_, path)| path).collect();
        let locks = locks();
        // SAFETY: asks for a number.
        let user = unsafe { libc::geteuid() };
        let Ok(entries) = std::fs::read_dir(FOLDER) else { return Vec::new() };
        entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_segment(path))
            .filter_map(|path| {
                let meta = std::fs::metadata(&path).ok()?;
                Some(SegmentFile {
                    name: path.file_name()?.to_str()?.to_owned(),
                    bytes: meta.len(),
                    own: own.contains(&path),
                    same_user: meta.uid() == user,
                    locked: locks.as_ref().map(|locks| locks.get(&(meta.dev(), meta.ino())).is_some_and(|l| l.any)),
                })
            })
            .collect()
    }

    /// Removes the files that no process has mapped: what killed processes left behind. Tells their names and bytes.
    pub fn remove_orphans() -> Vec<(String, u64)> {
        let files = segment_files();
        // Empty: its maker is between creating and locking it.
        let free = files.into_iter().filter(|file| !file.own && file.locked != Some(true) && file.bytes > 0);
        free.filter(|file| {
            let path = Path::new(FOLDER).join(&file.name);
            open(&path).is_some_and(|open| lock(&open, libc::LOCK_EX | libc::LOCK_NB) && remove(&open, &path))
        })
        .map(|file| (file.name, file.bytes))
        .collect()
    }

    /// Removes a file on which the caller has an exclusive lock, unless the name means another file by now.
    fn remove(file: &File, path: &Path) -> bool {
        let same = file.metadata().is_ok_and(|open| {
            std::fs::metadata(path).is_ok_and(|named| (open.dev(), open.ino()) == (named.dev(), named.ino()))
        });
        same && std::fs::remove_file(path).is_ok()
    }

    /// Gives up this process's locks, then removes every file that no process maps: whoever maps one removes it later.
    /// The mappings stay.
    ///
    /// zenoh does this too, but tries while its own lock still stands, or, when it drops a segment, changes the shared lock
    /// to an exclusive one, which another process's probe may forestall; then the descriptor is gone and the file is not.
    pub fn remove_own() {
        for (descriptor, _) in own_descriptors() {
            lock(&descriptor, libc::LOCK_UN);
        }
        let deadline = Instant::now() + PATIENCE;
        for _ in 0..UNSEEN_TRIES {
            while remove_unused() == Left::Probed && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }

    #[derive(PartialEq)]
    enum Left {
        Nothing,
        /// A file that somebody looks at right now: a process that starts, and takes no more than a moment.
        Probed,
    }

    fn remove_unused() -> Left {
        let (Some(locks), Ok(entries)) = (locks(), std::fs::read_dir(FOLDER)) else { return Left::Nothing };
        let mut left = Left::Nothing;
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| is_segment(path)) {
            let Ok(meta) = std::fs::metadata(&path) else { continue };
            let held = locks.get(&(meta.dev(), meta.ino())).copied().unwrap_or_default();
            // Empty: its maker is between creating and locking it. What cannot be opened is another user's.
            if held.foreign_users || meta.len() == 0 {
                continue;
            }
            let Some(file) = open(&path) else { continue };
            if lock(&file, libc::LOCK_EX | libc::LOCK_NB) {
                remove(&file, &path);
            } else if held.any {
                left = Left::Probed;
            }
        }
        left
    }
}

/// Elsewhere segments are no files that could be listed.
#[cfg(not(target_os = "linux"))]
mod platform {
    use super::SegmentFile;

    pub fn segment_files() -> Vec<SegmentFile> {
        Vec::new()
    }

    pub fn remove_orphans() -> Vec<(String, u64)> {
        zenoh::shm::cleanup_orphaned_shm_segments();
        Vec::new()
    }

    pub fn remove_own() {}
}
