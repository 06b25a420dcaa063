// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! From the segments that JavaScript lends for one call to a zenoh payload, and the end of that loan.

use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::sync::Arc;

use zenoh::bytes::ZBytes;
use zenoh::internal::buffers::{ZBuf, ZSlice, ZSliceBuffer};

use crate::bridge::ffi::{PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::mailbox::Mailbox;
use crate::memory::{Borrowed, HELD_BYTES};
use crate::regions::{Place, Regions};

/// A put that local subscribers share. Its end tells JavaScript that nothing native refers to the segments any more.
pub struct LocalPut {
    pub id: u32,
    mailbox: Arc<Mailbox>,
}

impl Drop for LocalPut {
    fn drop(&mut self) {
        self.mailbox.post(|mail| mail.released.push(self.id));
    }
}

struct Running {
    mailbox: Arc<Mailbox>,
    /// Where the first of its JavaScript memory is. What is native throughout, local subscribers share by reference instead.
    lent: Option<usize>,
    local: Option<Arc<LocalPut>>,
}

thread_local! {
    /// The put running on this thread. zenoh calls local subscribers inside it.
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// For a subscriber's callback: the put of the same environment that is delivering to it on this very thread, if there is
/// one that lends JavaScript memory, and if the arrival is over that memory (`reaches` tells for an address): a put may
/// also set free what an advanced subscriber kept back of earlier ones.
pub fn local_put(mailbox: &Arc<Mailbox>, reaches: impl FnOnce(usize) -> bool) -> Option<Arc<LocalPut>> {
    RUNNING.with_borrow_mut(|running| {
        let running = running.as_mut().filter(|running| Arc::ptr_eq(&running.mailbox, mailbox))?;
        running.lent.filter(|address| reaches(*address))?;
        let local =
            running.local.get_or_insert_with(|| Arc::new(LocalPut { id: mailbox.new_id(), mailbox: mailbox.clone() }));
        Some(local.clone())
    })
}

/// Slices over lent memory. Dropping it ends every loan, also when zenoh fails or panics.
struct Loans<'a> {
    regions: &'a Regions,
    borrowed: Vec<Arc<Borrowed>>,
    /// Bytes copied at once instead of lent; None where zenoh keeps nothing that other threads read.
    kept: Option<usize>,
}

impl Loans<'_> {
    fn payload(&mut self, segments: &[SegmentRef]) -> Outcome<ZBytes> {
        let mut buffer = ZBuf::empty();
        // Neighbours in one region become one slice: one shared-memory descriptor for a whole chunk.
        let mut open: Option<Place> = None;
        for (index, segment) in segments.iter().enumerate() {
            if segment.len == 0 {
                return Err(Fault::new(
                    "BUFFER_DETACHED",
                    format_args!("segment {index} was detached before it was put"),
                ));
            }
            let place = self.regions.find(segment.ptr, segment.len);
            match (&mut open, place) {
                (Some(last), Some(next)) if last.region == next.region && last.end == next.start => last.end = next.end,
                (last, next) => {
                    if let Some(done) = std::mem::replace(last, next) {
                        buffer.push_zslice(self.region_slice(done)?);
                    }
                    if next.is_none() {
                        buffer.push_zslice(self.borrow(segment));
                    }
                }
            }
        }
        if let Some(done) = open {
            buffer.push_zslice(self.region_slice(done)?);
        }
        Ok(ZBytes::from(buffer))
    }

    fn region_slice(&self, place: Place) -> Outcome<ZSlice> {
        self.regions.slice(place).ok_or_else(|| Fault::new("INTERNAL", "a native region vanished during a put"))
    }

    fn borrow(&mut self, segment: &SegmentRef) -> ZSlice {
        if let Some(kept) = &mut self.kept {
            *kept += segment.len;
            // SAFETY: JavaScript can neither move nor free the memory while this call runs on its thread.
            return ZSlice::from(unsafe { std::slice::from_raw_parts(segment.ptr as *const u8, segment.len) }.to_vec());
        }
        // SAFETY: JavaScript can neither move nor free the memory while this call runs on its thread, and `settle`
        // runs before the call returns.
        let borrowed = unsafe { Borrowed::new(segment.ptr as *const u8, segment.len) };
        self.borrowed.push(borrowed.clone());
        ZSlice::from(borrowed)
    }

    fn settle(&mut self) -> usize {
        self.borrowed.drain(..).map(Borrowed::settle).sum()
    }
}

impl Drop for Loans<'_> {
    fn drop(&mut self) {
        self.settle();
    }
}

/// Lends `segments` and `attachment` to `put` for the duration of this call.
pub fn lend(
    env: &Env,
    segments: &[SegmentRef],
    attachment: Option<&[SegmentRef]>,
    put: impl FnOnce(ZBytes, Option<ZBytes>) -> Outcome<()>,
) -> Outcome<PutOutcome> {
    lend_unless(false, env, segments, attachment, put)
}

/// As [`lend`]; but when zenoh `keeps` the payload where its threads may read it before this call returns, JavaScript
/// memory is copied first and counted as held. What is native is shared by reference all the same.
pub fn lend_unless(
    keeps: bool,
    env: &Env,
    segments: &[SegmentRef],
    attachment: Option<&[SegmentRef]>,
    put: impl FnOnce(ZBytes, Option<ZBytes>) -> Outcome<()>,
) -> Outcome<PutOutcome> {
    let _inside = env.mailbox.enter();
    let mut loans = Loans { regions: &env.regions, borrowed: Vec::new(), kept: keeps.then_some(0) };
    if !keeps {
        loans.borrowed.reserve_exact(segments.len());
    }
    let payload = loans.payload(segments)?;
    let attachment = attachment.map(|segments| loans.payload(segments)).transpose()?;
    let lent = loans.borrowed.first().map(|borrowed| borrowed.as_slice().as_ptr() as usize);
    RUNNING.set(Some(Running { mailbox: env.mailbox.clone(), lent, local: None }));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| put(payload, attachment)));
    let local = RUNNING.take().and_then(|running| running.local);
    let kept = loans.kept.unwrap_or(0);
    HELD_BYTES.fetch_add(kept as u64, Ordering::Relaxed);
    let held = loans.settle() + kept;
    match result {
        Ok(result) => result?,
        Err(panic) => std::panic::resume_unwind(panic),
    }
    Ok(PutOutcome { local: local.map_or(0, |local| local.id), held })
}

/// For tests: a put whose payload is kept by someone, as zenoh's cache or a dropped fragmented message does. Tells how many
/// bytes the end of the loan copied, and fails if the keeper could still reach lent memory.
pub fn held_probe(env: &Env, segments: &[SegmentRef]) -> Outcome<usize> {
    guard(|| {
        let mut kept = None;
        let outcome = lend(env, segments, None, |payload, _| {
            kept = Some((payload.clone(), payload.to_bytes().into_owned()));
            Ok(())
        })?;
        let Some((payload, before)) = kept else { return Ok(outcome.held) };
        let lent = |slice: &[u8]| {
            let at = slice.as_ptr() as usize;
            segments.iter().any(|segment| (segment.ptr..segment.ptr + segment.len).contains(&at))
        };
        if outcome.held > 0 && payload.slices().any(lent) {
            return Err(Fault::new("INTERNAL", "a kept payload still reaches lent memory"));
        }
        match payload.to_bytes() == before {
            true => Ok(outcome.held),
            false => Err(Fault::new("INTERNAL", "a kept payload changed its bytes")),
        }
    })
}
