# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
# Every kind of field and list, and defaults that use all of their bits.
@0xb8e6a1d04c7f2935;

struct Place {
  x @0 :Int32 = -70000;
  label @1 :Text;
}

struct Kinds {
  int8 @0 :Int8 = -5;
  int16 @1 :Int16 = -300;
  int32 @2 :Int32 = -70000;
  int64 @3 :Int64 = -5000000000;
  uint8 @4 :UInt8 = 200;
  uint16 @5 :UInt16 = 60000;
  uint32 @6 :UInt32 = 4000000000;
  uint64 @7 :UInt64 = 18000000000000000000;
  float32 @8 :Float32 = 1.5;
  float64 @9 :Float64 = -2.25;
  bit @10 :Bool = true;

  text @11 :Text = "by default";
  data @12 :Data = 0x"0102ff";
  numbers @13 :List(UInt16) = [1, 2];
  place @14 :Place = (x = 1, label = "one");
  places @15 :List(Place);
  texts @16 :List(Text);
  datas @17 :List(Data);
  bits @18 :List(Bool);
  nested @19 :List(List(Int32));
  nestedPlaces @20 :List(List(Place));
  child @21 :Kinds;

  int8s @22 :List(Int8);
  uint8s @23 :List(UInt8);
  int16s @24 :List(Int16);
  uint16s @25 :List(UInt16);
  int32s @26 :List(Int32);
  uint32s @27 :List(UInt32);
  int64s @28 :List(Int64);
  uint64s @29 :List(UInt64);
  float32s @30 :List(Float32);
  float64s @31 :List(Float64);
}
