// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Whom a session knows and how it is connected to them.

use serde_json::{json, Value as Json};
use zenoh::qos::Reliability;
use zenoh::session::{Link, Transport, ZenohId};
use zenoh::{Session, Wait};

use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::listener::End;
use crate::mailbox::Value;
use crate::session::{refused, SessionHandle};

fn texts(zids: impl Iterator<Item = ZenohId>) -> Vec<String> {
    zids.map(|zid| zid.to_string()).collect()
}

fn transport(transport: &Transport) -> Json {
    json!({
        "zid": transport.zid().to_string(),
        "whatami": transport.whatami() as u8,
        "isQos": transport.is_qos(),
        "isMulticast": transport.is_multicast(),
        "isShm": transport.is_shm(),
    })
}

fn link(link: &Link) -> Json {
    json!({
        "zid": link.zid().to_string(),
        "src": link.src().as_str(),
        "dst": link.dst().as_str(),
        "group": link.group().map(|group| group.as_str()),
        "mtu": link.mtu(),
        "isStreamed": link.is_streamed(),
        "interfaces": link.interfaces(),
        "authIdentifier": link.auth_identifier(),
        "priorities": link.priorities().map(|(highest, lowest)| [highest, lowest]),
        "reliability": link.reliability().map(|reliability| u8::from(reliability == Reliability::Reliable)),
    })
}

impl SessionHandle {
    /// Answers off the JavaScript thread: zenoh waits for locks and tasks of its own here.
    fn ask(&self, env: &Env, answer: impl FnOnce(&Session) -> Json + Send + 'static) -> Outcome<u32> {
        guard(|| {
            let session = self.live()?.clone();
            env.start(move || {
                let answer = answer(&session);
                // Of a session that closed meanwhile zenoh tells nothing, which is not the same as no links.
                match session.is_closed() {
                    true => Err(Fault::closed("session")),
                    false => Ok(Value::Text(answer.to_string())),
                }
            })
        })
    }

    pub fn info(&self, env: &Env) -> Outcome<u32> {
        self.ask(env, |session| {
            let info = session.info();
            json!({
                "zid": info.zid().wait().to_string(),
                "routers": texts(info.routers_zid().wait()),
                "peers": texts(info.peers_zid().wait()),
                "locators": info.locators().wait().iter().map(|locator| locator.as_str()).collect::<Vec<_>>(),
            })
        })
    }

    pub fn transports(&self, env: &Env) -> Outcome<u32> {
        self.ask(env, |session| session.info().transports().wait().map(|one| transport(&one)).collect())
    }

    pub fn links(&self, env: &Env) -> Outcome<u32> {
        self.ask(env, |session| session.info().links().wait().map(|one| link(&one)).collect())
    }

    /// Each event is {kind, transport}: a put when it opened, a delete when it closed.
    pub fn transport_events(&self, env: &Env, history: bool) -> Outcome<u32> {
        self.listen(env, move |session, teller| {
            let tell = move |event: zenoh::session::TransportEvent| {
                teller.tell(&json!({ "kind": event.kind() as u8, "transport": transport(event.transport()) }));
            };
            let declare = session.info().transport_events_listener().history(history).callback(tell).wait();
            let (listener, session) = (declare.map_err(refused(session))?, session.clone());
            let end: End = Box::new(move || listener.undeclare().wait().map_err(refused(&session)));
            Ok(end)
        })
    }

    /// Each event is {kind, link}: a put when it was added, a delete when it was removed.
    pub fn link_events(&self, env: &Env, history: bool) -> Outcome<u32> {
        self.listen(env, move |session, teller| {
            let tell = move |event: zenoh::session::LinkEvent| {
                teller.tell(&json!({ "kind": event.kind() as u8, "link": link(event.link()) }));
            };
            let declare = session.info().link_events_listener().history(history).callback(tell).wait();
            let (listener, session) = (declare.map_err(refused(session))?, session.clone());
            let end: End = Box::new(move || listener.undeclare().wait().map_err(refused(&session)));
            Ok(end)
        })
    }
}
