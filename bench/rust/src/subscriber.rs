// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Counts what comes, on zenoh's own thread.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Arc;

use zenoh::sample::Sample;
use zenoh::{Config, Wait};

use crate::commands::{next, say, Command};
use crate::{Outcome, KEY};

#[derive(Default)]
struct Tally {
    goal: AtomicU64,
    count: AtomicU64,
    bytes: AtomicU64,
    shm: AtomicU64,
}

impl Tally {
    fn receive(&self, sample: &Sample) {
        let payload = sample.payload();
        if payload.len() == 1 {
            return say("probed");
        }
        // Like every other peer: the first byte is read.
        black_box(payload.slices().next().map(|slice| slice[0]));
        self.bytes.fetch_add(payload.len() as u64, Relaxed);
        self.shm.fetch_add(u64::from(payload.as_shm().is_some()), Relaxed);
        // One thread delivers, so the counters above are complete here.
        if self.count.fetch_add(1, Relaxed) + 1 == self.goal.load(Relaxed) {
            say("done");
        }
    }

    fn total(&self) -> String {
        let [count, bytes, shm] = [&self.count, &self.bytes, &self.shm].map(|counter| counter.load(Relaxed));
        format!("total {{\"count\":{count},\"bytes\":{bytes},\"shm\":{shm}}}")
    }
}

pub fn run(config: Config) -> Outcome<()> {
    let session = zenoh::open(config).wait()?;
    let tally = Arc::new(Tally::default());
    let sink = tally.clone();
    let _subscriber = session.declare_subscriber(KEY).callback(move |sample| sink.receive(&sample)).wait()?;
    say("ready");
    while let Command::Expect(more) = next() {
        tally.goal.store(tally.count.load(Relaxed) + more, Relaxed);
        say("armed");
    }
    say(&tally.total());
    session.close().wait()?;
    Ok(())
}
