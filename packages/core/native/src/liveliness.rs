// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A liveliness token: while it stands, the network knows that its key is alive.

use std::sync::{Arc, Mutex, PoisonError};

use zenoh::liveliness::LivelinessToken;
use zenoh::Wait;

use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::keyexpr;
use crate::mailbox::Value;
use crate::session::{refused, SessionHandle};

pub struct TokenHandle(Arc<Mutex<Option<LivelinessToken>>>);

impl SessionHandle {
    pub fn declare_token(&self, env: &Env, key: &str) -> Outcome<u32> {
        guard(|| {
            let (session, key) = (self.live()?.clone(), keyexpr::parse(key)?);
            env.start(move || {
                let token = session.liveliness().declare_token(key).wait().map_err(refused(&session))?;
                Ok(Value::Token(Box::new(TokenHandle(Arc::new(Mutex::new(Some(token)))))))
            })
        })
    }
}

impl TokenHandle {
    pub fn undeclare(&self, env: &Env) -> Outcome<u32> {
        let token = self.0.clone();
        env.start(move || {
            let taken = token.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken {
                Some(token) => {
                    token.undeclare().wait().map_err(|error| Fault::new("NETWORK", error)).map(|()| Value::Nothing)
                }
                None => Ok(Value::Nothing),
            }
        })
    }
}
