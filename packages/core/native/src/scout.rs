// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Asks the network by multicast who is there, without a session.

use std::sync::Arc;

use serde_json::json;
use zenoh::config::WhatAmIMatcher;
use zenoh::Wait;

use crate::config::ConfigHandle;
use crate::env::Env;
use crate::fault::{guard, Fault, Outcome};
use crate::listener::{listen, End};

/// Each event is a hello: {whatami, zid, locators}. `what` is a mask of roles.
pub fn scout(env: &Env, config: &ConfigHandle, what: u8) -> Outcome<u32> {
    guard(|| {
        let what = WhatAmIMatcher::try_from(what)
            .map_err(|()| Fault::new("INVALID_ARGUMENT", format_args!("{what} is no mask of roles")))?;
        let config = config.0.clone();
        listen(env, move |teller| {
            let interface = config.get_json("scouting/multicast/interface").unwrap_or_default();
            let teller = Arc::new(teller);
            let told = teller.clone();
            let scout = zenoh::scout(what, config)
                .callback(move |hello| {
                    told.tell(&json!({
                        "whatami": hello.whatami() as u8,
                        "zid": hello.zid().to_string(),
                        "locators": hello.locators().iter().map(|locator| locator.as_str()).collect::<Vec<_>>(),
                    }));
                })
                .wait()
                .map_err(|error| Fault::new("NETWORK", error))?;
            // zenoh says nothing when it finds no interface to scout on, but then it drops the callback.
            if Arc::strong_count(&teller) == 1 {
                return Err(Fault::new("NETWORK", format_args!("no network interface to scout on: {interface}")));
            }
            let end: End = Box::new(move || {
                scout.stop();
                Ok(())
            });
            Ok(end)
        })
    })
}
