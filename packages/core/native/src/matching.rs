// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Whether somebody is there for what a publisher publishes or a querier asks.

use std::sync::{Arc, PoisonError};

use serde_json::json;
use zenoh::matching::MatchingListener;
use zenoh::query::Querier;
use zenoh::{Session, Wait};

use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::listener::{listen, End, Teller};
use crate::publisher::PublisherHandle;
use crate::querier::QuerierHandle;
use crate::session::refused;
use crate::watched::Slot;

/// Runs `ask` on what stands in the slot.
fn on<T, R>(session: &Session, slot: &Slot<T>, what: &str, ask: impl FnOnce(&T) -> zenoh::Result<R>) -> Outcome<R> {
    if session.is_closed() {
        return Err(Fault::closed("session"));
    }
    let entity = slot.lock().unwrap_or_else(PoisonError::into_inner);
    ask(entity.as_ref().ok_or_else(|| Fault::closed(what))?).map_err(refused(session))
}

/// Each event is the new status, true or false; the first only if it is true.
fn listen_on<T: Send + 'static>(
    env: &Env,
    (session, slot): (Session, Slot<T>),
    what: &'static str,
    declare: impl FnOnce(&T, Teller) -> zenoh::Result<MatchingListener<()>> + Send + 'static,
) -> Outcome<u32> {
    guard(|| {
        listen(env, move |teller| {
            let listener = on(&session, &slot, what, |entity| declare(entity, teller))?;
            let end: End = Box::new(move || {
                // Holds what it listens to: a publisher that is dropped takes its listeners along.
                let entity = slot.lock().unwrap_or_else(PoisonError::into_inner);
                match entity.is_some() {
                    true => listener.undeclare().wait().map_err(refused(&session)),
                    false => Ok(()),
                }
            });
            Ok(end)
        })
    })
}

impl PublisherHandle {
    /// Whether some subscriber, here or elsewhere, matches now.
    pub fn matching(&self) -> Outcome<bool> {
        guard(|| {
            let session = &self.declaration.session;
            on(session, &self.publisher, "publisher", |publisher| publisher.matching())
        })
    }

    pub fn matching_events(&self, env: &Env) -> Outcome<u32> {
        let slot = (self.declaration.session.clone(), self.publisher.clone());
        listen_on(env, slot, "publisher", |publisher, teller| {
            publisher.listen_matching(move |matching| teller.tell(&json!(matching)))
        })
    }
}

impl QuerierHandle {
    /// Whether some queryable, here or elsewhere, matches key and target now.
    pub fn matching(&self) -> Outcome<bool> {
        guard(|| {
            let ask = |querier: &Arc<Querier<'static>>| querier.matching_status().wait();
            Ok(on(&self.session, &self.querier, "querier", ask)?.matching())
        })
    }

    pub fn matching_events(&self, env: &Env) -> Outcome<u32> {
        listen_on(env, (self.session.clone(), self.querier.clone()), "querier", |querier, teller| {
            querier.matching_listener().callback(move |status| teller.tell(&json!(status.matching()))).wait()
        })
    }
}
