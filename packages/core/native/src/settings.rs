// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Options of rare declarations, as JSON: absent members mean zenoh's defaults.

use std::time::Duration;

use serde_json::Value;
use zenoh::key_expr::KeyExpr;

use crate::fault::{Fault, Outcome};
use crate::keyexpr;

pub struct Settings(Value);

impl Settings {
    pub fn read(text: &str) -> Outcome<Self> {
        serde_json::from_str(text).map(Self).map_err(|error| Fault::new("INVALID_ARGUMENT", error))
    }

    pub fn within(&self, name: &str) -> Option<Settings> {
        self.0.get(name).filter(|value| value.is_object()).map(|value| Settings(value.clone()))
    }

    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }

    pub fn number(&self, name: &str) -> Outcome<Option<u64>> {
        self.parsed(name, Value::as_u64)
    }

    /// Of a number of milliseconds.
    pub fn duration(&self, name: &str) -> Outcome<Option<Duration>> {
        self.parsed(name, |value| Duration::try_from_secs_f64(value.as_f64()? / 1000.0).ok())
    }

    pub fn key(&self, name: &str) -> Outcome<Option<KeyExpr<'static>>> {
        match self.parsed(name, |value| value.as_str().map(str::to_owned))? {
            None => Ok(None),
            Some(text) => keyexpr::parse(&text).map(Some),
        }
    }

    fn parsed<T>(&self, name: &str, parse: impl FnOnce(&Value) -> Option<T>) -> Outcome<Option<T>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match parse(value) {
                Some(parsed) => Ok(Some(parsed)),
                None => Err(Fault::new("INVALID_ARGUMENT", format_args!("{value} is not a valid {name}"))),
            },
        }
    }
}
