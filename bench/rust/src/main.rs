// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The bench's Rust peers: `zenoh-segments-bench <publisher|subscriber|ping|echo|idle|bridge> <tcp|shm|ws> <size> <config>`.
//!
//! Started by bench/meeting.mjs, which speaks the commands of bench/README.md over stdin and stdout.

mod bridge;
mod commands;
mod idle;
mod publisher;
mod round_trip;
mod source;
mod subscriber;

use std::process::ExitCode;

use zenoh::Config;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

pub const KEY: &str = "bench/payload";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["tidy"] {
        // A process that made segments can't remove all of them at its own end; any later one can.
        zenoh::shm::cleanup_orphaned_shm_segments();
        return Ok(());
    }
    let [role, link, size, config] = arguments.as_slice() else {
        return Err("usage: zenoh-segments-bench <role> <tcp|shm|ws> <size> <config>".into());
    };
    let config = Config::from_json5(config)?;
    let size: usize = size.parse()?;
    match role.as_str() {
        "publisher" => publisher::run(config, size, link == "shm"),
        "subscriber" => subscriber::run(config),
        "ping" => round_trip::ping(config, size, link == "shm"),
        "echo" => round_trip::echo(config),
        "idle" => idle::run(config, size),
        "bridge" => bridge::run(config),
        other => Err(format!("{other} is no role").into()),
    }
}
