// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Who sent a message: the ids of entities and the source of samples and queries, as they cross the border.

use zenoh::sample::SourceInfo;
use zenoh::session::{EntityGlobalId, ZenohId};

use crate::fault::{Fault, Outcome};

/// `<zid>/<eid>`, as `entity-global-id.ts` reads it.
pub fn id_text(id: &EntityGlobalId) -> String {
    format!("{}/{}", id.zid(), id.eid())
}

/// The empty text is none; otherwise `<zid>/<eid>/<sn>`.
pub fn parse(text: &str) -> Outcome<Option<SourceInfo>> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Fault::new("INVALID_ARGUMENT", format_args!("{text} is no source info"));
    let mut parts = text.splitn(3, '/');
    let mut part = || parts.next().ok_or_else(wrong);
    let zid: ZenohId = part()?.parse().map_err(|_| wrong())?;
    let eid = part()?.parse().map_err(|_| wrong())?;
    let sn = part()?.parse().map_err(|_| wrong())?;
    Ok(Some(SourceInfo::new(EntityGlobalId::new(zid, eid), sn)))
}

/// As `read-batch.ts` reads it: four words of the session's id, the lowest first, and the entity's.
pub fn id_words(id: &EntityGlobalId) -> [u32; 5] {
    let zid = u128::from_le_bytes(id.zid().to_le_bytes());
    [zid as u32, (zid >> 32) as u32, (zid >> 64) as u32, (zid >> 96) as u32, id.eid()]
}
