// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What must end before its session does, whoever else holds it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Ends when its session closes.
pub trait Ends: Send + Sync {
    fn end(&self);
}

/// Something declared, until undeclare or the end of the session takes it.
pub type Slot<T> = Arc<Mutex<Option<T>>>;

/// Dropped, it undeclares itself.
impl<T: Send> Ends for Mutex<Option<T>> {
    fn end(&self) {
        let taken = self.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Not under the lock: undeclaring waits for zenoh.
        drop(taken);
    }
}

pub fn slot<T>(value: T) -> Slot<T> {
    Arc::new(Mutex::new(Some(value)))
}

#[derive(Default)]
pub struct Watched(Mutex<Vec<Weak<dyn Ends>>>);

impl Watched {
    pub fn add<T: Ends + 'static>(&self, one: &Arc<T>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.strong_count() > 0);
        let weak: Weak<T> = Arc::downgrade(one);
        all.push(weak);
    }

    pub fn end(&self) {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for one in all {
            if let Some(one) = one.upgrade() {
                one.end();
            }
        }
    }
}
