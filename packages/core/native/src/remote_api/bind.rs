// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Where the server listens.

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};

use crate::fault::{Fault, Outcome};

fn failed(listen: &str, why: impl std::fmt::Display) -> Fault {
    Fault::new("SERVE_FAILED", format_args!("can not serve on {listen}: {why}"))
}

/// The parts of `ws/host:port` or `ws://host:port`.
pub struct Place {
    pub secure: bool,
    host: String,
    port: u16,
}

impl Place {
    pub fn parse(listen: &str) -> Outcome<Self> {
        let wrong =
            || failed(listen, "a place is written as ws/127.0.0.1:8080 or wss/127.0.0.1:8443, port 0 for any free one");
        let (scheme, rest) = listen.split_once("://").or_else(|| listen.split_once('/')).ok_or_else(wrong)?;
        let secure = match scheme {
            "ws" => false,
            "wss" => true,
            _ => return Err(wrong()),
        };
        let (host, port) = rest.trim_end_matches('/').rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        // Nobody but this machine, unless an address is written out.
        let host = if host.is_empty() { "127.0.0.1" } else { host };
        if host.contains('/') || host.contains(':') && !(host.starts_with('[') && host.ends_with(']')) {
            return Err(wrong());
        }
        Ok(Self { secure, host: host.to_owned(), port })
    }

    /// The listening socket, and whether only this machine reaches it.
    pub fn bind(&self, listen: &str) -> Outcome<(TcpListener, bool)> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        let addresses: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
            Ok(address) => vec![(address, self.port).into()],
            Err(_) => (bare, self.port).to_socket_addrs().map_err(|error| failed(listen, error))?.collect(),
        };
        let listener = TcpListener::bind(addresses.as_slice()).map_err(|error| failed(listen, error))?;
        listener.set_nonblocking(true).map_err(|error| failed(listen, error))?;
        let loopback = listener.local_addr().map_err(|error| failed(listen, error))?.ip().to_canonical().is_loopback();
        Ok((listener, loopback))
    }

    /// As zenoh writes it, with the port that the system chose.
    pub fn locator(&self, port: u16) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        format!("{scheme}/{}:{port}", self.host)
    }
}
