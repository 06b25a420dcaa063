// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Sends messages and takes the time until each has come back, as zenoh's own z_ping and z_pong do. See peers/pinger.mjs.

use std::sync::mpsc::{channel, Receiver};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use zenoh::handlers::{FifoChannel, FifoChannelHandler};
use zenoh::pubsub::{Publisher, Subscriber};
use zenoh::qos::{CongestionControl, Reliability};
use zenoh::sample::Sample;
use zenoh::{Config, Session, Wait};

use crate::commands::{next, say, Command};
use crate::source::Source;
use crate::Outcome;

const THERE: &str = "bench/ping";
const BACK: &str = "bench/pong";

/// How long the answer to a probe may take; the harness sends another one then.
const PROBE_LIMIT: Duration = Duration::from_millis(30);
const WAITING: usize = 1 << 16;

fn publisher(session: &Session, key: &'static str) -> Outcome<Publisher<'static>> {
    session
        .declare_publisher(key)
        .congestion_control(CongestionControl::Block)
        .reliability(Reliability::Reliable)
        .express(true)
        .wait()
}

struct Pinger {
    publisher: Publisher<'static>,
    subscriber: Subscriber<FifoChannelHandler<Sample>>,
    source: Source,
    size: usize,
    shm: bool,
}

impl Pinger {
    fn send(&self, number: u64) -> Outcome<Instant> {
        let payload = self.source.payload(number)?;
        let sent = Instant::now();
        self.publisher.put(payload).wait()?;
        Ok(sent)
    }

    fn take(&self) -> Outcome<Instant> {
        loop {
            let sample = self.subscriber.recv()?;
            let now = Instant::now();
            let payload = sample.payload();
            match payload.len() {
                // Of the probes that were sent before the first came back.
                1 => continue,
                length if length == self.size && payload.as_shm().is_some() == self.shm => return Ok(now),
                length => return Err(format!("{length} bytes came back").into()),
            }
        }
    }

    fn probe(&self) -> Outcome<()> {
        self.publisher.put("?").wait()?;
        if self.subscriber.recv_timeout(PROBE_LIMIT)?.is_some() {
            say("probed");
        }
        Ok(())
    }

    fn one_by_one(&self, count: u64) -> Outcome<Vec<u128>> {
        let trip = |number| {
            let sent = self.send(number)?;
            Ok((self.take()? - sent).as_nanos())
        };
        (0..count).map(trip).collect()
    }

    /// They come back in the order in which they went.
    fn paced(&self, count: u64, rate: f64) -> Outcome<Vec<u128>> {
        let (tell, told) = channel();
        scope(|threads| {
            let receiver = threads.spawn(move || self.receive(count, &told));
            let begun = Instant::now();
            for number in 0..count {
                let due = begun + Duration::from_secs_f64(number as f64 / rate);
                sleep(due.saturating_duration_since(Instant::now()));
                // Told before the message goes: it may be back before the put returns.
                tell.send(Instant::now())?;
                self.send(number)?;
            }
            receiver.join().map_err(|_| "the receiver panicked")?
        })
    }

    fn receive(&self, count: u64, sent: &Receiver<Instant>) -> Outcome<Vec<u128>> {
        let trip = |_| {
            let returned = self.take()?;
            Ok((returned - sent.recv()?).as_nanos())
        };
        (0..count).map(trip).collect()
    }
}

pub fn ping(config: Config, size: usize, shm: bool) -> Outcome<()> {
    let session = zenoh::open(config).wait()?;
    let publisher = publisher(&session, THERE)?;
    let subscriber = session.declare_subscriber(BACK).with(FifoChannel::new(WAITING)).wait()?;
    let pinger = Pinger { publisher, subscriber, source: Source::new(size, shm)?, size, shm };
    say("ready");
    let mut total = 0;
    loop {
        let samples = match next() {
            Command::Probe => {
                pinger.probe()?;
                continue;
            }
            Command::Ping(count) => pinger.one_by_one(count)?,
            Command::Load(count, rate) => pinger.paced(count, rate)?,
            _ => break,
        };
        total += samples.len();
        say(&format!("samples {samples:?}"));
    }
    say(&format!("total {{\"count\":{total}}}"));
    drop(pinger);
    session.close().wait()?;
    Ok(())
}

pub fn echo(config: Config) -> Outcome<()> {
    let session = zenoh::open(config).wait()?;
    let publisher = publisher(&session, BACK)?;
    let answer = move |sample: Sample| {
        if let Err(error) = publisher.put(sample.payload().clone()).wait() {
            eprintln!("{error}");
        }
    };
    let subscriber = session.declare_subscriber(THERE).callback(answer).wait()?;
    say("ready");
    while !matches!(next(), Command::Quit) {}
    subscriber.undeclare().wait()?;
    session.close().wait()?;
    Ok(())
}
