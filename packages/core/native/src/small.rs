// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Which received payloads are copied out, and how many of them share an ArrayBuffer.

/// Payloads below this many bytes are copied out: a 64-byte view would pin a whole 64 KiB receive buffer.
///
/// Measured by `node bench/small-payloads.mjs` (2 busy cores, TCP over loopback, medians of 3; noise about 15 %):
///
/// | payload | views | copied out | MiB for 10,000 kept of 100,000: views | copied out |
/// |---|---|---|---|---|
/// | 64 B | 199,000/s | 277,000/s | 147 | 26 |
/// | 1 KiB | 208,000/s | 247,000/s | 146 | 118 |
/// | 4 KiB | 115,000/s | 121,000/s | 466 | 355 |
/// | 8 KiB | 71,000/s | 77,000/s | 508 | 368 |
/// | 16 KiB | 36,000/s | 37,000/s | 548 | 357 |
///
/// Up to 1 KiB copying is the faster way; from 4 KiB on the two are alike, and copying would only cost the promise that
/// nothing is copied. Thresholds of 512 to 16 KiB do not differ by more than noise, except in what they copy.
const SMALL_PAYLOAD: usize = 4096;

/// A slab holds this many bytes at most: a small payload that is kept pins no more than that. Slabs of 8 KiB pin 102 instead
/// of 118 MiB at 1 KiB above, and 32 instead of 26 at 64 B.
const SLAB: usize = 32 * 1024;

#[cfg(not(feature = "tuning"))]
mod bounds {
    pub const fn small_payload() -> usize {
        super::SMALL_PAYLOAD
    }

    pub const fn slab_bound() -> usize {
        super::SLAB
    }
}

/// In the build that measures, environment variables set them, read once.
#[cfg(feature = "tuning")]
mod bounds {
    use std::sync::LazyLock;

    fn from_env(name: &str, otherwise: usize) -> usize {
        std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number of bytes"))
    }

    static SMALL_PAYLOAD: LazyLock<usize> =
        LazyLock::new(|| from_env("ZENOH_SEGMENTS_SMALL_PAYLOAD", super::SMALL_PAYLOAD));
    static SLAB: LazyLock<usize> = LazyLock::new(|| from_env("ZENOH_SEGMENTS_SLAB", super::SLAB));

    pub fn small_payload() -> usize {
        *SMALL_PAYLOAD
    }

    pub fn slab_bound() -> usize {
        *SLAB
    }
}

pub use bounds::{slab_bound, small_payload};
