@0xd7b1f4a3c0e85a04;
# Type parameters are read as any pointer.

using import "sub/common.capnp".Point;

struct Box(T) {
  # Holds anything.
  value @0 :T;
  # What it holds.
  count @1 :UInt32;

  struct Lid(U) {
    top @0 :T;
    bottom @1 :U;
  }
  lid @2 :Lid(Text);
  union {
    none @3 :Void;
    other @4 :T;
  }
}

struct Map(Key, Value) {
  entries @0 :List(Entry);
  struct Entry {
    key @0 :Key;
    value @1 :Value;
  }
}

struct Shelf {
  point @0 :Box(Point);
  text @1 :Box(Text);
  # Holds a text.
  anything @2 :Box;
  boxes @3 :List(Box(List(Point)));
  index @4 :Map(Text, Box(Data));
  lid @5 :Box(Point).Lid(Data);
}
