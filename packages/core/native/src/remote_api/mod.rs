// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The websocket server of a session: it speaks zenoh's remote-api protocol, so that browsers and zenoh-ts need no router.
//!
//! Everything here runs on the server's own threads, except what zenoh's callbacks do: they gather a message into a frame
//! and queue it, and never wait.

mod backlog;
mod bind;
mod client;
mod connection;
mod counters;
mod declarations;
mod declared;
mod execute;
mod frame;
mod handshake;
mod http;
mod key;
mod options;
mod origin;
mod outgoing;
mod pending;
mod read;
mod request;
mod send;
mod server;
mod silence;
mod tls;

pub use options::Options;
pub use server::{Bound, Server};
