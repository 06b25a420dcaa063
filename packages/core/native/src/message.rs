// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A put or a deletion with all its settings, as a session sends it without a publisher.

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::key_expr::KeyExpr;
use zenoh::sample::{Locality, SourceInfo};
use zenoh::time::Timestamp;
use zenoh::timestamp_stack::TimestampInstrumentation;
use zenoh::{Session, Wait};

use crate::fault::Outcome;
use crate::outgoing::Call;
use crate::qos::Qos;
use crate::session::refused;

#[derive(Clone)]
pub struct Message {
    pub session: Session,
    pub key: KeyExpr<'static>,
    pub qos: Qos,
    /// None: zenoh's default.
    pub encoding: Option<Encoding>,
    pub timestamp: Option<Timestamp>,
    pub source: Option<SourceInfo>,
    pub instrumentation: Option<TimestampInstrumentation>,
}

/// The settings that puts and deletions share, on builders that share no trait.
macro_rules! settings {
    ($builder:expr, $message:expr, $destination:expr, $attachment:expr) => {
        $builder
            .priority($message.qos.priority)
            .congestion_control($message.qos.congestion)
            .express($message.qos.express)
            .reliability($message.qos.reliability)
            .allowed_destination($destination)
            .timestamp($message.timestamp)
            .source_info($message.source)
            .timestamp_instrumentation($message.instrumentation)
            .attachment($attachment)
    };
}

#[derive(Clone)]
pub struct Put(pub Message);

impl Call for Put {
    fn run(self, payload: ZBytes, attachment: Option<ZBytes>, destination: Locality) -> Outcome<()> {
        let Self(message) = self;
        let put = settings!(message.session.put(message.key, payload), message, destination, attachment);
        match message.encoding {
            None => put.wait(),
            Some(encoding) => put.encoding(encoding).wait(),
        }
        .map_err(refused(&message.session))
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

impl AsRef<Message> for Put {
    fn as_ref(&self) -> &Message {
        &self.0
    }
}

impl AsRef<Message> for Delete {
    fn as_ref(&self) -> &Message {
        &self.0
    }
}
