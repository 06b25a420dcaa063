// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Transports and links that come and go, each told once. zenoh by itself may tell of one twice when it comes during the
//! declaration, and leaves out links that end because their whole transport closes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use serde_json::Value as Json;
use zenoh::sample::SampleKind;

use crate::listener::Teller;

/// A transport or a link.
pub trait Standing {
    /// Whether two descriptions are of one and the same.
    fn same(&self, other: &Self) -> bool;
    /// The event that it came or went.
    fn told(&self, kind: SampleKind) -> Json;
}

pub struct Watch<T> {
    teller: Teller,
    /// Whether what stood before the declaration is told.
    history: bool,
    /// zenoh tells what stood before on the thread that declares, and everything else on threads of its own.
    declaring: ThreadId,
    /// Each with whether it stood before.
    standing: Mutex<Vec<(T, bool)>>,
}

impl<T: Standing> Watch<T> {
    pub fn new(teller: Teller, history: bool) -> Arc<Self> {
        Arc::new(Self { teller, history, declaring: thread::current().id(), standing: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(T, bool)>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn event(&self, kind: SampleKind, item: T) {
        match kind {
            SampleKind::Put => self.came(item),
            SampleKind::Delete => self.gone(|other, _| other.same(&item)),
        }
    }

    fn came(&self, item: T) {
        let before = thread::current().id() == self.declaring;
        let mut standing = self.lock();
        if standing.iter().any(|(other, _)| other.same(&item)) {
            return;
        }
        if self.history || !before {
            self.teller.tell(&item.told(SampleKind::Put));
        }
        standing.push((item, before));
    }

    /// Forgets, and tells of, those that are gone.
    pub fn gone(&self, is_gone: impl Fn(&T, bool) -> bool) {
        self.lock().retain(|(item, before)| {
            let stays = !is_gone(item, *before);
            if !stays {
                self.teller.tell(&item.told(SampleKind::Delete));
            }
            stays
        });
    }

    /// Ends the declaration. `current` is what stands now: what stood before and went meanwhile may have been told in
    /// the wrong order.
    pub fn settle(&self, current: impl Iterator<Item = T>) {
        let current: Vec<T> = current.collect();
        self.gone(|item, before| before && !current.iter().any(|other| other.same(item)));
    }
}
