@0xd7b1f4a3c0e85a0a;
# How structs travel.

using Zenoh = import "/zenoh.capnp";
using Common = import "sub/common.capnp";

struct Telemetry @0xd7b1f4a3c0e85a1a
    $Zenoh.key("robots/{robot}/telemetry")
    $Zenoh.priority(interactiveHigh)
    $Zenoh.congestionControl(blockFirst)
    $Zenoh.reliability(bestEffort)
    $Zenoh.express(true)
    $Zenoh.packed(true) {
  # What a robot tells.
  speed @0 :Float64;
}

struct Plain @0xd7b1f4a3c0e85a1b $Zenoh.key("all/plain") {
  value @0 :Int32;
}

struct Nested {
  struct Deep $Zenoh.key("nested/{a}/{b}") $Zenoh.packed(false) {
    position @0 :Common.Point;
  }
  deep @0 :Deep;
}
