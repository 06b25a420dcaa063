# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
@0xa2ab22abd6ffe047;
# Annotations that say how a struct travels over zenoh. capnpc-zenoh, the code generator of @zenoh-segments/capnp, makes
# typed publishers, subscribers, queryables and gets of them:
#
#     using Zenoh = import "/zenoh.capnp";
#
#     struct Telemetry $Zenoh.key("robots/{robot}/telemetry") $Zenoh.priority(interactiveHigh) {
#       speed @0 :Float64;
#     }
#
# Compile with `-I node_modules/@zenoh-segments/capnp`. Other code generators skip these annotations.

annotation key @0xfc058ad4859155d5 (struct) :Text;
# The key expression that messages of this struct are published on. A chunk `{name}` is a parameter: whoever publishes
# fills it in, whoever subscribes may leave it out and then gets all of them. The annotations below need this one.

annotation priority @0x8294707ad060c108 (struct) :Priority;
# Which messages go first when a link is busy; `data` unless given.

annotation congestionControl @0xfcd05f50e0014f14 (struct) :CongestionControl;
# What a node does with a message when its queue is full; zenoh's default unless given.

annotation reliability @0xdc6f11ead0f9a96e (struct) :Reliability;
# Whether messages are resent when the network loses them; `reliable` unless given.

annotation express @0x8467fd67150589d6 (struct) :Bool;
# True: each message is sent at once, and never waits to share a batch with others.

annotation packed @0xf78c4f2d14e299d1 (struct) :Bool;
# True: messages are sent in the packed encoding, which saves bytes where many are zero, and copies.

enum Priority @0xc8b5ded26fae1032 {
  realTime @0;
  interactiveHigh @1;
  interactiveLow @2;
  dataHigh @3;
  data @4;
  dataLow @5;
  background @6;
}

enum CongestionControl @0xff26707bbf924157 {
  drop @0;
  # The message may be dropped.
  block @1;
  # The publisher waits for room.
  blockFirst @2;
  # The publisher waits for room for the first such message, and drops those that come meanwhile.
}

enum Reliability @0xfb1c5d21aa06c0fb {
  bestEffort @0;
  reliable @1;
}
