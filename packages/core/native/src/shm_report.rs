// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The state of shared memory as JSON: what `shm-diagnosis.ts` types and puts into words.

use serde_json::{json, Value as Json};
use zenoh::{Session, Wait};

use crate::env::Env;
use crate::fault::{guard, Outcome};
use crate::mailbox::Value;
use crate::regions::Regions;
use crate::session::SessionHandle;
use crate::shm_files::{remove_orphans, segment_files};
use crate::shm_limits::Limits;
use crate::{shm, shm_files};

fn machine(regions: &Regions) -> Json {
    let limits = Limits::now();
    let files: Vec<Json> = segment_files()
        .into_iter()
        .map(|shm_files::SegmentFile { name, bytes, own, same_user, locked }| {
            json!({ "file": name, "bytes": bytes, "own": own, "sameUser": same_user, "inUse": locked })
        })
        .collect();
    let room = limits.room.map(|(all, free)| json!({ "path": "/dev/shm", "size": all, "free": free }));
    json!({
        "platform": std::env::consts::OS,
        "directory": room,
        "lockLimit": limits.lock_limit,
        "locked": limits.locked,
        "segments": files,
        "pools": shm::pools(),
        "views": regions.summary(),
    })
}

fn session_part(session: &Session) -> Json {
    let peers: Vec<Json> = session
        .info()
        .transports()
        .wait()
        .map(|transport| {
            json!({
                "zid": transport.zid().to_string(),
                "whatami": transport.whatami().to_str(),
                "shm": transport.is_shm(),
            })
        })
        .collect();
    // Not asked of zenoh: the question alone would make the implicit pool.
    let config = session.config();
    let is = |key: &str| config.get_typed::<bool>(&format!("transport/shared_memory/{key}")).unwrap_or(false);
    let implicit_bytes: Option<u64> = is("transport_optimization/enabled")
        .then(|| config.get_typed("transport/shared_memory/transport_optimization/pool_size").unwrap_or(0));
    json!({ "enabled": is("enabled"), "implicitPool": implicit_bytes, "peers": peers })
}

pub fn shm_diagnose(env: &Env) -> Outcome<u32> {
    let regions = env.regions.clone();
    env.start(move || Ok(Value::Text(machine(&regions).to_string())))
}

/// Answers with the files removed.
pub fn shm_cleanup(env: &Env) -> Outcome<u32> {
    env.start(|| {
        let removed: Vec<Json> =
            remove_orphans().into_iter().map(|(file, bytes)| json!({ "file": file, "bytes": bytes })).collect();
        Ok(Value::Text(Json::from(removed).to_string()))
    })
}

impl SessionHandle {
    pub fn shm_diagnose(&self, env: &Env) -> Outcome<u32> {
        guard(|| {
            let (session, regions) = (self.live()?.clone(), env.regions.clone());
            env.start(move || {
                let mut report = machine(&regions);
                report["session"] = session_part(&session);
                Ok(Value::Text(report.to_string()))
            })
        })
    }
}
