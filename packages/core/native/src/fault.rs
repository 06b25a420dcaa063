// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Errors that cross to C++: a stable code and a text, in one string that `errors.cc` takes apart again.

use std::any::Any;
use std::fmt;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Between code and text; no zenoh message contains it.
const SEPARATOR: char = '\u{1}';

#[derive(Debug, Clone)]
pub struct Fault {
    pub code: &'static str,
    pub text: String,
}

impl Fault {
    pub fn new(code: &'static str, text: impl fmt::Display) -> Self {
        Self { code, text: without_places(&text.to_string()) }
    }

    pub fn closed(what: &str) -> Self {
        Self::new("SESSION_CLOSED", format_args!("this {what} is closed"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{SEPARATOR}{}", self.code, self.text)
    }
}

/// zenoh ends its errors with the source file and line (` at <file>.rs:<line>.`), which tell a user of ours nothing.
fn without_places(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(extension) = rest.find(".rs:") {
        let after = rest[extension + 4..].trim_start_matches(|c: char| c.is_ascii_digit());
        plain.push_str(match rest[..extension].rfind(" at ") {
            Some(place) => &rest[..place],
            None => &rest[..extension],
        });
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    plain.push_str(rest);
    plain
}

pub type Outcome<T> = Result<T, Fault>;

/// Runs the body of an exported function: cxx turns an `Err` into a C++ exception, but would abort on a panic.
pub fn guard<T>(body: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(outcome) => outcome,
        Err(payload) => {
            Err(Fault::new("INTERNAL", format_args!("panic in the native layer: {}", panic_text(payload.as_ref()))))
        }
    }
}

/// As [`guard`], for code that has nobody to report to: zenoh's callbacks and finalizers. The panic hook has printed it.
pub fn contain(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
