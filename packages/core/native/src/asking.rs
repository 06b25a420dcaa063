// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! How a get or a querier asks: whom, for how long, and which replies it takes.

use std::time::Duration;

use zenoh::query::{ConsolidationMode, QueryTarget, ReplyKeyExpr};

use crate::bridge::ffi::QueryOptions;
use crate::fault::{Fault, Outcome};
use crate::qos::{self, Qos};

pub struct Asking {
    pub target: QueryTarget,
    pub consolidation: ConsolidationMode,
    pub timeout: Duration,
    pub accept: ReplyKeyExpr,
    pub qos: Qos,
}

/// On the builders of gets and queriers, which share no trait.
macro_rules! asking {
    ($builder:expr, $asking:expr) => {
        $crate::qos::settings!($builder, $asking.qos)
            .target($asking.target)
            .consolidation($asking.consolidation)
            .timeout($asking.timeout)
            .accept_replies($asking.accept)
    };
}
pub(crate) use asking;

fn wrong(what: &str, value: u8) -> Fault {
    Fault::new("INVALID_ARGUMENT", format_args!("{value} is no {what}"))
}

/// As `enums.ts` and the remote-api protocol number them.
pub fn target(value: u8) -> Outcome<QueryTarget> {
    match value {
        0 => Ok(QueryTarget::BestMatching),
        1 => Ok(QueryTarget::All),
        2 => Ok(QueryTarget::AllComplete),
        other => Err(wrong("query target", other)),
    }
}

/// Numbered as targets are.
pub fn consolidation(value: u8) -> Outcome<ConsolidationMode> {
    match value {
        0 => Ok(ConsolidationMode::Auto),
        1 => Ok(ConsolidationMode::None),
        2 => Ok(ConsolidationMode::Monotonic),
        3 => Ok(ConsolidationMode::Latest),
        other => Err(wrong("consolidation mode", other)),
    }
}

impl QueryOptions {
    pub fn unpack(&self) -> Outcome<Asking> {
        Ok(Asking {
            target: target(self.target)?,
            consolidation: consolidation(self.consolidation)?,
            timeout: Duration::from_millis(self.timeout_ms),
            accept: if self.accept_any { ReplyKeyExpr::Any } else { ReplyKeyExpr::MatchingQuery },
            qos: qos::unpack(self.qos)?,
        })
    }
}
