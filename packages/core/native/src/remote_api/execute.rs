// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Does what a client asks. zenoh may wait here, for seconds: the caller has told tokio so.

use zenoh::Wait;

use super::client::Client;
use super::outgoing::Answer;
use super::request::{Kind, Request};
use crate::fault::{Fault, Outcome};

impl Client {
    pub fn execute(&mut self, request: Request) -> Outcome<Answer> {
        match request {
            Request::PublisherPut { publisher, payload, encoding, extras } => {
                self.publisher_put(publisher, payload, encoding, extras)
            }
            Request::Put { key, payload, encoding, extras, qos } => self.put(&key, payload, encoding, extras, qos),
            Request::Delete { key, extras, qos } => self.delete(&key, extras, qos),
            Request::PublisherDelete { publisher, extras } => self.publisher_delete(publisher, extras),
            Request::Get { id, key, question, qos, settings, timeout } => {
                self.get(id, &key, question, qos, settings, timeout)
            }
            Request::QuerierGet { id, querier, question } => self.querier_get(id, querier, question),
            Request::LivelinessGet { id, key, timeout } => self.liveliness_get(id, &key, timeout),
            Request::ReplyOk { query, key, payload, encoding, extras, qos } => {
                self.reply_ok(query, &key, payload, encoding, extras, qos)
            }
            Request::ReplyDel { query, key, extras, qos } => self.reply_del(query, &key, extras, qos),
            Request::ReplyErr { query, payload, encoding } => self.reply_err(query, payload, encoding),
            Request::ResponseFinal { query } => self.response_final(query),
            Request::Undeclare { kind, id } => self.declared.undeclare(kind, id).map(|()| Answer::Done),
            Request::Ping => Ok(Answer::Pong(self.id.clone())),
            Request::Timestamp => Ok(Answer::Timestamp(self.session.new_timestamp())),
            Request::SessionInfo => Ok(self.session_info()),
            Request::Transports => Ok(Answer::Transports(self.session.info().transports().wait().collect())),
            Request::Links => Ok(Answer::Links(self.session.info().links().wait().collect())),
            Request::MatchingStatus { kind, of } => self.matching(kind, of),
            declaration => self.declare(declaration),
        }
    }

    fn session_info(&self) -> Answer {
        let info = self.session.info();
        Answer::SessionInfo {
            zid: info.zid().wait(),
            routers: info.routers_zid().wait().collect(),
            peers: info.peers_zid().wait().collect(),
        }
    }

    fn matching(&self, kind: Kind, of: u32) -> Outcome<Answer> {
        let status = match kind {
            Kind::Publisher => self.declared.publisher(of)?.matching_status().wait(),
            _ => self.declared.querier(of)?.matching_status().wait(),
        };
        status.map(|status| Answer::Matching(status.matching())).map_err(|error| Fault::new("NETWORK", error))
    }
}
