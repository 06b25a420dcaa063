// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! zenoh's configuration, as JavaScript edits it before a session is opened.

use zenoh::Config;

use crate::fault::{guard, Fault, Outcome};

pub struct ConfigHandle(pub Config);

fn invalid(error: impl std::fmt::Display) -> Fault {
    Fault::new("CONFIG_INVALID", error)
}

pub fn config_default() -> Box<ConfigHandle> {
    Box::new(ConfigHandle(Config::default()))
}

pub fn config_from_json5(text: &str) -> Outcome<Box<ConfigHandle>> {
    guard(|| Ok(Box::new(ConfigHandle(Config::from_json5(text).map_err(invalid)?))))
}

pub fn config_from_file(path: &str) -> Outcome<Box<ConfigHandle>> {
    guard(|| {
        let config = Config::from_file(path).map_err(|error| invalid(format_args!("{path}: {error}")))?;
        Ok(Box::new(ConfigHandle(config)))
    })
}

pub fn config_from_env() -> Outcome<Box<ConfigHandle>> {
    guard(|| Ok(Box::new(ConfigHandle(Config::from_env().map_err(invalid)?))))
}

impl ConfigHandle {
    pub fn insert_json5(&mut self, key: &str, value: &str) -> Outcome<()> {
        guard(|| self.0.insert_json5(key, value).map_err(|error| invalid(format_args!("{key} = {value}: {error}"))))
    }

    pub fn get_json(&self, key: &str) -> Outcome<String> {
        guard(|| self.0.get_json(key).map_err(|error| invalid(format_args!("{key}: {error}"))))
    }
}
