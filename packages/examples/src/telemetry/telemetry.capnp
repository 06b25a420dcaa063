# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# What robots tell of themselves, all the time.
@0xeb90b205811c162f;

using Zenoh = import "/zenoh.capnp";

enum Mode {
  driving @0;
  charging @1;
}

struct Telemetry @0xe1ad5978a9f7f80e $Zenoh.key("fleet/{robot}/telemetry") $Zenoh.priority(dataHigh) {
  # One measurement of a robot. Those that a congested network loses are not missed: the next one comes soon.

  sequence @0 :UInt64;
  # Counts the messages of a robot.

  time @1 :Int64;
  # When it was measured: nanoseconds since 1970-01-01, UTC.

  mode @2 :Mode;

  speed @3 :Float32;
  # m/s

  battery @4 :Float32;
  # Percent.

  temperature @5 :Float32;
  # Of the motors, in degrees Celsius.

  distances @6 :List(Float32);
  # To the nearest obstacle, in metres: one value for each degree, counterclockwise from straight ahead.
}
