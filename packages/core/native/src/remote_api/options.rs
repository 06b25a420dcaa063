// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What JavaScript asks of the server, with its defaults filled in there (`serve.ts`).

use std::time::Duration;

use serde::Deserialize;

use crate::fault::{Fault, Outcome};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// As in `ws/127.0.0.1:0`.
    pub listen: String,
    pub tls: Option<TlsFiles>,
    /// Origins allowed besides those that always are; `*` is any.
    pub origins: Vec<String>,
    /// Bytes that may wait for one client before samples are dropped.
    pub backlog: usize,
    /// Bytes of one message, and of one frame, from a client.
    pub max_message: usize,
    pub max_clients: usize,
    /// Milliseconds without a byte from a client after which its connection ends.
    silence_limit: u64,
}

/// Paths of PEM files.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsFiles {
    pub certificate: String,
    pub private_key: String,
}

impl Options {
    pub fn parse(json: &str) -> Outcome<Self> {
        serde_json::from_str(json).map_err(|error| Fault::new("INVALID_ARGUMENT", format_args!("serve: {error}")))
    }

    pub fn silence_limit(&self) -> Duration {
        Duration::from_millis(self.silence_limit)
    }
}
