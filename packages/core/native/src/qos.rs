// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Quality-of-service settings as they cross the border: one number, laid out as in `qos.ts`.

use zenoh::bytes::Encoding;
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
}

/// The largest payload that is put on the event loop's thread: zenoh takes about 1 ms for it over TCP.
const INLINE_BYTES: usize = 1024 * 1024;

impl Way {
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
            CongestionControl::Block if by_descriptor() => lanes.drain.room(0),
            CongestionControl::Block => lanes.drain.room(bytes),
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
    match encoding.schema() {
        Some(schema) if schema.len() > LONGEST_SCHEMA => Err(Fault::new(
            "INVALID_ARGUMENT",
            format_args!("an encoding's own part has {} bytes, {LONGEST_SCHEMA} are allowed", schema.len()),
        )),
        _ => Ok(encoding),
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
