// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Whom a session knows and how it is connected to them.

use serde_json::{json, Value as Json};
use zenoh::qos::Reliability;
use zenoh::sample::SampleKind;
use zenoh::session::{Link, LinkEvent, Transport, TransportEvent, ZenohId};
use zenoh::{Session, Wait};

use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::listener::End;
use crate::mailbox::Value;
use crate::session::{refused, SessionHandle};
use crate::standing::{Standing, Watch};

fn texts(zids: impl Iterator<Item = ZenohId>) -> Vec<String> {
    zids.map(|zid| zid.to_string()).collect()
}

impl Standing for Transport {
    fn same(&self, other: &Self) -> bool {
        self.zid() == other.zid() && self.is_multicast() == other.is_multicast()
    }

    fn told(&self, kind: SampleKind) -> Json {
        json!({ "kind": kind as u8, "transport": transport(self) })
    }
}

impl Standing for Link {
    fn same(&self, other: &Self) -> bool {
        self.zid() == other.zid() && self.src() == other.src() && self.dst() == other.dst()
    }

    fn told(&self, kind: SampleKind) -> Json {
        json!({ "kind": kind as u8, "link": link(self) })
    }
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
            let info = session.info();
            let watch = Watch::<Transport>::new(teller, history);
            let told = watch.clone();
            let tell = move |event: TransportEvent| told.event(event.kind(), event.transport().clone());
            let declare = info.transport_events_listener().history(true).callback(tell);
            let listener = declare.wait().map_err(refused(session))?;
            watch.settle(info.transports().wait());
            let session = session.clone();
            let end: End = Box::new(move || listener.undeclare().wait().map_err(refused(&session)));
            Ok(end)
        })
    }

    /// Each event is {kind, link}: a put when it was added, a delete when it was removed.
    pub fn link_events(&self, env: &Env, history: bool) -> Outcome<u32> {
        self.listen(env, move |session, teller| {
            let info = session.info();
            let watch = Watch::<Link>::new(teller, history);
            let (told, closed) = (watch.clone(), watch.clone());
            let close = move |event: TransportEvent| {
                if event.kind() == SampleKind::Delete {
                    let transport = event.transport();
                    closed.gone(|link, _| {
                        link.zid() == transport.zid() && link.group().is_some() == transport.is_multicast()
                    });
                }
            };
            let tell = move |event: LinkEvent| told.event(event.kind(), event.link().clone());
            let transports = info.transport_events_listener().callback(close).wait().map_err(refused(session))?;
            let declare = info.link_events_listener().history(true).callback(tell);
            let links = declare.wait().map_err(refused(session))?;
            watch.settle(info.links().wait());
            let session = session.clone();
            let end: End = Box::new(move || {
                links.undeclare().wait().map_err(refused(&session))?;
                transports.undeclare().wait().map_err(refused(&session))
            });
            Ok(end)
        })
    }
}
