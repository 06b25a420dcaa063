// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Lines from the harness. Its end, however it comes about, closes stdin and with it every peer.

use std::io::{stdin, stdout, BufRead, Write};

pub enum Command {
    Probe,
    Send(u64),
    Expect(u64),
    /// Round trips, one at a time.
    Ping(u64),
    /// Round trips, so many a second.
    Load(u64, f64),
    Quit,
}

/// One line to the harness, at once.
pub fn say(line: &str) {
    let mut out = stdout().lock();
    // A harness that is gone closes stdin too: the loop below ends the process.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

pub fn next() -> Command {
    let mut line = String::new();
    match stdin().lock().read_line(&mut line) {
        Ok(length) if length > 0 => parse(line.trim()),
        _ => Command::Quit,
    }
}

fn parse(line: &str) -> Command {
    let mut words = line.split(' ');
    let verb = words.next().unwrap_or("");
    let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    match verb {
        "probe" => Command::Probe,
        "send" => Command::Send(number()),
        "expect" => Command::Expect(number()),
        "ping" => Command::Ping(number()),
        "load" => Command::Load(number(), number() as f64),
        _ => Command::Quit,
    }
}
