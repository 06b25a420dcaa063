// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Which web pages may connect. Browsers let any page open a websocket to any server, loopback included, and tell by the
//! `Origin` header which page it is: the server has to judge.

use std::net::IpAddr;

/// The host of `scheme://host:port` or `host:port`, in lower case.
fn host(of: &str) -> String {
    let rest = of.split_once("://").map_or(of, |(_, rest)| rest);
    let host = match rest.find(']') {
        Some(end) if rest.starts_with('[') => &rest[1..end],
        _ => rest.split(':').next().unwrap_or(rest),
    };
    host.to_ascii_lowercase()
}

fn is_loopback(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Whether a page of `origin` may connect to the server that it calls `called`. `loopback`: only this machine reaches it.
pub fn allowed(origin: &str, called: Option<&str>, listed: &[String], loopback: bool) -> bool {
    if listed.iter().any(|one| one == "*" || one == origin) {
        return true;
    }
    // Sandboxed frames and files send `null`, extensions schemes of their own: they have no host to compare.
    if !(origin.starts_with("http://") || origin.starts_with("https://")) {
        return false;
    }
    let page = host(origin);
    match loopback {
        true => is_loopback(&page),
        false => !page.is_empty() && called.is_some_and(|called| host(called) == page),
    }
}
