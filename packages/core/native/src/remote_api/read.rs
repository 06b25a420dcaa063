// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Reads a received message, which may be anything: every length is checked against the bytes that are there.

use bytes::Bytes;
use zenoh::bytes::ZBytes;

use super::counters::Counters;
use crate::small::small_payload;

/// Not a message of the protocol, with the reason.
#[derive(Debug)]
pub struct Malformed(pub String);

pub type Read<T> = Result<T, Malformed>;

pub struct Reader {
    frame: Bytes,
    at: usize,
}

impl Reader {
    pub fn new(frame: Bytes) -> Self {
        Self { frame, at: 0 }
    }

    /// Where the next `count` bytes are.
    fn range(&mut self, count: usize) -> Read<std::ops::Range<usize>> {
        let left = self.frame.len() - self.at;
        if count > left {
            return Err(Malformed(format!("it ends early: {count} bytes wanted at {}, {left} are left", self.at)));
        }
        let start = self.at;
        self.at += count;
        Ok(start..self.at)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let range = self.range(N)?;
        let mut array = [0; N];
        array.copy_from_slice(&self.frame[range]);
        Ok(array)
    }

    pub fn u8(&mut self) -> Read<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub fn u16(&mut self) -> Read<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Read<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Read<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub fn bool(&mut self) -> Read<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Malformed(format!("{other} at {} is no boolean", self.at - 1))),
        }
    }

    /// A count, in groups of seven bits.
    fn count(&mut self) -> Read<usize> {
        let start = self.at;
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(value).map_err(|_| Malformed(format!("a length of {value} bytes at {start}")));
            }
        }
        Err(Malformed(format!("the length at {start} is no number")))
    }

    pub fn bytes(&mut self) -> Read<Bytes> {
        let count = self.count()?;
        let range = self.range(count)?;
        Ok(self.frame.slice(range))
    }

    pub fn text(&mut self) -> Read<String> {
        let start = self.at;
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| Malformed(format!("the text at {start} is not UTF-8")))
    }

    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        self.bool()?.then(|| read(self)).transpose()
    }

    /// A payload, by reference to the frame; a copy where that would pin much more memory than the payload has: the rest of
    /// its own frame, or the receive buffer that small frames share.
    pub fn payload(&mut self, counters: &Counters) -> Read<ZBytes> {
        let bytes = self.bytes()?;
        if bytes.len() >= small_payload() && bytes.len() >= self.frame.len() / 2 {
            return Ok(bytes.into());
        }
        counters.small.add(bytes.len());
        Ok(bytes.to_vec().into())
    }

    pub fn end(&self) -> Read<()> {
        match self.frame.len() - self.at {
            0 => Ok(()),
            left => Err(Malformed(format!("{left} bytes too many"))),
        }
    }
}
