// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What one client has declared.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use zenoh::liveliness::LivelinessToken;
use zenoh::matching::MatchingListener;
use zenoh::pubsub::{Publisher, Subscriber};
use zenoh::query::{Querier, Queryable};
use zenoh::session::{LinkEventsListener, TransportEventsListener};
use zenoh::{Result as ZResult, Wait};

use super::request::Kind;
use crate::fault::{Fault, Outcome};

/// The most that all clients together may declare: zenoh takes up to 9 KiB for each.
const LIMIT: usize = 65_536;

pub enum Entity {
    Publisher(Publisher<'static>),
    Subscriber(Subscriber<()>),
    Queryable(Queryable<()>),
    Querier(Querier<'static>),
    Token(LivelinessToken),
    Matching(MatchingListener<()>),
    Transports(TransportEventsListener<()>),
    Links(LinkEventsListener<()>),
}

impl Entity {
    fn undeclare(self) -> ZResult<()> {
        match self {
            Entity::Publisher(publisher) => publisher.undeclare().wait(),
            Entity::Subscriber(subscriber) => subscriber.undeclare().wait(),
            Entity::Queryable(queryable) => queryable.undeclare().wait(),
            Entity::Querier(querier) => querier.undeclare().wait(),
            Entity::Token(token) => token.undeclare().wait(),
            Entity::Matching(listener) => listener.undeclare().wait(),
            Entity::Transports(listener) => listener.undeclare().wait(),
            Entity::Links(listener) => listener.undeclare().wait(),
        }
    }
}

pub struct Declared {
    entities: HashMap<(Kind, u32), Entity>,
    /// How many all clients have.
    all: Arc<AtomicUsize>,
}

impl Drop for Declared {
    fn drop(&mut self) {
        self.all.fetch_sub(self.entities.len(), Ordering::Relaxed);
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Publisher => "publisher",
        Kind::Subscriber => "subscriber",
        Kind::Queryable => "queryable",
        Kind::Querier => "querier",
        Kind::Token => "liveliness token",
        Kind::LivelinessSubscriber => "liveliness subscriber",
        Kind::MatchingListener => "matching listener",
        Kind::TransportListener => "transport events listener",
        Kind::LinkListener => "link events listener",
    }
}

fn unknown(kind: Kind, id: u32) -> Fault {
    Fault::new("INVALID_ARGUMENT", format_args!("there is no {} {id}", name(kind)))
}

impl Declared {
    pub fn new(all: Arc<AtomicUsize>) -> Self {
        Self { entities: HashMap::new(), all }
    }

    /// Whether `id` is free; asked before anything is declared.
    pub fn check(&self, kind: Kind, id: u32) -> Outcome<()> {
        if self.entities.contains_key(&(kind, id)) {
            return Err(Fault::new("INVALID_ARGUMENT", format_args!("there is a {} {id} already", name(kind))));
        }
        if self.all.load(Ordering::Relaxed) >= LIMIT {
            let text = format_args!("the clients of this server may declare {LIMIT} entities, no more");
            return Err(Fault::new("INVALID_ARGUMENT", text));
        }
        Ok(())
    }

    pub fn insert(&mut self, kind: Kind, id: u32, entity: Entity) {
        self.entities.insert((kind, id), entity);
        self.all.fetch_add(1, Ordering::Relaxed);
    }

    pub fn undeclare(&mut self, kind: Kind, id: u32) -> Outcome<()> {
        let entity = self.entities.remove(&(kind, id)).ok_or_else(|| unknown(kind, id))?;
        self.all.fetch_sub(1, Ordering::Relaxed);
        entity.undeclare().map_err(|error| Fault::new("NETWORK", error))
    }

    pub fn clear(&mut self) {
        self.all.fetch_sub(self.entities.len(), Ordering::Relaxed);
        self.entities.clear();
    }

    /// Lets go of publishers and queriers.
    pub fn drop_senders(&mut self) {
        let before = self.entities.len();
        self.entities.retain(|_, entity| !matches!(entity, Entity::Publisher(_) | Entity::Querier(_)));
        self.all.fetch_sub(before - self.entities.len(), Ordering::Relaxed);
    }

    pub fn publisher(&self, id: u32) -> Outcome<&Publisher<'static>> {
        match self.entities.get(&(Kind::Publisher, id)) {
            Some(Entity::Publisher(publisher)) => Ok(publisher),
            _ => Err(unknown(Kind::Publisher, id)),
        }
    }

    pub fn querier(&self, id: u32) -> Outcome<&Querier<'static>> {
        match self.entities.get(&(Kind::Querier, id)) {
            Some(Entity::Querier(querier)) => Ok(querier),
            _ => Err(unknown(Kind::Querier, id)),
        }
    }
}
