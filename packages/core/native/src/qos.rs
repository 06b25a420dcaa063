// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Quality-of-service settings as they cross the border: one number, laid out as in `qos.ts`.

use zenoh::bytes::Encoding;
use zenoh::internal::traits::EncodingBuilderTrait;
use zenoh::qos::{CongestionControl, Priority, Reliability};
use zenoh::sample::Locality;
use zenoh::time::Timestamp;

use crate::fault::{Fault, Outcome};
use crate::lanes::Lanes;

const BLOCK_FIRST: u32 = 256;

/// In the settings of one put, also of a publisher, whose others are its own.
pub const SYNC: u32 = 512;

#[derive(Clone, Copy)]
pub struct Qos {
    pub priority: Priority,
    pub congestion: CongestionControl,
    pub express: bool,
    pub reliability: Reliability,
    pub destination: Locality,
}

/// On the builders of all that is sent, which share no trait. Questions have no reliability of their own.
macro_rules! settings {
    ($builder:expr, $qos:expr) => {{
        let $crate::qos::Qos { priority, congestion, express, destination, .. } = $qos;
        $builder.priority(priority).congestion_control(congestion).express(express).allowed_destination(destination)
    }};
}
pub(crate) use settings;

/// How a message is to be sent: what decides whether that can take long.
#[derive(Clone, Copy)]
pub struct Way {
    pub priority: Priority,
    pub congestion: CongestionControl,
    /// Where it may go. A reply goes to whoever asked: for it, this is `Remote` and means nothing.
    pub destination: Locality,
    /// It cannot be sent to the local and the remote part of its destination apart.
    pub whole: bool,
    /// zenoh keeps the payload where its threads read it at any time.
    pub keeps: bool,
    /// Somebody outside this session may get it.
    pub remote: bool,
    /// The caller wants to wait on its own thread.
    pub sync: bool,
    /// Bytes of the key expression that go with the message; none of a declared one.
    pub key: usize,
}

/// The largest payload that is put on the event loop's thread: zenoh takes about 1 ms for it over TCP.
const INLINE_BYTES: usize = 1024 * 1024;

impl Qos {
    pub fn way(&self, lanes: &Lanes) -> Way {
        Way::new(self.priority, self.congestion, self.destination, lanes)
    }
}

impl Way {
    /// The way of what can be sent in parts, is not kept, and may go by lane.
    pub fn new(priority: Priority, congestion: CongestionControl, destination: Locality, lanes: &Lanes) -> Self {
        let remote = destination != Locality::SessionLocal && lanes.connected();
        Self { priority, congestion, destination, whole: false, keeps: false, remote, sync: false, key: 0 }
    }

    pub fn blocks(&self) -> bool {
        self.congestion == CongestionControl::Block
    }

    /// Whether the put may run on this thread: it was asked to, or cannot take long. With `BlockFirst`, zenoh reads the
    /// payload after the put, so the bytes must be native.
    pub fn inline(&self, lanes: &Lanes, by_descriptor: impl FnOnce() -> bool, bytes: usize) -> bool {
        match self.congestion {
            CongestionControl::BlockFirst => false,
            _ if self.sync => true,
            _ if lanes.engaged(self.priority) => false,
            _ if !self.remote => true,
            // The answers of the cache hold a lock that the put needs.
            _ if self.keeps => false,
            CongestionControl::Drop => bytes <= INLINE_BYTES || by_descriptor(),
            CongestionControl::Block if by_descriptor() => lanes.room(self.priority, 0, self.key),
            CongestionControl::Block => lanes.room(self.priority, bytes, self.key),
        }
    }
}

/// Bits 0-2 priority (1-7), 3 block, 4 express, 5 reliable, 6-7 locality (0 session-local, 1 remote, 2 any), 8 block first,
/// 9 sync.
pub fn unpack(bits: u32) -> Outcome<Qos> {
    let priority = (bits & 7) as u8;
    Ok(Qos {
        priority: Priority::try_from(priority)
            .map_err(|_| Fault::new("INVALID_ARGUMENT", format_args!("{priority} is no priority")))?,
        congestion: match bits & (8 | BLOCK_FIRST) {
            0 => CongestionControl::Drop,
            8 => CongestionControl::Block,
            _ => CongestionControl::BlockFirst,
        },
        express: bits & 16 != 0,
        reliability: if bits & 32 == 0 { Reliability::BestEffort } else { Reliability::Reliable },
        destination: locality(bits >> 6 & 3)?,
    })
}

pub fn locality(value: u32) -> Outcome<Locality> {
    match value {
        0 => Ok(Locality::SessionLocal),
        1 => Ok(Locality::Remote),
        2 => Ok(Locality::Any),
        _ => Err(Fault::new("INVALID_ARGUMENT", format_args!("{value} is no locality"))),
    }
}

/// The longest schema that zenoh can send: beyond, it panics and takes the link with it.
const LONGEST_SCHEMA: usize = 255;

/// The empty text is the default.
pub fn encoding(text: &str) -> Outcome<Encoding> {
    let encoding = Encoding::from(text);
    check_schema(encoding.schema().map_or(0, |schema| schema.len()))?;
    Ok(encoding)
}

pub fn check_schema(length: usize) -> Outcome<()> {
    if length <= LONGEST_SCHEMA {
        return Ok(());
    }
    let text = format_args!("an encoding's own part has {length} bytes, {LONGEST_SCHEMA} are allowed");
    Err(Fault::new("INVALID_ARGUMENT", text))
}

/// None: what the builder has, its publisher's or zenoh's default.
pub fn encoded<B: EncodingBuilderTrait>(builder: B, encoding: Option<Encoding>) -> B {
    match encoding {
        None => builder,
        Some(encoding) => builder.encoding(encoding),
    }
}

pub fn timestamp(text: &str) -> Outcome<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(timestamp) => Ok(Some(timestamp)),
        Err(error) => Err(Fault::new("INVALID_ARGUMENT", format_args!("{text} is no timestamp: {error:?}"))),
    }
}
