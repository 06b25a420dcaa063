// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The HTTP request that a connection begins with, and answers that end it.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const LONGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 100;

pub struct Head {
    pub method: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    /// What came after the head.
    pub rest: Vec<u8>,
}

pub enum NoHead {
    /// Too long, or not HTTP.
    Wrong(&'static str),
    Gone,
}

impl Head {
    /// The value of a header that may come once; a repeated one is `Err`.
    pub fn one(&self, name: &str) -> Result<Option<&str>, ()> {
        let mut values = self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(()),
        }
    }

    /// Whether `token` is in the list that a header holds.
    pub fn has(&self, name: &str, token: &str) -> bool {
        let mut values = self.headers.iter().filter(|(other, _)| other == name);
        values.any(|(_, value)| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
    }
}

fn parse(bytes: &[u8]) -> Result<Option<Head>, NoHead> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(end)) => {
            let text = |value: &[u8]| String::from_utf8_lossy(value).trim().to_owned();
            let headers = request.headers.iter().map(|one| (one.name.to_ascii_lowercase(), text(one.value))).collect();
            let method = request.method.unwrap_or_default().to_owned();
            Ok(Some(Head { method, headers, rest: bytes[end..].to_vec() }))
        }
        Ok(httparse::Status::Partial) if bytes.len() >= LONGEST_HEAD => Err(NoHead::Wrong("the request is too long")),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(NoHead::Wrong("this is no HTTP request")),
    }
}

pub async fn read_head(read: &mut (impl AsyncRead + Unpin)) -> Result<Head, NoHead> {
    let mut bytes = Vec::with_capacity(2048);
    loop {
        match read.read_buf(&mut bytes).await {
            Ok(count) if count > 0 => (),
            _ => return Err(NoHead::Gone),
        }
        if let Some(head) = parse(&bytes)? {
            return Ok(head);
        }
    }
}

/// An answer that is not the beginning of a websocket.
pub async fn refuse(write: &mut (impl AsyncWrite + Unpin), status: &str, text: &str) {
    let extra = if status.starts_with("426") { "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" } else { "" };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n{extra}\r\n{text}",
        text.len()
    );
    // Whoever left does not miss it.
    let _ = write.write_all(answer.as_bytes()).await;
    let _ = write.shutdown().await;
}
