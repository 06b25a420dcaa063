// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Which received payloads are copied out, and how many of them share an ArrayBuffer.

/// Payloads below this many bytes are copied out: a 64-byte view would pin a whole 64 KiB receive buffer.
const SMALL_PAYLOAD: usize = 4096;

/// A slab holds this many bytes at most: a small payload that is kept pins no more than that.
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
