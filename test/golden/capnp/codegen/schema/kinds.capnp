@0xd7b1f4a3c0e85a01;
# Every kind of field, with and without a default.

using Common = import "sub/common.capnp";

struct Kinds {
  # One field of each kind.
  #
  # The second paragraph ends a comment */ and goes on.

  nothing @0 :Void;
  bool @1 :Bool;
  # A bit.
  int8 @2 :Int8;
  int16 @3 :Int16;
  int32 @4 :Int32;
  int64 @5 :Int64;
  uInt8 @6 :UInt8;
  uInt16 @7 :UInt16;
  uInt32 @8 :UInt32;
  uInt64 @9 :UInt64;
  float32 @10 :Float32;
  float64 @11 :Float64;
  text @12 :Text;
  data @13 :Data;
  color @14 :Common.Color;
  point @15 :Common.Point;
  any @16 :AnyPointer;
  # Whatever it is.
  anyStruct @17 :AnyStruct;
  anyList @18 :AnyList;
  self @19 :Kinds;

  lists :group {
    voids @20 :List(Void);
    bools @21 :List(Bool);
    int8s @22 :List(Int8);
    int16s @23 :List(Int16);
    int32s @24 :List(Int32);
    int64s @25 :List(Int64);
    uInt8s @26 :List(UInt8);
    uInt16s @27 :List(UInt16);
    uInt32s @28 :List(UInt32);
    uInt64s @29 :List(UInt64);
    float32s @30 :List(Float32);
    float64s @31 :List(Float64);
    texts @32 :List(Text);
    datas @33 :List(Data);
    colors @34 :List(Common.Color);
    points @35 :List(Common.Point);
    # Structs of another file.
    matrix @36 :List(List(Float64));
    colorRows @37 :List(List(Common.Color));
    cubes @38 :List(List(List(Common.Point)));
  }
}

struct Defaults {
  # The same fields, with defaults that are not zero.

  bool @0 :Bool = true;
  int8 @1 :Int8 = -8;
  int16 @2 :Int16 = -1600;
  int32 @3 :Int32 = -320000;
  int64 @4 :Int64 = -9223372036854775808;
  uInt8 @5 :UInt8 = 255;
  uInt16 @6 :UInt16 = 65535;
  uInt32 @7 :UInt32 = 4294967295;
  uInt64 @8 :UInt64 = 18446744073709551615;
  float32 @9 :Float32 = 1.5e-20;
  float64 @10 :Float64 = -2.25e300;
  notANumber @11 :Float32 = nan;
  infinite @12 :Float64 = inf;
  minus @13 :Float64 = -inf;
  text @14 :Text = "it's \"quoted\" \\ and\nbroken \xe2\x80\xae";
  data @15 :Data = 0x"00 ff 10";
  color @16 :Common.Color = blue;
  point @17 :Common.Point = (x = 1, y = -2, label = "default");
  int32s @18 :List(Int32) = [1, -2, 3];
  bools @19 :List(Bool) = [true, false, true];
  texts @20 :List(Text) = ["a", "", "ccc"];
  colors @21 :List(Common.Color) = [green, red];
  points @22 :List(Common.Point) = [(x = 1), (y = 2, label = "second")];
  matrix @23 :List(List(Float64)) = [[1, 2], [], [3]];
  empty @24 :List(Int8) = [];
  zero @25 :Int32 = 0;
}
