// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! A session with so many subscriptions, which nothing is sent to.

use zenoh::{Config, Wait};

use crate::commands::{next, say, Command};
use crate::Outcome;

pub fn run(config: Config, subscriptions: usize) -> Outcome<()> {
    let session = zenoh::open(config).wait()?;
    let mut subscribers = Vec::with_capacity(subscriptions);
    for number in 0..subscriptions {
        subscribers.push(session.declare_subscriber(format!("bench/idle/{number}")).callback(|_| {}).wait()?);
    }
    say("ready");
    while !matches!(next(), Command::Quit) {}
    drop(subscribers);
    session.close().wait()?;
    Ok(())
}
