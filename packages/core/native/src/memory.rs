// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The kinds of memory a payload slice can be over.

use std::alloc::{alloc_zeroed, dealloc, Layout};
use std::any::Any;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use zenoh::bytes::ZBytes;
use zenoh::internal::buffers::{ZBuf, ZSlice, ZSliceBuffer};
use zenoh::shm::{OwnedShmBuf, ZShm};

use crate::fault::{Fault, Outcome};

/// Heap memory that JavaScript writes in place through an external ArrayBuffer.
#[derive(Debug)]
pub struct HeapBlock {
    ptr: NonNull<u8>,
    layout: Layout,
}

// SAFETY: plain memory without thread affinity; JavaScript is asked not to write while a payload over it is in flight,
// and a write then is seen as changed bytes, never as freed memory.
unsafe impl Send for HeapBlock {}
unsafe impl Sync for HeapBlock {}

impl HeapBlock {
    /// Zeroed: JavaScript must never see another user's old bytes.
    pub fn new(size: usize, alignment: usize) -> Outcome<Self> {
        let layout =
            Layout::from_size_align(size, alignment).ok().filter(|layout| layout.size() > 0).ok_or_else(|| {
                Fault::new("INVALID_ARGUMENT", format_args!("no memory of {size} bytes at alignment {alignment}"))
            })?;
        // SAFETY: the layout has a size above 0.
        let ptr = NonNull::new(unsafe { alloc_zeroed(layout) })
            .ok_or_else(|| Fault::new("INVALID_ARGUMENT", format_args!("the system has no {size} bytes to give")))?;
        Ok(Self { ptr, layout })
    }

    /// The memory while nobody else has it yet.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: valid for `layout.size()` initialised bytes, and `&mut self` says that nobody shares it.
        unsafe { std::slice::from_raw_parts_mut(self.ptr.as_ptr(), self.layout.size()) }
    }
}

impl Drop for HeapBlock {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout in `new`.
        unsafe { dealloc(self.ptr.as_ptr(), self.layout) }
    }
}

impl ZSliceBuffer for HeapBlock {
    fn as_slice(&self) -> &[u8] {
        // SAFETY: valid for `layout.size()` initialised bytes while `self` lives.
        unsafe { std::slice::from_raw_parts(self.ptr.as_ptr(), self.layout.size()) }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Slices over JavaScript memory that some native code could still read; 0 whenever no put is running.
pub static LIVE_BORROWED: AtomicUsize = AtomicUsize::new(0);

/// Bytes copied so far because zenoh kept a lent slice.
pub static HELD_BYTES: AtomicU64 = AtomicU64::new(0);

/// JavaScript memory, readable only while the call that lent it runs.
///
/// `settle` ends the loan: whoever still holds the slice sees an owned copy from then on.
#[derive(Debug)]
pub struct Borrowed {
    ptr: AtomicPtr<u8>,
    len: usize,
    owned: OnceLock<Box<[u8]>>,
}

impl Borrowed {
    /// # Safety
    /// `ptr` must be valid for `len` bytes until `settle`, which must run on the same thread before the lending call returns.
    pub unsafe fn new(ptr: *const u8, len: usize) -> Arc<Self> {
        LIVE_BORROWED.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { ptr: AtomicPtr::new(ptr.cast_mut()), len, owned: OnceLock::new() })
    }

    /// Ends the loan; returns how many bytes had to be copied because zenoh kept the slice.
    pub fn settle(self: Arc<Self>) -> usize {
        if Arc::strong_count(&self) == 1 {
            return 0;
        }
        let copy = self.owned.get_or_init(|| Box::from(self.as_slice()));
        // Holders only alias the slice now and read it later, so no reader can be inside the old memory.
        self.ptr.store(copy.as_ptr().cast_mut(), Ordering::Release);
        LIVE_BORROWED.fetch_sub(1, Ordering::Relaxed);
        HELD_BYTES.fetch_add(self.len as u64, Ordering::Relaxed);
        self.len
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if self.owned.get().is_none() {
            LIVE_BORROWED.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl ZSliceBuffer for Borrowed {
    fn as_slice(&self) -> &[u8] {
        // SAFETY: the lent memory until `settle`, the owned copy afterwards; both are `len` bytes.
        unsafe { std::slice::from_raw_parts(self.ptr.load(Ordering::Acquire), self.len) }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Native memory that an ArrayBuffer shows to JavaScript.
#[derive(Clone, Debug)]
pub enum Memory {
    Heap(Arc<HeapBlock>),
    Shm(ZShm),
    /// A slice of a received payload.
    Received(ZSlice),
}

impl Memory {
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Memory::Heap(block) => block.as_slice(),
            Memory::Shm(shm) => shm.as_ref(),
            Memory::Received(slice) => slice.as_slice(),
        }
    }

    /// A payload slice over bytes `[start, end)`, by reference.
    ///
    /// zenoh sends any slice over a shared-memory buffer as the descriptor of the *whole* buffer, whatever the slice's own
    /// range. So a prefix gets a resized buffer, and any other part is hidden behind a type that zenoh carries as bytes.
    pub fn slice(&self, start: usize, end: usize) -> Option<ZSlice> {
        match self {
            Memory::Heap(block) => ZSlice::new(block.clone(), start, end).ok(),
            Memory::Shm(shm) if start == 0 => {
                let mut prefix = shm.clone();
                prefix.try_resize(NonZeroUsize::new(end)?)?;
                Some(ZSlice::from(prefix))
            }
            Memory::Received(slice) if start == 0 && end == slice.len() => Some(slice.clone()),
            Memory::Shm(_) | Memory::Received(_) => ZSlice::new(Arc::new(Part(self.clone())), start, end).ok(),
        }
    }
}

/// Whether a received slice is shared memory; zenoh tells it of payloads of one slice.
pub fn is_shared(slice: &ZSlice) -> bool {
    ZBytes::from(ZBuf::from(slice.clone())).as_shm().is_some()
}

/// A part of a buffer, of a type that zenoh does not take for shared memory.
#[derive(Debug)]
struct Part(Memory);

impl ZSliceBuffer for Part {
    fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
