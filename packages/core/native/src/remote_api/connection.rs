// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! One websocket: a task that receives and acts, and one that sends.

use std::future::poll_fn;
use std::io;
use std::io::IoSlice;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::task::block_in_place;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::WebSocketStream;

use super::backlog::{Backlog, End};
use super::client::Client;
use super::counters::Counters;
use super::frame::Frame;
use super::handshake::{ReadHalf, Shaken, WriteHalf};
use super::server::Shared;
use super::silence::Silence;

/// What small frames share in memory; as zenoh's own receive buffers.
const RECEIVE_BUFFER: usize = 64 * 1024;

/// Messages handled before others get a turn.
const TURN: usize = 64;

/// How long the end of a connection may take.
const GOODBYE: Duration = Duration::from_secs(2);
const HASTY_GOODBYE: Duration = Duration::from_millis(300);

/// What the websocket library reads from; what it writes by itself, pongs and the like, goes to the one who sends.
struct Tap {
    read: ReadHalf,
    backlog: Arc<Backlog>,
    silence: Arc<Silence>,
    counters: Arc<Counters>,
}

impl AsyncRead for Tap {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let result = Pin::new(&mut self.read).poll_read(cx, buf);
        let count = buf.filled().len() - before;
        if count > 0 {
            self.silence.end();
            self.counters.received.add(count);
        }
        result
    }
}

impl AsyncWrite for Tap {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.backlog.urgent(Frame::raw(bytes));
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

async fn write_all(write: &mut WriteHalf, batch: &[Frame], silence: &Silence, counters: &Counters) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = batch.iter().map(|frame| IoSlice::new(frame.as_slice())).collect();
    let mut left = slices.as_mut_slice();
    while !left.is_empty() {
        let mut waited = false;
        let count = poll_fn(|cx| {
            let result = Pin::new(&mut *write).poll_write_vectored(cx, left);
            waited |= result.is_pending();
            result
        })
        .await?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        if waited {
            silence.end();
        }
        counters.sent.add(count);
        IoSlice::advance_slices(&mut left, count);
    }
    write.flush().await
}

async fn send(backlog: Arc<Backlog>, mut write: WriteHalf, silence: Arc<Silence>, counters: Arc<Counters>) {
    loop {
        let batch = backlog.next().await;
        if batch.is_empty() {
            let _ = write.shutdown().await;
            return;
        }
        if write_all(&mut write, &batch, &silence, &counters).await.is_err() {
            backlog.abandon();
            return;
        }
        backlog.sent(batch.iter().map(|frame| frame.cost).sum());
    }
}

/// What a message, or its absence, means for the connection.
enum Step {
    On,
    Ended(Option<End>),
}

fn step(client: &mut Client, message: Option<Result<Message, Error>>) -> Step {
    let end = |code, text: String| Step::Ended(Some(End::new(code, text)));
    match message {
        Some(Ok(Message::Binary(bytes))) => match client.handle(bytes) {
            Some(end) => Step::Ended(Some(end)),
            None => Step::On,
        },
        Some(Ok(Message::Text(_))) => end(1003, "a text message: the protocol is binary".into()),
        // The library answers pings and closes by itself when it is polled again.
        Some(Ok(_)) => Step::On,
        Some(Err(Error::Capacity(CapacityError::MessageTooLong { size, max_size }))) => {
            client.counters.malformed.add(1);
            end(1009, format!("a message of {size} bytes: this server takes {max_size} (maxMessage)"))
        }
        None | Some(Err(Error::Io(_) | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => {
            Step::Ended(None)
        }
        Some(Err(Error::Utf8(_))) => end(1007, "text that is not UTF-8".into()),
        Some(Err(error)) => {
            client.counters.malformed.add(1);
            end(1002, error.to_string())
        }
    }
}

/// Receives until the connection ends.
async fn receive(
    shared: &Shared,
    client: &mut Client,
    socket: &mut WebSocketStream<Tap>,
    silence: &Silence,
) -> Option<End> {
    let backlog = client.backlog.clone();
    let mut stop = shared.stop.clone();
    let limit = shared.options.silence_limit();
    let mut ticks = tokio::time::interval((limit / 6).max(Duration::from_millis(10)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let first = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Some(End::new(1001, "the server closes")),
            () = backlog.over() => return None,
            _ = ticks.tick() => {
                let lasts = silence.lasts();
                if lasts >= limit {
                    shared.counters.silent.add(1);
                    return Some(End::new(1001, format!("nothing was heard for {} ms", lasts.as_millis())));
                }
                if lasts >= limit / 3 {
                    backlog.urgent(Frame::ping());
                }
                continue;
            }
            message = socket.next() => message,
        };
        // zenoh may wait in there, and others must not wait with it: once for all that has come.
        let ended = block_in_place(|| {
            let mut message = first;
            for _ in 0..TURN {
                if let Step::Ended(end) = step(client, message) {
                    return Some(end);
                }
                message = socket.next().now_or_never()?;
            }
            match step(client, message) {
                Step::On => None,
                Step::Ended(end) => Some(end),
            }
        });
        silence.end();
        if let Some(end) = ended {
            return end;
        }
    }
}

/// Runs a client until its connection ends, and ends what it declared.
pub async fn run(shared: &Shared, mut client: Client, shaken: Shaken) {
    let (backlog, counters) = (client.backlog.clone(), client.counters.clone());
    let silence = Arc::new(Silence::new());
    let sender = tokio::spawn(send(backlog.clone(), shaken.write, silence.clone(), counters.clone()));
    let tap = Tap { read: shaken.read, backlog: backlog.clone(), silence: silence.clone(), counters };
    let config = WebSocketConfig::default()
        .read_buffer_size(RECEIVE_BUFFER)
        .max_message_size(Some(shared.options.max_message))
        .max_frame_size(Some(shared.options.max_message));
    let mut socket = WebSocketStream::from_partially_read(tap, shaken.rest, Role::Server, Some(config)).await;
    let end = receive(shared, &mut client, &mut socket, &silence).await;
    let stopping = *shared.stop.borrow();
    // Nobody reads messages after the other side has closed, nor may they hold up the end of the server.
    let at_once = end.is_none() || stopping;
    backlog.end(end, at_once);
    block_in_place(|| client.close());
    let stop_sender = sender.abort_handle();
    let goodbye = async {
        let mut dropped = vec![0; RECEIVE_BUFFER];
        let drain = async { while matches!(socket.get_mut().read.read(&mut dropped).await, Ok(count) if count > 0) {} };
        // Unread bytes would make the system reset the connection, and take the close frame from the client.
        let _ = tokio::join!(sender, drain);
    };
    let limit = if stopping { HASTY_GOODBYE } else { GOODBYE };
    let _ = tokio::time::timeout(limit, goodbye).await;
    stop_sender.abort();
}
