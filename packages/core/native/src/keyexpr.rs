// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! zenoh's own key-expression rules: the judge that the TypeScript ones are tested against; and declared key expressions.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zenoh::key_expr::{KeyExpr, OwnedKeyExpr};
use zenoh::Wait;

use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::mailbox::Value;
use crate::session::{refused, SessionHandle};

fn invalid(error: impl std::fmt::Display) -> Fault {
    Fault::new("KEY_EXPR_INVALID", error)
}

/// The longest that zenoh can send: beyond, it panics and takes the link with it.
const LONGEST: usize = 65_535;

/// zenoh's routing recurses over the chunks of a key, and overflows its stack at some 6,000.
const MOST_CHUNKS: usize = 1000;

pub fn parse(text: &str) -> Outcome<KeyExpr<'static>> {
    if text.len() > LONGEST {
        return Err(invalid(format_args!("{} bytes are too long, {LONGEST} are allowed", text.len())));
    }
    // A chunk and its slash are two bytes at least: most keys need no count.
    let chunks = if text.len() < 2 * MOST_CHUNKS { 0 } else { text.split('/').count() };
    if chunks > MOST_CHUNKS {
        return Err(invalid(format_args!("{chunks} chunks are too many, {MOST_CHUNKS} are allowed")));
    }
    Ok(OwnedKeyExpr::new(text).map_err(invalid)?.into())
}

pub fn keyexpr_canonize(text: &str) -> Outcome<String> {
    guard(|| Ok(OwnedKeyExpr::autocanonize(text.to_owned()).map_err(invalid)?.to_string()))
}

/// `text` as it is, if it is a canonical key expression.
pub fn keyexpr_check(text: &str) -> Outcome<String> {
    guard(|| Ok(parse(text)?.to_string()))
}

pub fn keyexpr_join(left: &str, right: &str) -> Outcome<String> {
    guard(|| Ok(parse(left)?.join(right).map_err(invalid)?.to_string()))
}

pub fn keyexpr_concat(left: &str, right: &str) -> Outcome<String> {
    guard(|| Ok(parse(left)?.concat(right).map_err(invalid)?.to_string()))
}

/// 0 disjoint, 1 intersects, 2 includes, 3 equals.
pub fn keyexpr_relation(left: &str, right: &str) -> Outcome<u8> {
    guard(|| Ok(parse(left)?.relation_to(&parse(right)?) as u8))
}

/// The key expressions that a session declared: to the runtime they go by a number instead of their text.
#[derive(Default)]
pub struct DeclaredKeys(Mutex<HashMap<u32, KeyExpr<'static>>>);

impl DeclaredKeys {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, KeyExpr<'static>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionHandle {
    /// The declared key expression `declared`; when there is none, or not any more, `text` as it is.
    pub fn key(&self, text: &str, declared: u32) -> Outcome<KeyExpr<'static>> {
        if declared != 0 {
            if let Some(key) = self.core.keys.lock().get(&declared) {
                return Ok(key.clone());
            }
        }
        parse(text)
    }

    /// Answers with the number that `key` and `undeclare_keyexpr` take.
    pub fn declare_keyexpr(&self, env: &Env, key: &str) -> Outcome<u32> {
        guard(|| {
            let (session, core, key) = (self.live()?.clone(), self.core.clone(), parse(key)?);
            env.start_numbered(move |id| {
                let key = session.declare_keyexpr(key).wait().map_err(refused(&session))?;
                core.keys.lock().insert(id, key);
                Ok(Value::Text(id.to_string()))
            })
        })
    }

    /// Idempotent. Whatever zenoh still holds under the number keeps it until it lets go.
    pub fn undeclare_keyexpr(&self, env: &Env, declared: u32) -> Outcome<u32> {
        let core = self.core.clone();
        env.start(move || {
            let taken = core.keys.lock().remove(&declared);
            match taken {
                Some(key) => {
                    core.session.undeclare(key).wait().map_err(refused(&core.session)).map(|()| Value::Nothing)
                }
                None => Ok(Value::Nothing),
            }
        })
    }
}
