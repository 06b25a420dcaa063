// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The life of a server: its socket, its threads, its clients.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{json, Value as Json};
use tokio::net::TcpStream;
use tokio::sync::{watch, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use zenoh::internal::runtime::Runtime as ZenohRuntime;

use super::backlog::Backlog;
use super::bind::Place;
use super::client::Client;
use super::counters::Counters;
use super::declared::Declared;
use super::options::Options;
use super::pending::Pending;
use super::{connection, handshake, tls};
use crate::fault::{Fault, Outcome};

const WORKERS: usize = 2;
/// How long a thread that has nothing to do is kept: clients that act seldom cost none.
const IDLE: Duration = Duration::from_millis(100);
/// Connections beyond the limit that are told so; any more are closed without a word.
const SPARE: usize = 32;
/// How long accepting rests after an error: mostly, the process has no descriptors left.
const REST: Duration = Duration::from_millis(50);
/// How long the end of a server waits for its clients, longer for each of them, and then for its threads.
const CLIENTS_LIMIT: Duration = Duration::from_millis(1500);
const CLIENT_LIMIT: Duration = Duration::from_millis(20);
const THREADS_LIMIT: Duration = Duration::from_millis(500);

/// What all connections share.
pub struct Shared {
    pub options: Options,
    pub counters: Arc<Counters>,
    pub tls: Option<TlsAcceptor>,
    /// Only this machine reaches the server.
    pub loopback: bool,
    /// Becomes true when the server ends.
    pub stop: watch::Receiver<bool>,
    zenoh: ZenohRuntime,
    clients: Mutex<HashMap<u64, Arc<Backlog>>>,
    next: AtomicU64,
    /// Entities of all clients.
    declared: Arc<AtomicUsize>,
}

/// A server that listens and serves nobody yet.
pub struct Bound {
    listener: TcpListener,
    loopback: bool,
    locator: String,
    tls: Option<TlsAcceptor>,
    options: Options,
}

fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::new("SERVE_FAILED", format_args!("the websocket server did not start: {error}"))
}

impl Bound {
    pub fn new(options: Options) -> Outcome<Self> {
        let place = Place::parse(&options.listen)?;
        let tls = match (place.secure, &options.tls) {
            (true, Some(files)) => Some(tls::acceptor(files)?),
            (false, None) => None,
            (true, None) => return Err(failed("wss needs `tls`, a certificate and its private key")),
            (false, Some(_)) => return Err(failed("ws has no use for `tls`: write wss")),
        };
        let (listener, loopback) = place.bind(&options.listen)?;
        let locator = place.locator(listener.local_addr().map_err(failed)?.port());
        Ok(Self { listener, loopback, locator, tls, options })
    }

    pub fn start(self, zenoh: ZenohRuntime) -> Outcome<Server> {
        let threads = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            // A client whose put waits occupies one.
            .max_blocking_threads(self.options.max_clients + WORKERS + SPARE)
            .thread_keep_alive(IDLE)
            .thread_name("zs-websocket")
            .enable_all()
            .build()
            .map_err(failed)?;
        let (stopper, stop) = watch::channel(false);
        let shared = Arc::new(Shared {
            counters: Arc::default(),
            tls: self.tls,
            loopback: self.loopback,
            stop,
            zenoh,
            clients: Mutex::default(),
            next: AtomicU64::new(0),
            declared: Arc::default(),
            options: self.options,
        });
        let listener = {
            let _inside = threads.enter();
            tokio::net::TcpListener::from_std(self.listener).map_err(failed)?
        };
        let accepting = threads.spawn(accept(shared.clone(), listener));
        let running = Mutex::new(Some((threads, accepting)));
        Ok(Server { locator: self.locator, shared, stopper, running })
    }
}

async fn accept(shared: Arc<Shared>, listener: tokio::net::TcpListener) {
    let room = Arc::new(Semaphore::new(shared.options.max_clients));
    let spare = Arc::new(Semaphore::new(SPARE));
    let mut stop = shared.stop.clone();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((tcp, _)) = accepted else {
            shared.counters.accept_errors.add(1);
            tokio::time::sleep(REST).await;
            continue;
        };
        let (permit, full) = match room.clone().try_acquire_owned() {
            Ok(permit) => (permit, false),
            Err(_) => match spare.clone().try_acquire_owned() {
                Ok(permit) => (permit, true),
                Err(_) => {
                    shared.counters.refused_full.add(1);
                    continue;
                }
            },
        };
        connections.spawn(connect(shared.clone(), tcp, permit, full));
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connect(shared: Arc<Shared>, tcp: TcpStream, permit: OwnedSemaphorePermit, full: bool) {
    let mut stop = shared.stop.clone();
    let shaken = tokio::select! {
        _ = stop.wait_for(|stop| *stop) => return,
        shaken = tokio::time::timeout(handshake::LIMIT, handshake::shake(&shared, tcp, full)) => shaken,
    };
    let shaken = match shaken {
        Ok(Some(shaken)) => shaken,
        Ok(None) => return,
        Err(_) => return shared.counters.refused_handshake.add(1),
    };
    let Ok(session) = zenoh::session::init(shared.zenoh.clone().into()).await else {
        return shared.counters.refused_handshake.add(1);
    };
    shared.counters.accepted.add(1);
    let counters = shared.counters.clone();
    let backlog = Arc::new(Backlog::new(shared.options.backlog, counters.clone()));
    let limit = shared.options.max_message;
    let version = env!("CARGO_PKG_VERSION");
    // The protocol takes it for an opaque text. Ours learn from it what the server takes.
    let id = format!("{} zenoh-segments/{version} max-message={limit} max-frame={limit}", uuid::Uuid::new_v4());
    let pending = Arc::new(Pending::new(counters.clone()));
    let client = Client {
        id,
        session,
        backlog: backlog.clone(),
        pending,
        declared: Declared::new(shared.declared.clone()),
        counters,
    };
    let number = shared.next.fetch_add(1, Ordering::Relaxed);
    shared.lock().insert(number, backlog);
    connection::run(&shared, client, shaken).await;
    shared.lock().remove(&number);
    drop(permit);
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Backlog>>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Running = (tokio::runtime::Runtime, tokio::task::JoinHandle<()>);

pub struct Server {
    locator: String,
    shared: Arc<Shared>,
    stopper: watch::Sender<bool>,
    /// Taken by close.
    running: Mutex<Option<Running>>,
}

impl Server {
    /// Ends all connections, then the threads. Idempotent.
    pub fn close(&self) {
        self.stopper.send_replace(true);
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((threads, accepting)) = running else { return };
        let limit = CLIENTS_LIMIT + CLIENT_LIMIT * self.shared.lock().len() as u32;
        let _ = threads.block_on(async { tokio::time::timeout(limit, accepting).await });
        // A put that zenoh holds up keeps its thread until zenoh lets go.
        threads.shutdown_timeout(THREADS_LIMIT);
    }

    /// See `WebSocketServerStats` in `websocket-server.ts`.
    pub fn stats(&self) -> Json {
        let counters = &self.shared.counters;
        let (clients, queued) = {
            let clients = self.shared.lock();
            (clients.len(), clients.values().map(|backlog| backlog.queued()).max().unwrap_or(0))
        };
        json!({
            "locator": self.locator,
            "clients": clients,
            "accepted": counters.accepted.get(),
            "refused": {
                "origin": counters.refused_origin.get(),
                "full": counters.refused_full.get(),
                "handshake": counters.refused_handshake.get(),
            },
            "acceptErrors": counters.accept_errors.get(),
            "received": counters.received.get(),
            "sent": counters.sent.get(),
            "gathered": counters.gathered.get(),
            "small": counters.small.get(),
            "queued": queued,
            "highestQueued": counters.highest_queued.get(),
            "dropped": counters.dropped.get(),
            "slow": counters.slow.get(),
            "silent": counters.silent.get(),
            "malformed": counters.malformed.get(),
            "failed": counters.failed.get(),
            "evictedQueries": counters.evicted_queries.get(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((threads, _)) = running {
            threads.shutdown_background();
        }
    }
}
