// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A received payload of many slices, of which JavaScript sees one only when it asks: an ArrayBuffer for each of the 22 that
//! carry a MiB over TCP costs more than gathering them.

use std::cell::Cell;

use zenoh::bytes::ZBytes;
use zenoh::internal::buffers::{ZBuf, ZSlice};

use crate::fault::{guard, Fault, Outcome};
use crate::memory::Memory;
use crate::region_guard::RegionGuard;
use crate::regions::Regions;

/// Two are as cheap to show as to keep back.
const FEWEST: usize = 3;

/// Used on the JavaScript thread alone.
pub struct SlicedHandle {
    regions: Regions,
    slices: Vec<ZSlice>,
    /// What `regions` knows the slices by that nobody has asked for.
    unseen: u64,
    /// Their bytes: what the garbage collector is to know of.
    left: Cell<usize>,
}

impl SlicedHandle {
    /// The slices of a payload, if there are enough of them and all can be named in 32 bits; otherwise the payload back.
    pub fn new(regions: &Regions, payload: ZBytes) -> Result<Self, Vec<ZSlice>> {
        let slices: Vec<ZSlice> = ZBuf::from(payload).into_zslices().collect();
        if slices.len() < FEWEST || slices.iter().any(|slice| u32::try_from(slice.len()).is_err()) {
            return Err(slices);
        }
        let bytes = slices.iter().map(ZSlice::len).sum();
        let unseen = regions.insert_unseen(slices.len(), bytes);
        Ok(Self { regions: regions.clone(), slices, unseen, left: Cell::new(bytes) })
    }

    pub fn lengths(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.slices.iter().map(|slice| slice.len() as u32)
    }

    /// Bytes of the slices that nobody has asked for.
    pub fn left(&self) -> usize {
        self.left.get()
    }

    fn slice(&self, index: usize) -> Outcome<&ZSlice> {
        self.slices.get(index).ok_or_else(|| Fault::new("RANGE", format_args!("the payload has no slice {index}")))
    }

    /// One slice to be seen in place; asked once for each.
    pub fn show(&self, index: usize) -> Outcome<Box<RegionGuard>> {
        guard(|| {
            let slice = self.slice(index)?;
            self.regions.seen(self.unseen, slice.len());
            self.left.set(self.left.get() - slice.len());
            Ok(Box::new(RegionGuard::new(&self.regions, Memory::Received(slice.clone()))))
        })
    }

    /// Fills `out` with the bytes from `offset` of slice `index` on.
    pub fn copy(&self, index: usize, offset: usize, out: &mut [u8]) -> Outcome<()> {
        guard(|| {
            let beyond = || Fault::new("RANGE", "the payload has fewer bytes");
            let mut rest = out;
            let mut from = offset;
            let mut index = index;
            while !rest.is_empty() {
                let bytes = self.slice(index)?.as_slice().get(from..).ok_or_else(beyond)?;
                let (now, later) = rest.split_at_mut(bytes.len().min(rest.len()));
                now.copy_from_slice(&bytes[..now.len()]);
                (rest, from, index) = (later, 0, index + 1);
            }
            Ok(())
        })
    }

    /// Lets go of the memory before the collector does; what is shown has references of its own.
    pub fn clear(&mut self) {
        self.regions.release_unseen(self.unseen);
        self.left.set(0);
        self.slices = Vec::new();
    }
}

impl Drop for SlicedHandle {
    fn drop(&mut self) {
        self.regions.release_unseen(self.unseen);
    }
}
