# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# A telemetry sample: one field of each kind that a payload adapter has to carry.
@0xd2b1c7a95e4f3608;

enum Health {
  ok @0;
  degraded @1;
  failed @2;
}

struct Position {
  latitude @0 :Float64;
  longitude @1 :Float64;
  altitude @2 :Float32;
}

struct Reading {
  sensor @0 :Text;
  value @1 :Float64;
  health @2 :Health;
}

struct Telemetry @0xa3f0c65b1d2e4897 {
  sequence @0 :UInt64;
  timestamp @1 :Int64;
  temperature @2 :Int16 = -40;
  active @3 :Bool;
  flags @4 :UInt8;
  gain @5 :Float32;
  name @6 :Text;
  frame @7 :Data;
  position @8 :Position;
  readings @9 :List(Reading);
  spectrum @10 :List(Float64);
  tags @11 :List(Text);
  marks @12 :List(Bool);
  health @13 :Health;
  extra :union {
    none @14 :Void;
    error @15 :Text;
    retryAfter @16 :UInt32;
  }
  next @17 :Telemetry;
}

# What senders built before position and readings were added still put on the wire.
struct OldTelemetry {
  sequence @0 :UInt64;
}
