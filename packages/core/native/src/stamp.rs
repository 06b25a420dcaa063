// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What a message says of itself: when it was made, by whom, and which times are to be noted along its way.

use zenoh::sample::SourceInfo;
use zenoh::time::Timestamp;
use zenoh::timestamp_stack::TimestampInstrumentation;

use crate::bridge::ffi::PutOptions;
use crate::fault::Outcome;
use crate::{qos, source, timestamp_stack};

#[derive(Clone)]
pub struct Stamp {
    pub timestamp: Option<Timestamp>,
    pub source: Option<SourceInfo>,
    pub instrumentation: Option<TimestampInstrumentation>,
}

impl PutOptions {
    pub fn stamp(&self) -> Outcome<Stamp> {
        Ok(Stamp {
            timestamp: qos::timestamp(&self.timestamp)?,
            source: source::parse(&self.source)?,
            instrumentation: timestamp_stack::unpack(self.qos >> timestamp_stack::POINTS),
        })
    }
}
