// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What a client asks for: the messages of the protocol in their order, taken apart but not judged.

use bytes::Bytes;
use zenoh::bytes::ZBytes;

use super::counters::Counters;
use super::read::{Malformed, Read, Reader};

/// The kinds of what a client declares; each has numbers of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    Publisher,
    Subscriber,
    Queryable,
    Querier,
    Token,
    LivelinessSubscriber,
    MatchingListener,
    TransportListener,
    LinkListener,
}

pub struct Header {
    pub message: u8,
    /// Of what wants an answer.
    pub sequence: Option<u32>,
}

/// Number and schema.
pub type RawEncoding = (u16, Bytes);
/// Time and id.
pub type RawTimestamp = (u64, Bytes);

/// What every message may carry.
pub struct Extras {
    pub attachment: Option<ZBytes>,
    pub timestamp: Option<RawTimestamp>,
}

/// What a query carries besides its selector.
pub struct Question {
    pub parameters: String,
    pub payload: Option<ZBytes>,
    pub encoding: Option<RawEncoding>,
    pub attachment: Option<ZBytes>,
}

pub enum Request {
    DeclarePublisher {
        id: u32,
        key: String,
        encoding: RawEncoding,
        qos: u8,
    },
    DeclareSubscriber {
        id: u32,
        key: String,
        origin: u8,
    },
    DeclareQueryable {
        id: u32,
        key: String,
        complete: bool,
        origin: u8,
    },
    DeclareQuerier {
        id: u32,
        key: String,
        qos: u8,
        settings: u8,
        timeout: u32,
    },
    DeclareToken {
        id: u32,
        key: String,
    },
    DeclareLivelinessSubscriber {
        id: u32,
        key: String,
        history: bool,
    },
    /// Of a publisher or a querier.
    DeclareMatchingListener {
        id: u32,
        kind: Kind,
        of: u32,
    },
    DeclareTransportListener {
        id: u32,
        history: bool,
    },
    DeclareLinkListener {
        id: u32,
        history: bool,
    },
    Undeclare {
        kind: Kind,
        id: u32,
    },
    SessionInfo,
    Timestamp,
    Ping,
    Transports,
    Links,
    MatchingStatus {
        kind: Kind,
        of: u32,
    },
    Put {
        key: String,
        payload: ZBytes,
        encoding: RawEncoding,
        extras: Extras,
        qos: u8,
    },
    Delete {
        key: String,
        extras: Extras,
        qos: u8,
    },
    PublisherPut {
        publisher: u32,
        payload: ZBytes,
        encoding: Option<RawEncoding>,
        extras: Extras,
    },
    PublisherDelete {
        publisher: u32,
        extras: Extras,
    },
    Get {
        id: u32,
        key: String,
        question: Question,
        qos: u8,
        settings: u8,
        timeout: u32,
    },
    QuerierGet {
        id: u32,
        querier: u32,
        question: Question,
    },
    LivelinessGet {
        id: u32,
        key: String,
        timeout: u32,
    },
    ReplyOk {
        query: u32,
        key: String,
        payload: ZBytes,
        encoding: RawEncoding,
        extras: Extras,
        qos: u8,
    },
    ReplyDel {
        query: u32,
        key: String,
        extras: Extras,
        qos: u8,
    },
    ReplyErr {
        query: u32,
        payload: ZBytes,
        encoding: RawEncoding,
    },
    ResponseFinal {
        query: u32,
    },
}

/// Of a message's first byte: a sequence id follows.
const WANTS_ANSWER: u8 = 0x80;

pub fn header(reader: &mut Reader) -> Read<Header> {
    let first = reader.u8()?;
    let sequence = if first & WANTS_ANSWER == 0 { None } else { Some(reader.u32()?) };
    Ok(Header { message: first & !WANTS_ANSWER, sequence })
}

fn encoding(reader: &mut Reader) -> Read<RawEncoding> {
    Ok((reader.u16()?, reader.bytes()?))
}

fn timestamp(reader: &mut Reader) -> Read<RawTimestamp> {
    Ok((reader.u64()?, reader.bytes()?))
}

/// Reads fields in their order, which is that of the struct literals below.
struct Fields<'a> {
    reader: &'a mut Reader,
    counters: &'a Counters,
}

impl Fields<'_> {
    fn u8(&mut self) -> Read<u8> {
        self.reader.u8()
    }

    fn u32(&mut self) -> Read<u32> {
        self.reader.u32()
    }

    fn bool(&mut self) -> Read<bool> {
        self.reader.bool()
    }

    fn text(&mut self) -> Read<String> {
        self.reader.text()
    }

    fn payload(&mut self) -> Read<ZBytes> {
        self.reader.payload(self.counters)
    }

    fn optional_payload(&mut self) -> Read<Option<ZBytes>> {
        let counters = self.counters;
        self.reader.option(|reader| reader.payload(counters))
    }

    fn encoding(&mut self) -> Read<RawEncoding> {
        encoding(self.reader)
    }

    fn optional_encoding(&mut self) -> Read<Option<RawEncoding>> {
        self.reader.option(encoding)
    }

    fn extras(&mut self) -> Read<Extras> {
        Ok(Extras { attachment: self.optional_payload()?, timestamp: self.reader.option(timestamp)? })
    }

    fn question(&mut self) -> Read<Question> {
        Ok(Question {
            parameters: self.text()?,
            payload: self.optional_payload()?,
            encoding: self.optional_encoding()?,
            attachment: self.optional_payload()?,
        })
    }

    fn undeclare(&mut self, kind: Kind) -> Read<Request> {
        Ok(Request::Undeclare { kind, id: self.u32()? })
    }
}

/// Reads the rest of a message.
#[rustfmt::skip] // A table.
pub fn request(message: u8, reader: &mut Reader, counters: &Counters) -> Read<Request> {
    let mut f = Fields { reader, counters };
    let request = match message {
        0 => Request::DeclarePublisher { id: f.u32()?, key: f.text()?, encoding: f.encoding()?, qos: f.u8()? },
        1 => f.undeclare(Kind::Publisher)?,
        2 => Request::DeclareSubscriber { id: f.u32()?, key: f.text()?, origin: f.u8()? },
        3 => f.undeclare(Kind::Subscriber)?,
        4 => Request::DeclareQueryable { id: f.u32()?, key: f.text()?, complete: f.bool()?, origin: f.u8()? },
        5 => f.undeclare(Kind::Queryable)?,
        6 => Request::DeclareQuerier { id: f.u32()?, key: f.text()?, qos: f.u8()?, settings: f.u8()?, timeout: f.u32()? },
        7 => f.undeclare(Kind::Querier)?,
        8 => Request::DeclareToken { id: f.u32()?, key: f.text()? },
        9 => f.undeclare(Kind::Token)?,
        10 => Request::DeclareLivelinessSubscriber { id: f.u32()?, key: f.text()?, history: f.bool()? },
        11 => f.undeclare(Kind::LivelinessSubscriber)?,
        12 => Request::SessionInfo,
        13 => Request::Timestamp,
        14 => Request::Put { key: f.text()?, payload: f.payload()?, encoding: f.encoding()?, extras: f.extras()?, qos: f.u8()? },
        15 => Request::Delete { key: f.text()?, extras: f.extras()?, qos: f.u8()? },
        16 => Request::PublisherPut { publisher: f.u32()?, payload: f.payload()?, encoding: f.optional_encoding()?, extras: f.extras()? },
        17 => Request::PublisherDelete { publisher: f.u32()?, extras: f.extras()? },
        18 => Request::Get { id: f.u32()?, key: f.text()?, question: f.question()?, qos: f.u8()?, settings: f.u8()?, timeout: f.u32()? },
        19 => Request::QuerierGet { id: f.u32()?, querier: f.u32()?, question: f.question()? },
        20 => Request::LivelinessGet { id: f.u32()?, key: f.text()?, timeout: f.u32()? },
        21 => Request::ReplyOk { query: f.u32()?, key: f.text()?, payload: f.payload()?, encoding: f.encoding()?, extras: f.extras()?, qos: f.u8()? },
        22 => Request::ReplyDel { query: f.u32()?, key: f.text()?, extras: f.extras()?, qos: f.u8()? },
        23 => Request::ReplyErr { query: f.u32()?, payload: f.payload()?, encoding: f.encoding()? },
        24 => Request::ResponseFinal { query: f.u32()? },
        25 => Request::Ping,
        26 => Request::DeclareMatchingListener { id: f.u32()?, kind: Kind::Publisher, of: f.u32()? },
        27 => f.undeclare(Kind::MatchingListener)?,
        28 => Request::MatchingStatus { kind: Kind::Publisher, of: f.u32()? },
        29 => Request::DeclareMatchingListener { id: f.u32()?, kind: Kind::Querier, of: f.u32()? },
        30 => Request::MatchingStatus { kind: Kind::Querier, of: f.u32()? },
        31 => Request::Transports,
        32 => Request::Links,
        33 => Request::DeclareTransportListener { id: f.u32()?, history: f.bool()? },
        34 => f.undeclare(Kind::TransportListener)?,
        35 => Request::DeclareLinkListener { id: f.u32()?, history: f.bool()? },
        36 => f.undeclare(Kind::LinkListener)?,
        other => return Err(Malformed(format!("there is no message {other}"))),
    };
    reader.end()?;
    Ok(request)
}
