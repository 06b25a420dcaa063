# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# The record of old.capnp after every change that https://capnproto.org/language.html#evolving-your-protocol allows:
# enumerants, fields and members of a union were added, a field went into a group and another into a union, and lists
# became lists of structs.
@0xbd1f0e5a3c2b4d02;

enum Color {
  red @0;
  green @1;
  blue @2;
}

struct Point {
  x @0 :Float64;
  y @1 :Float64;
  z @2 :Float64 = 1.5;
  label @3 :Text;
}

struct Marker {
  kind @0 :UInt8 = 3;
  text @1 :Text;
}

struct Byte {
  value @0 :UInt8;
  note @1 :Text;
}

struct Short {
  value @0 :Int16;
  more @1 :UInt64;
}

struct Count {
  value @0 :Int32;
  factor @1 :Int32 = 10;
}

struct Weight {
  value @0 :Float64;
  unit @1 :Text = "kg";
}

struct Name {
  name @0 :Text;
  alias @1 :Text;
  rank @2 :UInt8;
}

struct Blob {
  blob @0 :Data;
}

struct Row {
  values @0 :List(Int16);
  title @1 :Text = "row";
}

struct Group {
  points @0 :List(Point);
  closed @1 :Bool;
}

struct Record {
  id @0 :UInt32;
  name @1 :Text;
  origin @2 :Point;
  path @3 :List(Point);
  markers @4 :List(Marker);
  bytes @5 :List(Byte);
  shorts @6 :List(Short);
  counts @7 :List(Count);
  weights @8 :List(Weight);
  names @9 :List(Name);
  blobs @10 :List(Blob);
  rows @11 :List(Row);
  points @12 :List(Group);
  color @13 :Color;
  motion :group {
    speed @14 :Float32;
    heading @18 :Float32 = 90;
  }
  remark :union {
    note @15 :Text;
    rating @19 :UInt8;
  }
  result :union {
    nothing @16 :Void;
    code @17 :UInt16;
    failure @20 :Text;
  }
  retries @21 :Int16 = -7;
  enabled @22 :Bool = true;
  title @23 :Text = "untitled";
  scale @24 :List(Int32) = [1, 2, 3];
  target @25 :Point = (x = 1, y = 2);
  raw @26 :Data = 0x"0a0b";
  serial @27 :UInt64 = 18446744073709551614;
}
