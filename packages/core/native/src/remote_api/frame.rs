// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A message on its way to a client: one block of memory that begins with the header of its websocket frame.

use zenoh::bytes::ZBytes;

/// The longest header of a frame that a server sends, which is never masked.
const HEADER: usize = 10;

/// The last frame of a message, binary.
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;

/// What each message counts in a backlog besides its bytes.
pub const OVERHEAD: usize = 256;

pub struct Frame {
    bytes: Vec<u8>,
    /// Where the header begins: its length depends on the message's.
    start: usize,
    /// What it counts in the backlog; nothing for what is no message.
    pub cost: usize,
}

impl Frame {
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// What is a frame already.
    pub fn raw(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), start: 0, cost: 0 }
    }

    pub fn ping() -> Self {
        Self::raw(&[PING, 0])
    }

    /// `reason` is cut to what a close frame can carry.
    pub fn close(code: u16, reason: &str) -> Self {
        let mut end = reason.len().min(123);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        let mut bytes = vec![CLOSE, (end + 2) as u8];
        bytes.extend_from_slice(&code.to_be_bytes());
        bytes.extend_from_slice(&reason.as_bytes()[..end]);
        Self { bytes, start: 0, cost: 0 }
    }
}

/// Writes a message in zenoh's serialization format.
pub struct Writer {
    bytes: Vec<u8>,
    /// Bytes of payloads and attachments.
    pub gathered: usize,
}

impl Writer {
    /// `room` bytes, as many as the message will have or a few more, so that its payload is copied once.
    pub fn new(room: usize) -> Self {
        let mut bytes = Vec::with_capacity(HEADER + room);
        bytes.resize(HEADER, 0);
        Self { bytes, gathered: 0 }
    }

    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn bool(&mut self, value: bool) {
        self.bytes.push(u8::from(value));
    }

    /// A count, in the groups of seven bits that zenoh uses.
    pub fn count(&mut self, mut value: usize) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    pub fn bytes(&mut self, value: &[u8]) {
        self.count(value.len());
        self.bytes.extend_from_slice(value);
    }

    pub fn payload(&mut self, value: &ZBytes) {
        self.count(value.len());
        for slice in value.slices() {
            self.bytes.extend_from_slice(slice);
        }
        self.gathered += value.len();
    }

    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.bool(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub fn finish(mut self) -> Frame {
        let length = self.bytes.len() - HEADER;
        let start = match length {
            0..=125 => {
                self.bytes[HEADER - 1] = length as u8;
                HEADER - 2
            }
            126..=0xffff => {
                self.bytes[HEADER - 3] = 126;
                self.bytes[HEADER - 2..HEADER].copy_from_slice(&(length as u16).to_be_bytes());
                HEADER - 4
            }
            _ => {
                self.bytes[HEADER - 9] = 127;
                self.bytes[HEADER - 8..HEADER].copy_from_slice(&(length as u64).to_be_bytes());
                0
            }
        };
        self.bytes[start] = BINARY;
        Frame { bytes: self.bytes, start, cost: HEADER + length + OVERHEAD }
    }
}
