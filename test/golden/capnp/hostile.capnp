# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# A field of each kind that a hostile sender can misuse: see test/support/capnp/hostile-cases.ts.
@0xc1d5b0a7e3f24961;

struct Hostile @0xb7c04d1e92a5f386 {
  number @0 :UInt64;
  text @1 :Text;
  data @2 :Data;
  next @3 :Hostile;
  structs @4 :List(Hostile);
  lists @5 :List(List(Hostile));
  texts @6 :List(Text);
  datas @7 :List(Data);
  bools @8 :List(Bool);
  bytes @9 :List(UInt8);
  longs @10 :List(Int64);
  voids @11 :List(Void);
  deep @12 :List(List(List(List(UInt8))));
  any @13 :AnyPointer;
  manyBools @14 :List(List(Bool));
}
