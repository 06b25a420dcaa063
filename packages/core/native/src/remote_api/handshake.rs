// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! From a TCP connection to a websocket, or to an answer that says why not.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::http::{read_head, refuse, Head, NoHead};
use super::origin;
use super::server::Shared;

/// For TLS and the HTTP request together.
pub const LIMIT: Duration = Duration::from_secs(10);

/// How long to read what somebody sends who has been refused: closing before would take the answer from him.
const LINGER: Duration = Duration::from_secs(1);

pub type ReadHalf = Box<dyn AsyncRead + Send + Unpin>;
pub type WriteHalf = Box<dyn AsyncWrite + Send + Unpin>;

/// Both halves of a websocket, and what has been read of it already.
pub struct Shaken {
    pub read: ReadHalf,
    pub write: WriteHalf,
    pub rest: Vec<u8>,
}

const WHAT: &str =
    "This port serves zenoh's remote API over websockets, to @zenoh-segments/core in browsers and to zenoh-ts.";

struct Refusal {
    status: &'static str,
    text: String,
}

impl Refusal {
    fn new(status: &'static str, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

fn judge(shared: &Shared, head: &Head, full: bool) -> Result<String, Refusal> {
    let wrong = |text: &str| Refusal::new("400 Bad Request", format!("{WHAT} {text}\n"));
    if !head.has("upgrade", "websocket") || !head.has("connection", "upgrade") || head.method != "GET" {
        return Err(Refusal::new("426 Upgrade Required", format!("{WHAT} It has nothing to show.\n")));
    }
    if head.one("sec-websocket-version") != Ok(Some("13")) {
        return Err(Refusal::new("426 Upgrade Required", format!("{WHAT} It speaks version 13 of the protocol.\n")));
    }
    let Ok(Some(key)) = head.one("sec-websocket-key") else { return Err(wrong("Sec-WebSocket-Key is missing.")) };
    let origin = head.one("origin").map_err(|()| wrong("There are several Origin headers."))?;
    let called = head.one("host").map_err(|()| wrong("There are several Host headers."))?;
    if let Some(origin) = origin {
        if !origin::allowed(origin, called, &shared.options.origins, shared.loopback) {
            shared.counters.refused_origin.add(1);
            let text = format!("Pages of {origin} may not connect: it is not among the server's `origins`.\n");
            return Err(Refusal::new("403 Forbidden", text));
        }
    }
    if full {
        shared.counters.refused_full.add(1);
        let text = format!("The server has {} clients already, its `maxClients`.\n", shared.options.max_clients);
        return Err(Refusal::new("503 Service Unavailable", text));
    }
    Ok(derive_accept_key(key.as_bytes()))
}

/// Reads and drops what still comes, up to [`LINGER`].
async fn linger(read: &mut ReadHalf) {
    let drain = async {
        let mut dropped = [0; 4096];
        while matches!(read.read(&mut dropped).await, Ok(count) if count > 0) {}
    };
    let _ = tokio::time::timeout(LINGER, drain).await;
}

async fn halves(shared: &Shared, tcp: TcpStream) -> Option<(ReadHalf, WriteHalf)> {
    let _ = tcp.set_nodelay(true);
    match &shared.tls {
        None => {
            let (read, write) = tcp.into_split();
            Some((Box::new(read), Box::new(write)))
        }
        Some(acceptor) => {
            let (read, write) = tokio::io::split(acceptor.accept(tcp).await.ok()?);
            Some((Box::new(read), Box::new(write)))
        }
    }
}

/// `full`: there is no room for another client, which is told.
pub async fn shake(shared: &Shared, tcp: TcpStream, full: bool) -> Option<Shaken> {
    let Some((mut read, mut write)) = halves(shared, tcp).await else {
        shared.counters.refused_handshake.add(1);
        return None;
    };
    let refusal = match read_head(&mut read).await {
        Ok(head) => match judge(shared, &head, full) {
            Ok(accept) => {
                let answer = format!(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
                );
                write.write_all(answer.as_bytes()).await.ok()?;
                write.flush().await.ok()?;
                return Some(Shaken { read, write, rest: head.rest });
            }
            Err(refusal) => refusal,
        },
        Err(NoHead::Wrong(text)) => Refusal::new("400 Bad Request", format!("{WHAT} {text}.\n")),
        Err(NoHead::Gone) => {
            shared.counters.refused_handshake.add(1);
            return None;
        }
    };
    if !refusal.status.starts_with("403") && !refusal.status.starts_with("503") {
        shared.counters.refused_handshake.add(1);
    }
    refuse(&mut write, refusal.status, &refusal.text).await;
    linger(&mut read).await;
    None
}
