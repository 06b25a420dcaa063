// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Declarations that end in an inbox: subscribers, queryables, liveliness subscribers.

use zenoh::Wait;

use crate::bridge::ffi::QueueOptions;
use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::inbox::{Arrival, Entity, NewInbox};
use crate::mailbox::Value;
use crate::session::{refused, SessionHandle};
use crate::{keyexpr, qos};

impl SessionHandle {
    pub fn declare_subscriber(&self, env: &Env, key: &str, origin: u32, options: &QueueOptions) -> Outcome<u32> {
        guard(|| {
            let (session, key, origin) = (self.live()?.clone(), keyexpr::parse(key)?, qos::locality(origin)?);
            let inbox = self.inbox(env, options)?;
            env.start(move || {
                let sink = inbox.sink();
                let declare = session
                    .declare_subscriber(key)
                    .allowed_origin(origin)
                    .callback(move |sample| sink.receive(Arrival::Sample(sample)));
                let subscriber = declare.wait().map_err(refused(&session))?;
                Ok(Value::Inbox(inbox.with(Entity::Subscriber(subscriber))))
            })
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
        guard(|| {
            let (session, key, origin) = (self.live()?.clone(), keyexpr::parse(key)?, qos::locality(origin)?);
            let inbox = self.inbox(env, options)?;
            env.start(move || {
                let sink = inbox.sink();
                let declare = session
                    .declare_queryable(key)
                    .complete(complete)
                    .allowed_origin(origin)
                    .callback(move |query| sink.receive(Arrival::Query(query)));
                let queryable = declare.wait().map_err(refused(&session))?;
                Ok(Value::Inbox(inbox.with(Entity::Queryable(queryable))))
            })
        })
    }

    pub fn declare_liveliness_subscriber(
        &self,
        env: &Env,
        key: &str,
        history: bool,
        options: &QueueOptions,
    ) -> Outcome<u32> {
        guard(|| {
            let (session, key) = (self.live()?.clone(), keyexpr::parse(key)?);
            let inbox = self.inbox(env, options)?;
            env.start(move || {
                let sink = inbox.sink();
                let declare = session
                    .liveliness()
                    .declare_subscriber(key)
                    .history(history)
                    .callback(move |sample| sink.receive(Arrival::Sample(sample)));
                let subscriber = declare.wait().map_err(refused(&session))?;
                Ok(Value::Inbox(inbox.with(Entity::Subscriber(subscriber))))
            })
        })
    }

    /// A ring that closes before the session does: a thread waiting for room in it would hold zenoh's close up.
    pub fn inbox(&self, env: &Env, options: &QueueOptions) -> Outcome<NewInbox> {
        let inbox = NewInbox::new(env, options)?;
        self.core.watch(&inbox.ring);
        Ok(inbox)
    }
}
