// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Key expressions of clients, which are not trusted.

use zenoh::key_expr::KeyExpr;

use crate::fault::{Fault, Outcome};
use crate::keyexpr;

/// zenoh keeps a node for each chunk, and each node its whole text: what a key costs grows with the square of its chunks,
/// and with some thousands zenoh's recursion overflows its stack.
const CHUNKS: usize = 64;
/// zenoh tries every way to share the chunks of one key out among the wildcards of another, under the lock that all need.
const WILDCARDS: usize = 4;

fn refused(what: &str, count: usize, limit: usize) -> Fault {
    Fault::new("KEY_EXPR_INVALID", format_args!("a key with {count} {what}: a client may use {limit}"))
}

pub fn parse(text: &str) -> Outcome<KeyExpr<'static>> {
    let (mut chunks, mut wildcards) = (0, 0);
    for chunk in text.split('/') {
        chunks += 1;
        wildcards += if chunk == "**" { 1 } else { chunk.matches("$*").count() };
    }
    if chunks > CHUNKS {
        return Err(refused("chunks", chunks, CHUNKS));
    }
    if wildcards > WILDCARDS {
        return Err(refused("`**` and `$*`", wildcards, WILDCARDS));
    }
    keyexpr::parse(text)
}
