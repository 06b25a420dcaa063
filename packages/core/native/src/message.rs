// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A put or a deletion with all its settings, as a session sends it without a publisher.

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::key_expr::KeyExpr;
use zenoh::sample::Locality;
use zenoh::{Session, Wait};

use crate::fault::Outcome;
use crate::outgoing::Call;
use crate::qos::{self, encoded, Qos};
use crate::session::refused;
use crate::stamp::Stamp;

#[derive(Clone)]
pub struct Message {
    pub session: Session,
    pub key: KeyExpr<'static>,
    pub qos: Qos,
    /// None: zenoh's default.
    pub encoding: Option<Encoding>,
    pub stamp: Stamp,
}

/// The settings that puts and deletions share, on builders that share no trait.
macro_rules! settings {
    ($builder:expr, $message:expr, $destination:expr, $attachment:expr) => {
        qos::settings!($builder, Qos { destination: $destination, ..$message.qos })
            .reliability($message.qos.reliability)
            .timestamp($message.stamp.timestamp)
            .source_info($message.stamp.source)
            .timestamp_instrumentation($message.stamp.instrumentation)
            .attachment($attachment)
    };
}

#[derive(Clone)]
pub struct Put(pub Message);

impl Call for Put {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        let put = settings!(message.session.put(message.key, payload), message, destination, attachment);
        encoded(put, message.encoding).wait().map_err(refused(&message.session))
    }
}

#[derive(Clone)]
pub struct Delete(pub Message);

impl Call for Delete {
    fn run(self, _: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        settings!(message.session.delete(message.key), message, destination, attachment)
            .wait()
            .map_err(refused(&message.session))
    }
}
