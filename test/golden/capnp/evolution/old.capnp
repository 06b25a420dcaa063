# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# A record as it was first written down. new.capnp is what became of it.
@0xbd1f0e5a3c2b4d01;

enum Color {
  red @0;
  green @1;
}

struct Point {
  x @0 :Float64;
  y @1 :Float64;
}

struct Marker {
}

struct Record {
  id @0 :UInt32;
  name @1 :Text;
  origin @2 :Point;
  path @3 :List(Point);
  markers @4 :List(Marker);
  bytes @5 :List(UInt8);
  shorts @6 :List(Int16);
  counts @7 :List(Int32);
  weights @8 :List(Float64);
  names @9 :List(Text);
  blobs @10 :List(Data);
  rows @11 :List(List(Int16));
  points @12 :List(List(Point));
  color @13 :Color;
  speed @14 :Float32;
  note @15 :Text;
  result :union {
    nothing @16 :Void;
    code @17 :UInt16;
  }
}
