// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Declarations that end in an inbox: subscribers, queryables, liveliness subscribers.

use zenoh::key_expr::KeyExpr;
use zenoh::{Result as ZResult, Session, Wait};

use crate::bridge::ffi::QueueOptions;
use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::inbox::{Arrival, Entity, NewInbox, Sink};
use crate::mailbox::Value;
use crate::session::{refused, SessionCore, SessionHandle};
use crate::{keyexpr, qos};

impl SessionHandle {
    pub fn declare_subscriber(&self, env: &Env, key: &str, origin: u32, options: &QueueOptions) -> Outcome<u32> {
        let origin = qos::locality(origin)?;
        self.declare(env, key, options, NewInbox::sink, move |session, key, sink| {
            let declare = session.declare_subscriber(key).allowed_origin(origin);
            declare.callback(move |sample| sink.receive(Arrival::Sample(sample))).wait().map(Entity::Subscriber)
        })
    }

    pub fn declare_queryable(
        &self,
        env: &Env,
        key: &str,
        complete: bool,
        origin: u32,
        options: &QueueOptions,
    ) -> Outcome<u32> {
        let origin = qos::locality(origin)?;
        self.declare(env, key, options, NewInbox::sink, move |session, key, sink| {
            let declare = session.declare_queryable(key).complete(complete).allowed_origin(origin);
            declare.callback(move |query| sink.receive(Arrival::Query(query))).wait().map(Entity::Queryable)
        })
    }

    pub fn declare_liveliness_subscriber(
        &self,
        env: &Env,
        key: &str,
        history: bool,
        options: &QueueOptions,
    ) -> Outcome<u32> {
        self.declare(env, key, options, NewInbox::sink, move |session, key, sink| {
            let liveliness = session.liveliness();
            let declare = liveliness.declare_subscriber(key).history(history);
            declare.callback(move |sample| sink.receive(Arrival::Sample(sample))).wait().map(Entity::Subscriber)
        })
    }

    pub fn declare(
        &self,
        env: &Env,
        key: &str,
        options: &QueueOptions,
        sink: fn(&NewInbox) -> Sink,
        declare: impl FnOnce(&Session, KeyExpr<'static>, Sink) -> ZResult<Entity> + Send + 'static,
    ) -> Outcome<u32> {
        guard(|| {
            let (session, key, inbox) = (self.live()?.clone(), keyexpr::parse(key)?, self.core.inbox(env, options)?);
            env.start(move || {
                let entity = declare(&session, key, sink(&inbox)).map_err(refused(&session))?;
                Ok(Value::Inbox(inbox.with(entity)))
            })
        })
    }
}

impl SessionCore {
    /// Its ring closes before the session does: a thread waiting for room in it would hold zenoh's close up.
    pub fn inbox(&self, env: &Env, options: &QueueOptions) -> Outcome<NewInbox> {
        let inbox = NewInbox::new(env, &self.lanes, options)?;
        self.rings.add(&inbox.ring);
        Ok(inbox)
    }
}
