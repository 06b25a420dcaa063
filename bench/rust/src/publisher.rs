// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Puts as fast as zenoh takes it, without losing any.

use zenoh::qos::{CongestionControl, Reliability};
use zenoh::{Config, Wait};

use crate::commands::{next, say, Command};
use crate::source::Source;
use crate::{Outcome, KEY};

pub fn run(config: Config, size: usize, shm: bool) -> Outcome<()> {
    let session = zenoh::open(config).wait()?;
    let publisher = session
        .declare_publisher(KEY)
        .congestion_control(CongestionControl::Block)
        .reliability(Reliability::Reliable)
        .wait()?;
    let source = Source::new(size, shm)?;
    say("ready");
    let mut sent = 0;
    loop {
        match next() {
            Command::Probe => publisher.put("?").wait()?,
            Command::Send(count) => {
                for number in 0..count {
                    publisher.put(source.payload(number)?).wait()?;
                }
                sent += count;
            }
            _ => break,
        }
    }
    say(&format!("total {{\"count\":{sent}}}"));
    drop(source);
    session.close().wait()?;
    Ok(())
}
