@0xd7b1f4a3c0e85a06;
# Names that mean something in JavaScript, and names that are long.

using Common = import "sub/common.capnp";

struct Words {
  constructor @0 :Text;
  toString @1 :Int32;
  segment @2 :Data;
  byteOffset @3 :UInt32 = 9;
  which @4 :Bool;
  prototype @5 :Int8;
  class @6 :Text;
  delete @7 :Common.Point;
  new @8 :List(Common.Point);
  value @9 :Int32;
  length @10 :Int32;
  this @11 :AnyPointer;
  hasOwnProperty @12 :Bool;
  then @13 :Bool;
  name @14 :Text;
  union {
    codec @15 :Void;
    default @16 :Text;
    topic @17 :List(Text);
  }
  await :group {
    yield @18 :Int8;
  }
}

struct Which {
  # No union: a field may be called so.
  which @0 :Int32;
}

struct Reading {
  # The common file has one as well, and both are used here.
  mine @0 :Common.Reading;
  list @1 :List(Common.Reading);
  own @2 :Reading;
}

struct Number {
  nan @0 :Float64 = nan;
}

struct Uint8Array {
  data @0 :Data = 0x"01";
}

struct Promise {
  string @0 :Text;
}

enum Object {
  constructor @0;
  toString @1;
}

struct LongNameThatMakesItsAccessorsTooLongForOneLine {
  fieldWithADefault @0 :Int32 = 12345;
  fieldOfStructs @1 :List(LongNameThatMakesItsAccessorsTooLongForOneLine);
  theUnion :union {
    theFirstFieldOfTheUnion @2 :Common.Color;
    theSecondFieldOfTheUnion @3 :Common.Color;
  }
}
