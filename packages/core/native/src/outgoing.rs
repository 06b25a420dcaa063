// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! From the segments that JavaScript lends for one call to a zenoh payload, and the end of that loan.

use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};

use zenoh::bytes::ZBytes;
use zenoh::internal::buffers::{ZBuf, ZSlice, ZSliceBuffer};
use zenoh::qos::CongestionControl;
use zenoh::sample::Locality;

use crate::bridge::ffi::{PutOutcome, SegmentRef};
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::lanes::{timed_out, Job, Lanes};
use crate::mailbox::Mailbox;
use crate::memory::{Borrowed, HELD_BYTES};
use crate::qos::Way;
use crate::regions::{Place, Regions};
use crate::scratch::Block;

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

/// A put whose sample waits for room in the full queue of a local subscriber. Its end tells JavaScript that it has room.
pub struct ParkedPut {
    operation: u32,
    mailbox: Arc<Mailbox>,
}

impl Drop for ParkedPut {
    fn drop(&mut self) {
        self.mailbox.post(|mail| mail.puts.push((self.operation, Ok(false))));
    }
}

struct Running {
    mailbox: Arc<Mailbox>,
    /// Where the first of its JavaScript memory is. What is native throughout, local subscribers share by reference instead.
    lent: Option<usize>,
    local: Option<Arc<LocalPut>>,
    /// The caller of the put can wait for its end.
    parks: bool,
    parked: Option<Arc<ParkedPut>>,
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

/// For a subscriber's callback that found its queue full: what to keep with the sample until there is room, if the put
/// that delivers it on this very thread can wait.
pub fn park(mailbox: &Arc<Mailbox>) -> Option<Arc<ParkedPut>> {
    RUNNING.with_borrow_mut(|running| {
        let running = running.as_mut().filter(|running| running.parks && Arc::ptr_eq(&running.mailbox, mailbox))?;
        let parked = running
            .parked
            .get_or_insert_with(|| Arc::new(ParkedPut { operation: mailbox.new_id(), mailbox: mailbox.clone() }));
        Some(parked.clone())
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
        let regions = self.regions;
        gather(regions, segments, |segment| self.borrow(segment))
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

/// A payload with one slice for each segment, except that neighbours in one native region become one: one shared-memory
/// descriptor for a whole chunk. `foreign` makes the slices over JavaScript memory.
fn gather(
    regions: &Regions,
    segments: &[SegmentRef],
    mut foreign: impl FnMut(&SegmentRef) -> ZSlice,
) -> Outcome<ZBytes> {
    let region_slice =
        |place| regions.slice(place).ok_or_else(|| Fault::new("INTERNAL", "a native region vanished during a put"));
    let mut buffer = ZBuf::empty();
    let mut open: Option<Place> = None;
    for (index, (segment, place)) in segments.iter().zip(regions.places(segments)).enumerate() {
        if segment.len == 0 {
            let text = format_args!("segment {index} was detached before it was put");
            return Err(Fault::new("BUFFER_DETACHED", text));
        }
        match (&mut open, place) {
            (Some(last), Some(next)) if last.region == next.region && last.end == next.start => last.end = next.end,
            (last, next) => {
                if let Some(done) = std::mem::replace(last, next) {
                    buffer.push_zslice(region_slice(done)?);
                }
                if next.is_none() {
                    buffer.push_zslice(foreign(segment));
                }
            }
        }
    }
    if let Some(done) = open {
        buffer.push_zslice(region_slice(done)?);
    }
    Ok(ZBytes::from(buffer))
}

/// How a call lends.
#[derive(Clone, Copy, Default)]
pub struct Lending {
    /// The caller can wait for the end of the put.
    pub parks: bool,
    /// zenoh keeps the payload where its threads may read it before the call returns: JavaScript's memory is copied first,
    /// and counted as held. What is native is shared by reference all the same.
    pub keeps: bool,
}

/// Lends `segments` and `attachment` to `put` for the duration of this call.
pub fn lend(
    env: &Env,
    segments: &[SegmentRef],
    attachment: Option<&[SegmentRef]>,
    Lending { parks, keeps }: Lending,
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
    RUNNING.set(Some(Running { mailbox: env.mailbox.clone(), lent, local: None, parks, parked: None }));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| put(payload, attachment)));
    let (local, parked) = RUNNING.take().map_or((None, None), |running| (running.local, running.parked));
    let kept = loans.kept.unwrap_or(0);
    HELD_BYTES.fetch_add(kept as u64, Ordering::Relaxed);
    let held = loans.settle() + kept;
    let mut outcome = PutOutcome {
        local: local.map_or(0, |local| local.id),
        held,
        parked: parked.map_or(0, |parked| parked.operation),
        ..PutOutcome::default()
    };
    match result {
        Ok(Ok(())) => Ok(outcome),
        // Local receivers will ask for the segments all the same.
        Ok(Err(fault)) if outcome.local != 0 => {
            outcome.fault = fault.to_string();
            Ok(outcome)
        }
        Ok(Err(fault)) => Err(fault),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// A call into zenoh that sends payload and attachment, made once, or twice for two halves of the destination.
pub trait Call: Clone + Send + 'static {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()>;
}

/// What one call lends for zenoh to send, and how that is to go.
pub struct Outgoing<'a> {
    pub env: &'a Env,
    pub lanes: &'a Arc<Lanes>,
    pub way: Way,
    pub segments: &'a [SegmentRef],
    pub attachment: Option<&'a [SegmentRef]>,
}

impl Outgoing<'_> {
    /// Sends on this thread when that cannot take long, and otherwise by lane, with a copy of what JavaScript owns.
    /// Subscribers of this session get the sender's own memory either way.
    pub fn send(&self, call: impl Call) -> Outcome<PutOutcome> {
        let Self { env, lanes, way, .. } = self;
        let parks = !way.sync;
        if self.inline() {
            let run = |payload, attachment| call.run(payload, attachment, way.destination);
            let (mut outcome, elapsed) = self.lend(Lending { parks, keeps: way.keeps }, run)?;
            lanes.sent.inline.fetch_add(1, Ordering::Relaxed);
            outcome.dropped = way.remote && self.learn(elapsed);
            if outcome.dropped && way.blocks() && outcome.fault.is_empty() {
                outcome.fault = timed_out().to_string();
            }
            return Ok(outcome);
        }
        if !way.sync && lanes.full(way.priority) {
            return Ok(PutOutcome { full: true, ..PutOutcome::default() });
        }
        let _inside = env.mailbox.enter();
        let (payload, attached, copied) = self.own()?;
        let mut outcome = PutOutcome::default();
        let mut destination = way.destination;
        // Local subscribers get it now: in the order of the calls, and without a lane's thread waiting for their readers.
        if destination == Locality::Any && !way.whole {
            let call = call.clone();
            let local = |payload, attachment| call.run(payload, attachment, Locality::SessionLocal);
            (outcome, _) = self.lend(Lending { parks, keeps: false }, local)?;
            destination = Locality::Remote;
        }
        match way.keeps {
            true => outcome.held += copied,
            false => outcome.offloaded = copied,
        }
        let run = move || call.run(payload, attached, destination);
        match way.sync {
            true => run()?,
            false => outcome.operation = self.offer(way.blocks(), run)?,
        }
        Ok(outcome)
    }

    /// As [`Outgoing::send`], for what is sent once and to its whole destination: a get. A full lane takes it all the same.
    pub fn once(
        &self,
        ask: impl FnOnce(ZBytes, Option<ZBytes>) -> Outcome<()> + Send + 'static,
    ) -> Outcome<PutOutcome> {
        if self.inline() {
            let (outcome, elapsed) = self.lend(Lending::default(), ask)?;
            self.learn(elapsed);
            return Ok(outcome);
        }
        let (payload, attached, offloaded) = self.own()?;
        let operation = self.offer(false, move || ask(payload, attached))?;
        Ok(PutOutcome { operation, offloaded, ..PutOutcome::default() })
    }

    fn bytes(&self) -> usize {
        self.segments.iter().chain(self.attachment.into_iter().flatten()).map(|segment| segment.len).sum()
    }

    fn inline(&self) -> bool {
        self.way.inline(self.lanes, || self.env.regions.shared(self.segments), self.bytes())
    }

    /// Sends on this thread; tells also how long that took.
    fn lend(
        &self,
        lending: Lending,
        put: impl FnOnce(ZBytes, Option<ZBytes>) -> Outcome<()>,
    ) -> Outcome<(PutOutcome, Duration)> {
        let started = Instant::now();
        let outcome = lend(self.env, self.segments, self.attachment, lending, put)?;
        Ok((outcome, started.elapsed()))
    }

    /// Whether zenoh dropped what this thread sent just now, as far as that can be known.
    fn learn(&self, elapsed: Duration) -> bool {
        self.lanes.learn(self.way.priority, self.bytes(), elapsed)
    }

    /// Sends by lane; returns what its end is told under.
    fn offer(&self, blocks: bool, put: impl FnOnce() -> Outcome<()> + Send + 'static) -> Outcome<u32> {
        let job = Job { bytes: self.bytes(), blocks, ..Job::new(&self.env.mailbox, put) };
        self.lanes.offer(self.way.priority, job)
    }

    /// Payload and attachment that any thread may read at any time: native memory by reference, the rest copied into one
    /// block. With `BlockFirst` nobody tells when zenoh has read the payload, so native memory, which its owner may write
    /// again after the put, is copied as well.
    fn own(&self) -> Outcome<(ZBytes, Option<ZBytes>, usize)> {
        let none = Regions::default();
        let regions = if self.way.congestion == CongestionControl::BlockFirst { &none } else { &self.env.regions };
        let foreign = |segment: &&SegmentRef| regions.find(segment.ptr, segment.len).is_none();
        let all = self.segments.iter().chain(self.attachment.into_iter().flatten());
        let copied = all.clone().filter(foreign).map(|segment| segment.len).sum();
        let mut block = self.lanes.scratch.block(copied);
        for segment in all.filter(foreign).filter(|segment| segment.len > 0) {
            // SAFETY: JavaScript can neither move nor free the memory while this call runs on its thread.
            block.append(unsafe { std::slice::from_raw_parts(segment.ptr as *const u8, segment.len) });
        }
        let block: Arc<Block> = Arc::new(block);
        let mut at = 0;
        let mut next = |segment: &SegmentRef| {
            at += segment.len;
            ZSlice::new(block.clone(), at - segment.len, at).unwrap_or_else(|_| ZSlice::empty())
        };
        let payload = gather(regions, self.segments, &mut next)?;
        let attachment = self.attachment.map(|segments| gather(regions, segments, &mut next)).transpose()?;
        Ok((payload, attachment, copied))
    }
}

/// For tests: a put whose payload is kept by someone, as zenoh's cache or a dropped fragmented message does. Tells how many
/// bytes the end of the loan copied, and fails if the keeper could still reach lent memory.
pub fn held_probe(env: &Env, segments: &[SegmentRef]) -> Outcome<usize> {
    guard(|| {
        let mut kept = None;
        let outcome = lend(env, segments, None, Lending::default(), |payload, _| {
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
