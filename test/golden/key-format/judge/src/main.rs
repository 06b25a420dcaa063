// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! What zenoh makes of key formats: a line `[format, [[field, value], ...], [key, ...]]` in, its results out.

use std::io::{stdin, BufRead};

use serde_json::{json, Value};
use zenoh_keyexpr::key_expr::format::KeFormat;
use zenoh_keyexpr::{keyexpr, OwnedKeyExpr};

fn main() {
    for line in stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        println!("{}", judged(&case));
    }
}

fn judged(case: &Value) -> Value {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let source = text(&case[0]);
    let Ok(format) = KeFormat::new(&source) else { return json!("invalid") };
    let mut formatter = format.formatter();
    let set = list(&case[1]).iter().all(|pair| formatter.set(&text(&pair[0]), text(&pair[1])).is_ok());
    let formatted = set.then(|| formatter.build().ok()).flatten().map(|key| key.to_string());
    let all = OwnedKeyExpr::try_from(&format).ok().map(|key| key.to_string());
    let parsed = |key: &Value| {
        let key = text(key);
        let parsed = format.parse(keyexpr::new(&key).expect("a key expression")).ok()?;
        Some(parsed.iter().map(|(_, value)| value.map_or("", keyexpr::as_str).to_owned()).collect::<Vec<_>>())
    };
    json!([all, formatted, list(&case[2]).iter().map(parsed).collect::<Vec<_>>()])
}
