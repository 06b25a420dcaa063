// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! zenoh's own key-expression rules: the judge that the TypeScript ones are tested against.

use zenoh::key_expr::{KeyExpr, OwnedKeyExpr};

use crate::fault::{guard, Fault, Outcome};

fn invalid(error: impl std::fmt::Display) -> Fault {
    Fault::new("KEY_EXPR_INVALID", error)
}

/// The longest that zenoh can send: beyond, it panics and takes the link with it.
const LONGEST: usize = 65_535;

pub fn parse(text: &str) -> Outcome<KeyExpr<'static>> {
    if text.len() > LONGEST {
        return Err(invalid(format_args!("{} bytes are too long, {LONGEST} are allowed", text.len())));
    }
    Ok(OwnedKeyExpr::new(text).map_err(invalid)?.into())
}

pub fn keyexpr_canonize(text: &str) -> Outcome<String> {
    guard(|| Ok(OwnedKeyExpr::autocanonize(text.to_owned()).map_err(invalid)?.to_string()))
}

/// `text` as it is, if it is a canonical key expression.
pub fn keyexpr_check(text: &str) -> Outcome<String> {
    guard(|| Ok(parse(text)?.to_string()))
}

pub fn keyexpr_join(left: &str, right: &str) -> Outcome<String> {
    guard(|| Ok(parse(left)?.join(right).map_err(invalid)?.to_string()))
}

pub fn keyexpr_concat(left: &str, right: &str) -> Outcome<String> {
    guard(|| Ok(parse(left)?.concat(right).map_err(invalid)?.to_string()))
}

/// 0 disjoint, 1 intersects, 2 includes, 3 equals.
pub fn keyexpr_relation(left: &str, right: &str) -> Outcome<u8> {
    guard(|| Ok(parse(left)?.relation_to(&parse(right)?) as u8))
}
