// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! Times taken along a message's way: which are asked for, and what came of it, as they cross the border.

use serde_json::json;
use zenoh::timestamp_stack::{
    InstrumentationTimestamp, InterceptionPoint, TimestampInstrumentation, TimestampInstrumentationBuilder,
    TimestampStack,
};

/// Of the settings of one message: the points are in the three bits from here.
pub const POINTS: u32 = 10;

/// Bit 0 send, 1 route, 2 receive, as zenoh has them on the wire; none of them: no instrumentation.
pub fn unpack(points: u32) -> Option<TimestampInstrumentation> {
    let builder = TimestampInstrumentationBuilder::new();
    builder.set_send(points & 1 != 0).set_route(points & 2 != 0).set_receive(points & 4 != 0).build().ok()
}

/// The JSON that `timestamp-stack.ts` reads: the points, then for each record its point and its time, which is a text, or
/// an array of bytes when some node of the way has a clock of its own.
pub fn text(stack: &TimestampStack) -> String {
    let points = [InterceptionPoint::Send, InterceptionPoint::Route, InterceptionPoint::Receive];
    let asked = points.into_iter().filter(|point| stack.instrumentation().is_instrumented(*point));
    let asked: u8 = asked.map(u8::from).sum();
    let records = stack.records().iter().map(|record| {
        let time = match record.timestamp() {
            InstrumentationTimestamp::UHLC(timestamp) => json!(timestamp.to_string()),
            InstrumentationTimestamp::Custom(bytes) => json!(bytes),
        };
        json!([u8::from(record.point()), time])
    });
    json!([asked, records.collect::<Vec<_>>()]).to_string()
}
