// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What the server sends: the messages of the protocol, written into a client's backlog.

use zenoh::bytes::{Encoding, ZBytes};
use zenoh::qos::{CongestionControl, Reliability};
use zenoh::query::{Query, Reply, ReplyKeyExpr};
use zenoh::sample::Sample;
use zenoh::session::{Link, LinkEvent, Transport, TransportEvent, ZenohId};
use zenoh::time::Timestamp;

use super::backlog::Backlog;
use super::frame::Writer;

const PING_ACK: u8 = 0;
const OK: u8 = 1;
const ERROR: u8 = 2;
const TIMESTAMP: u8 = 3;
const SESSION_INFO: u8 = 4;
const SAMPLE: u8 = 5;
const QUERY: u8 = 6;
const REPLY: u8 = 7;
const RESPONSE_FINAL: u8 = 8;
const MATCHING_STATUS: u8 = 9;
const MATCHING_UPDATE: u8 = 10;
const TRANSPORTS: u8 = 11;
const LINKS: u8 = 12;
const TRANSPORT_UPDATE: u8 = 13;
const LINK_UPDATE: u8 = 14;

/// More than the fixed parts of any message have.
const FIXED: usize = 96;

/// Whom a sample is for, and what becomes of it when the client is slow.
#[derive(Clone, Copy, PartialEq)]
pub enum Loss {
    Allowed,
    /// Liveliness: whoever misses one believes the wrong thing for ever.
    Never,
}

/// The answer to a request.
pub enum Answer {
    Done,
    Pong(String),
    Timestamp(Timestamp),
    SessionInfo { zid: ZenohId, routers: Vec<ZenohId>, peers: Vec<ZenohId> },
    Matching(bool),
    Transports(Vec<Transport>),
    Links(Vec<Link>),
}

fn text(writer: &mut Writer, text: &str) {
    writer.bytes(text.as_bytes());
}

fn zid(writer: &mut Writer, zid: &ZenohId) {
    writer.bytes(&zid.to_le_bytes());
}

fn encoding(writer: &mut Writer, encoding: &Encoding) {
    writer.u16(encoding.id());
    writer.bytes(encoding.schema().map_or(&[], |schema| schema.as_slice()));
}

fn timestamp(writer: &mut Writer, timestamp: &Timestamp) {
    writer.u64(timestamp.get_time().as_u64());
    writer.bytes(&timestamp.get_id().to_le_bytes());
}

fn schema_len(encoding: &Encoding) -> usize {
    encoding.schema().map_or(0, |schema| schema.len())
}

fn length(bytes: Option<&ZBytes>) -> usize {
    bytes.map_or(0, ZBytes::len)
}

fn sample_size(sample: &Sample) -> usize {
    FIXED
        + sample.key_expr().len()
        + sample.payload().len()
        + schema_len(sample.encoding())
        + length(sample.attachment())
}

/// Bits as in `qos.rs`; `BlockFirst` has none there, and its message may be dropped. A locality means nothing here.
fn qos(sample: &Sample) -> u8 {
    sample.priority() as u8
        | u8::from(sample.congestion_control() == CongestionControl::Block) << 3
        | u8::from(sample.express()) << 4
        | u8::from(sample.reliability() == Reliability::Reliable) << 5
        | 2 << 6
}

fn sample(writer: &mut Writer, sample: &Sample) {
    text(writer, sample.key_expr().as_str());
    writer.payload(sample.payload());
    writer.u8(sample.kind() as u8);
    encoding(writer, sample.encoding());
    writer.option(sample.attachment(), Writer::payload);
    writer.option(sample.timestamp(), timestamp);
    writer.u8(qos(sample));
}

fn transport(writer: &mut Writer, transport: &Transport) {
    zid(writer, transport.zid());
    writer.u8(transport.whatami() as u8);
    writer.bool(transport.is_qos());
    writer.bool(transport.is_multicast());
}

fn link(writer: &mut Writer, link: &Link) {
    zid(writer, link.zid());
    text(writer, link.src().as_str());
    text(writer, link.dst().as_str());
    writer.option(link.group(), |writer, group| text(writer, group.as_str()));
    writer.u16(link.mtu());
    writer.bool(link.is_streamed());
    writer.count(link.interfaces().len());
    for interface in link.interfaces() {
        text(writer, interface);
    }
    writer.option(link.auth_identifier(), text);
    writer.option(link.priorities(), |writer, (highest, lowest)| {
        writer.u8(highest);
        writer.u8(lowest);
    });
    writer.option(link.reliability(), |writer, reliability| writer.u8(u8::from(reliability == Reliability::Reliable)));
}

fn each<T>(writer: &mut Writer, items: &[T], write: impl Fn(&mut Writer, &T)) {
    writer.count(items.len());
    for item in items {
        write(writer, item);
    }
}

impl Backlog {
    fn answer(&self, message: u8, sequence: u32, size: usize, write: impl FnOnce(&mut Writer)) {
        self.push(FIXED + size, |writer| {
            writer.u8(message | 0x80);
            writer.u32(sequence);
            write(writer);
        });
    }

    /// Answers the request `asked`.
    pub fn respond(&self, sequence: u32, asked: u8, answer: &Answer) {
        match answer {
            Answer::Done => self.answer(OK, sequence, 0, |writer| writer.u8(asked)),
            Answer::Pong(id) => self.answer(PING_ACK, sequence, id.len(), |writer| text(writer, id)),
            Answer::Timestamp(now) => self.answer(TIMESTAMP, sequence, 0, |writer| timestamp(writer, now)),
            Answer::SessionInfo { zid: own, routers, peers } => self.answer(SESSION_INFO, sequence, 0, |writer| {
                zid(writer, own);
                each(writer, routers, zid);
                each(writer, peers, zid);
            }),
            Answer::Matching(matching) => self.answer(MATCHING_STATUS, sequence, 0, |writer| writer.bool(*matching)),
            Answer::Transports(all) => self.answer(TRANSPORTS, sequence, 0, |writer| each(writer, all, transport)),
            Answer::Links(all) => self.answer(LINKS, sequence, 0, |writer| each(writer, all, link)),
        }
    }

    pub fn refuse(&self, sequence: u32, why: &str) {
        self.answer(ERROR, sequence, why.len(), |writer| text(writer, why));
    }

    pub fn sample(&self, subscriber: u32, received: &Sample, loss: Loss) {
        let size = sample_size(received);
        let write = |writer: &mut Writer| {
            writer.u8(SAMPLE);
            writer.u32(subscriber);
            sample(writer, received);
        };
        match loss {
            Loss::Allowed => self.offer(size, write),
            Loss::Never => self.push(size, write),
        }
    }

    pub fn query(&self, queryable: u32, id: u32, query: &Query) {
        let schema = query.encoding().map_or(0, schema_len);
        let carried = length(query.payload()) + length(query.attachment()) + schema;
        self.push(FIXED + query.key_expr().len() + query.parameters().as_str().len() + carried, |writer| {
            writer.u8(QUERY);
            writer.u32(queryable);
            writer.u32(id);
            text(writer, query.key_expr().as_str());
            text(writer, query.parameters().as_str());
            writer.option(query.payload(), Writer::payload);
            writer.option(query.encoding(), encoding);
            writer.option(query.attachment(), Writer::payload);
            writer.u8(u8::from(query.accepts_replies() == ReplyKeyExpr::MatchingQuery));
        });
    }

    pub fn reply(&self, get: u32, reply: &Reply) {
        let size = match reply.result() {
            Ok(received) => sample_size(received),
            Err(error) => FIXED + error.payload().len() + schema_len(error.encoding()),
        };
        self.push(size, |writer| {
            writer.u8(REPLY);
            writer.u32(get);
            match reply.result() {
                Ok(received) => {
                    writer.bool(true);
                    sample(writer, received);
                }
                Err(error) => {
                    writer.bool(false);
                    writer.payload(error.payload());
                    encoding(writer, error.encoding());
                }
            }
        });
    }

    pub fn response_final(&self, get: u32) {
        self.push(FIXED, |writer| {
            writer.u8(RESPONSE_FINAL);
            writer.u32(get);
        });
    }

    pub fn matching_update(&self, listener: u32, matching: bool) {
        self.push(FIXED, |writer| {
            writer.u8(MATCHING_UPDATE);
            writer.u32(listener);
            writer.bool(matching);
        });
    }

    pub fn transport_update(&self, listener: u32, event: &TransportEvent) {
        self.push(FIXED, |writer| {
            writer.u8(TRANSPORT_UPDATE);
            writer.u32(listener);
            writer.u8(event.kind() as u8);
            transport(writer, event.transport());
        });
    }

    pub fn link_update(&self, listener: u32, event: &LinkEvent) {
        self.push(FIXED, |writer| {
            writer.u8(LINK_UPDATE);
            writer.u32(listener);
            writer.u8(event.kind() as u8);
            link(writer, event.link());
        });
    }
}
