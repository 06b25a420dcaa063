// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Declarations, as a client asks for them.

use zenoh::matching::MatchingStatus;
use zenoh::query::Query;
use zenoh::sample::Sample;
use zenoh::session::{LinkEvent, TransportEvent};
use zenoh::Wait;

use super::client::Client;
use super::declared::Entity;
use super::key;
use super::outgoing::{Answer, Loss};
use super::request::{Kind, RawEncoding, Request};
use super::send::{encoding, failed, unpack_asking};
use crate::asking::asking;
use crate::fault::{contain, Fault, Outcome};
use crate::qos;

impl Client {
    fn add(&mut self, kind: Kind, id: u32, declare: impl FnOnce(&mut Self) -> Outcome<Entity>) -> Outcome<Answer> {
        self.declared.check(kind, id)?;
        let entity = declare(self)?;
        self.declared.insert(kind, id, entity);
        Ok(Answer::Done)
    }

    pub fn declare(&mut self, request: Request) -> Outcome<Answer> {
        match request {
            Request::DeclarePublisher { id, key, encoding, qos } => self.publisher(id, &key, encoding, qos),
            Request::DeclareSubscriber { id, key, origin } => self.subscriber(id, &key, origin),
            Request::DeclareQueryable { id, key, complete, origin } => self.queryable(id, &key, complete, origin),
            Request::DeclareQuerier { id, key, qos, settings, timeout } => {
                self.querier(id, &key, qos, settings, timeout)
            }
            Request::DeclareToken { id, key } => self.add(Kind::Token, id, |client| {
                let declare = client.session.liveliness().declare_token(key::parse(&key)?);
                declare.wait().map(Entity::Token).map_err(failed)
            }),
            Request::DeclareLivelinessSubscriber { id, key, history } => self.liveliness_subscriber(id, &key, history),
            Request::DeclareMatchingListener { id, kind, of } => self.matching_listener(id, kind, of),
            Request::DeclareTransportListener { id, history } => self.transport_listener(id, history),
            Request::DeclareLinkListener { id, history } => self.link_listener(id, history),
            _ => Err(Fault::new("INTERNAL", "not a declaration")),
        }
    }

    fn publisher(&mut self, id: u32, key: &str, raw: RawEncoding, bits: u8) -> Outcome<Answer> {
        self.add(Kind::Publisher, id, |client| {
            let qos = qos::unpack(u32::from(bits))?;
            let declare = client.session.declare_publisher(key::parse(key)?).encoding(encoding(raw)?);
            let declare = qos::settings!(declare, qos).reliability(qos.reliability);
            declare.wait().map(Entity::Publisher).map_err(failed)
        })
    }

    fn subscriber(&mut self, id: u32, key: &str, origin: u8) -> Outcome<Answer> {
        self.add(Kind::Subscriber, id, |client| {
            let backlog = client.backlog.clone();
            let declare = client
                .session
                .declare_subscriber(key::parse(key)?)
                .allowed_origin(qos::locality(u32::from(origin))?)
                .callback(move |sample: Sample| contain(|| backlog.sample(id, &sample, Loss::Allowed)));
            declare.wait().map(Entity::Subscriber).map_err(failed)
        })
    }

    fn liveliness_subscriber(&mut self, id: u32, key: &str, history: bool) -> Outcome<Answer> {
        self.add(Kind::LivelinessSubscriber, id, |client| {
            let backlog = client.backlog.clone();
            let liveliness = client.session.liveliness();
            let declare = liveliness
                .declare_subscriber(key::parse(key)?)
                .history(history)
                .callback(move |sample: Sample| contain(|| backlog.sample(id, &sample, Loss::Never)));
            declare.wait().map(Entity::Subscriber).map_err(failed)
        })
    }

    fn queryable(&mut self, id: u32, key: &str, complete: bool, origin: u8) -> Outcome<Answer> {
        self.add(Kind::Queryable, id, |client| {
            let (backlog, pending) = (client.backlog.clone(), client.pending.clone());
            let receive = move |query: Query| {
                contain(|| {
                    if let Some(number) = pending.add(query.clone()) {
                        backlog.query(id, number, &query);
                    }
                })
            };
            let declare = client
                .session
                .declare_queryable(key::parse(key)?)
                .complete(complete)
                .allowed_origin(qos::locality(u32::from(origin))?)
                .callback(receive);
            declare.wait().map(Entity::Queryable).map_err(failed)
        })
    }

    fn querier(&mut self, id: u32, key: &str, bits: u8, how: u8, limit: u32) -> Outcome<Answer> {
        self.add(Kind::Querier, id, |client| {
            let how = unpack_asking(bits, how, limit)?;
            let declare = asking!(client.session.declare_querier(key::parse(key)?), how);
            declare.wait().map(Entity::Querier).map_err(failed)
        })
    }

    fn matching_listener(&mut self, id: u32, kind: Kind, of: u32) -> Outcome<Answer> {
        self.add(Kind::MatchingListener, id, |client| {
            let backlog = client.backlog.clone();
            let tell = move |status: MatchingStatus| contain(|| backlog.matching_update(id, status.matching()));
            let listener = match kind {
                Kind::Publisher => client.declared.publisher(of)?.matching_listener().callback(tell).wait(),
                _ => client.declared.querier(of)?.matching_listener().callback(tell).wait(),
            };
            listener.map(Entity::Matching).map_err(failed)
        })
    }

    fn transport_listener(&mut self, id: u32, history: bool) -> Outcome<Answer> {
        self.add(Kind::TransportListener, id, |client| {
            let backlog = client.backlog.clone();
            let tell = move |event: TransportEvent| contain(|| backlog.transport_update(id, &event));
            let info = client.session.info();
            let declare = info.transport_events_listener().history(history).callback(tell);
            declare.wait().map(Entity::Transports).map_err(failed)
        })
    }

    fn link_listener(&mut self, id: u32, history: bool) -> Outcome<Answer> {
        self.add(Kind::LinkListener, id, |client| {
            let backlog = client.backlog.clone();
            let tell = move |event: LinkEvent| contain(|| backlog.link_update(id, &event));
            let info = client.session.info();
            let declare = info.link_events_listener().history(history).callback(tell);
            declare.wait().map(Entity::Links).map_err(failed)
        })
    }
}
